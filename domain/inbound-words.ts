export type InboundWord = 'optOut' | 'optIn' | 'help';

/** Words that mean something alone in a message; the carriers' own act at the carrier as well. */
const words: Record<InboundWord, Record<string, string>> = {
  optOut: {
    carriers: 'STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT',
    fi: 'LOPETA SEIS',
    sv: 'STOPP SLUTA AVREGISTRERA',
    de: 'STOPP ABMELDEN ABBESTELLEN',
    it: 'BASTA FERMA DISISCRIVI',
  },
  optIn: { carriers: 'START YES UNSTOP', fi: 'ALOITA', sv: 'STARTA', de: 'ANMELDEN', it: 'INIZIA' },
  help: { carriers: 'HELP INFO' },
};

const meanings = new Map(
  Object.entries(words).flatMap(([meaning, lists]) =>
    Object.values(lists).flatMap((list) => list.split(' ').map((word) => [word, meaning as InboundWord] as const)),
  ),
);

/** What the message means where nothing but such a word stands in it, in any case and with or without punctuation. */
export function wordAlone(text: string): InboundWord | null {
  return meanings.get(bareWord(text)) ?? null;
}

function bareWord(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .replace(/(?<=^STOP|^OPT)[\s-]+(?=ALL$|OUT$)/u, '');
}

const carriers = new Set(Object.values(words).flatMap((lists) => (lists['carriers'] ?? '').split(' ')));

/** Whether the carrier acts on the text by itself and says so to whoever wrote it: then we do not say it again. */
export function isCarriersWord(text: string, carrierSays: InboundWord | null): boolean {
  return carrierSays !== null || carriers.has(bareWord(text));
}

/** Whether the text is a start word and nothing else: a question mark or a picture may well turn it around. */
export function isStartWord(text: string): boolean {
  return wordAlone(text) === 'optIn' && !/[?？¿؟‽/]|\p{Extended_Pictographic}/u.test(text);
}

/** What the carrier says of the text, which it has already done to the pair of numbers, and whether the phone opted out. */
export interface Carriage {
  carrierSays: InboundWord | null;
  hasOptedOut: boolean;
}

/** The stop, start or help word that the text is; null for all else, also for a start word of a phone that never opted out. */
export function commandIn(
  text: string,
  { carrierSays, hasOptedOut }: Carriage,
): { as: InboundWord; why: string } | null {
  const word = carrierSays ?? wordAlone(text);
  if (word === null) return null;
  if (word === 'optIn' && !(hasOptedOut && (carrierSays || isStartWord(text)))) return null;
  return { as: word, why: carrierSays ? `the carrier took it as ${word}` : `${word} word alone` };
}
