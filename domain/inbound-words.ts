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
  const bare = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  return meanings.get(bare.replace(/(?<=^STOP|^OPT)[\s-]+(?=ALL$|OUT$)/u, '')) ?? null;
}

export type Understanding = { as: InboundWord | 'staff'; why: string };

/**
 * How an inbound text is taken. `carrierSays` is the carrier's own reading, which has already acted on the pair of
 * numbers. A START word from somebody who never opted out is an answer to something, and that is for staff to read.
 */
export function understandText(
  text: string,
  { carrierSays, hasOptedOut }: { carrierSays: InboundWord | null; hasOptedOut: boolean },
): Understanding {
  const word = carrierSays ?? wordAlone(text);
  if (word === 'optIn' && !hasOptedOut) return { as: 'staff', why: 'a start word, but this phone had not opted out' };
  if (word !== null) return { as: word, why: carrierSays ? `the carrier took it as ${word}` : `${word} word alone` };
  return { as: 'staff', why: text.trim() === '' ? 'no text' : 'free text' };
}
