export type Channel = 'text' | 'mail';

/** What a number or address can be told to do; `argument` stands behind the colon, `ending` is four reserved digits. */
interface OutcomeRule {
  /** What then happens to a text, and to a mail; left out where there is no such thing. */
  text?: string;
  mail?: string;
  argument?: 'code' | 'times' | 'seconds';
  ending?: string;
  /** The word in full, where it has an argument. */
  example?: string | Record<Channel, string>;
}

export const outcomeRules = {
  delivered: {
    text: 'Accepted, sent, delivered: how a number behaves unless told otherwise.',
    mail: 'Processed and delivered: how an address behaves unless told otherwise.',
  },
  undelivered: {
    text: 'Accepted and sent, then the receipt says that it did not arrive.',
    mail: 'Processed, then turned away by the mailbox: with 5.x.x a bounce, with 4.x.x a block.',
    argument: 'code',
    ending: '9901',
    example: { text: 'undelivered:30003', mail: 'undelivered:5.1.1' },
  },
  optedOut: {
    text: 'Refused with 21610: this person wrote STOP.',
    mail: 'Accepted, then dropped: this person has unsubscribed.',
    ending: '9902',
  },
  invalid: {
    text: 'Refused with 21211: not a number that can be texted.',
    mail: 'Accepted, then dropped: not an address that can be written to.',
    ending: '9903',
  },
  rateLimited: {
    text: 'The first sends are refused with 429, the next ones go through.',
    mail: 'The first sends are refused with 429, the next ones go through.',
    argument: 'times',
    ending: '9904',
    example: 'rateLimited:2',
  },
  acceptThenTimeout: {
    text: 'Accepted and delivered, but the request is never answered.',
    mail: 'Accepted and delivered, but the request is never answered.',
    ending: '9905',
  },
  errorButSent: {
    text: 'Answered with 500, and delivered all the same.',
    mail: 'Answered with 500, and delivered all the same.',
    ending: '9906',
  },
  errorNotSent: {
    text: 'The first sends are answered with 500 and go nowhere, the next ones go through.',
    mail: 'The first sends are answered with 500 and go nowhere, the next ones go through.',
    argument: 'times',
    ending: '9907',
    example: 'errorNotSent:1',
  },
  noReceipt: {
    text: 'Sent, and then never heard of again.',
    mail: 'Processed, and then never heard of again.',
    ending: '9908',
  },
  duplicateReceipts: {
    text: 'Delivered; every receipt comes twice.',
    mail: 'Delivered; every event comes twice.',
    ending: '9909',
  },
  reversedReceipts: {
    text: 'Delivered; the receipts come in reverse order.',
    mail: 'Delivered; the events come in reverse order.',
    ending: '9910',
  },
  deferred: { mail: 'Turned away for the moment, delivered at the second try.', ending: '9911' },
  sentBack: { mail: 'Delivered to the first server, and sent back by the one behind it.', ending: '9912' },
  late: {
    text: 'Waits for so many seconds before it is sent; not sent at all (30036) where its validity is over by then.',
    argument: 'seconds',
    ending: '9913',
    example: 'late:60',
  },
} as const satisfies Record<string, OutcomeRule>;

export type OutcomeKind = keyof typeof outcomeRules;

/** `argument` is the code of `undelivered`, the number of times of the limited ones, the seconds of `late`, and null elsewhere. */
export interface Outcome {
  kind: OutcomeKind;
  argument: string | null;
}

/** A sender whose number ends like this is not ours: 21606. */
export const foreignSenderEnding = '9920';

const delivered: Outcome = { kind: 'delivered', argument: null };
const argumentShapes = {
  times: { text: /^[1-9]\d{0,2}$/, mail: /^[1-9]\d{0,2}$/ },
  seconds: { text: /^[1-9]\d{0,4}$/, mail: /^[1-9]\d{0,4}$/ },
  code: { text: /^[1-9]\d{4}$/, mail: /^[45]\.\d\.\d{1,3}$/ },
};

export const outcomeKinds = Object.keys(outcomeRules) as OutcomeKind[];

/** An address has an @, a number never. */
export function channelOf(recipient: string): Channel {
  return recipient.includes('@') ? 'mail' : 'text';
}

export function outcomeKindsOf(channel: Channel): OutcomeKind[] {
  return outcomeKinds.filter((kind) => describeOutcome(kind, channel) !== undefined);
}

/** What happens to a text or a mail whose recipient is told so; nothing where there is no such thing. */
export function describeOutcome(kind: OutcomeKind, channel: Channel): string | undefined {
  const rule: OutcomeRule = outcomeRules[kind];
  return rule[channel];
}

export function outcomeWord(kind: OutcomeKind, channel: Channel): string {
  const { example = kind }: OutcomeRule = outcomeRules[kind];
  return typeof example === 'string' ? example : example[channel];
}

/** Null when it is none of the outcomes, or its argument is missing, superfluous or senseless. */
export function parseOutcome(text: string, channel: Channel): Outcome | null {
  const [word = '', argument, ...rest] = text.split(':');
  const kind = outcomeKindsOf(channel).find((each) => each === word);
  if (!kind || rest.length > 0) return null;
  const rule: OutcomeRule = outcomeRules[kind];
  if (!rule.argument) return argument === undefined ? { kind, argument: null } : null;
  return argument !== undefined && argumentShapes[rule.argument][channel].test(argument) ? { kind, argument } : null;
}

export function formatOutcome(outcome: Outcome): string {
  return outcome.argument === null ? outcome.kind : `${outcome.kind}:${outcome.argument}`;
}

/** The outcome that the last four digits of a number, or of what stands before an @, are reserved for. */
export function reservedOutcome(recipient: string): Outcome | null {
  const ending = recipient.replace(/@.*$/, '').slice(-4);
  const kind = outcomeKinds.find((each) => endingOf(each) === ending);
  const channel = channelOf(recipient);
  return kind ? parseOutcome(outcomeWord(kind, channel), channel) : null;
}

export function endingOf(kind: OutcomeKind): string | undefined {
  const rule: OutcomeRule = outcomeRules[kind];
  return rule.ending;
}

export type Behaviours = ReturnType<typeof createBehaviours>;

/** What each number or address does next: as it was told, else as its ending says, else it delivers. */
export function createBehaviours() {
  const told = new Map<string, Outcome>();
  const spent = new Map<string, number>();
  const keyOf = (recipient: string): string => recipient.trim().toLowerCase();
  const of = (recipient: string): Outcome => told.get(keyOf(recipient)) ?? reservedOutcome(recipient) ?? delivered;
  return {
    of,
    tell(recipient: string, outcome: Outcome): void {
      told.set(keyOf(recipient), outcome);
      spent.delete(keyOf(recipient));
    },
    /** The outcome of one send; uses up one of the times of a limited outcome. */
    take(recipient: string): Outcome {
      const outcome = of(recipient);
      if (outcome.kind !== 'rateLimited' && outcome.kind !== 'errorNotSent') return outcome;
      const times = spent.get(keyOf(recipient)) ?? 0;
      if (times >= Number(outcome.argument)) return delivered;
      spent.set(keyOf(recipient), times + 1);
      return outcome;
    },
    forget(): void {
      told.clear();
      spent.clear();
    },
  };
}
