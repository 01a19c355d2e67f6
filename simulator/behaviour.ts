/** What a number can be told to do; `argument` is what stands behind the colon, `ending` the reserved last four digits. */
interface OutcomeRule {
  says: string;
  argument?: 'error code' | 'times';
  ending?: string;
  example?: string;
}

export const outcomeRules = {
  delivered: { says: 'Accepted, sent, delivered: how a number behaves unless told otherwise.' },
  undelivered: {
    says: 'Accepted and sent, then the receipt says that it did not arrive.',
    argument: 'error code',
    ending: '9901',
    example: 'undelivered:30003',
  },
  optedOut: { says: 'Refused with 21610: this person wrote STOP.', ending: '9902' },
  invalid: { says: 'Refused with 21211: not a number that can be texted.', ending: '9903' },
  rateLimited: {
    says: 'The first sends are refused with 429, the next ones go through.',
    argument: 'times',
    ending: '9904',
    example: 'rateLimited:2',
  },
  acceptThenTimeout: { says: 'Accepted and delivered, but the request is never answered.', ending: '9905' },
  errorButSent: { says: 'Answered with 500, and delivered all the same.', ending: '9906' },
  errorNotSent: {
    says: 'The first sends are answered with 500 and go nowhere, the next ones go through.',
    argument: 'times',
    ending: '9907',
    example: 'errorNotSent:1',
  },
  noReceipt: { says: 'Sent, and then never heard of again.', ending: '9908' },
  duplicateReceipts: { says: 'Delivered; every receipt comes twice.', ending: '9909' },
  reversedReceipts: { says: 'Delivered; the receipts come in reverse order.', ending: '9910' },
} as const satisfies Record<string, OutcomeRule>;

export type OutcomeKind = keyof typeof outcomeRules;

/** `argument` is the error code of `undelivered`, the number of times of the limited ones, and null elsewhere. */
export interface Outcome {
  kind: OutcomeKind;
  argument: number | null;
}

/** A sender whose number ends like this is not ours: 21606. */
export const foreignSenderEnding = '9920';

const delivered: Outcome = { kind: 'delivered', argument: null };

export function outcomeWord(kind: OutcomeKind): string {
  const rule: OutcomeRule = outcomeRules[kind];
  return rule.example ?? kind;
}

/** Null when it is none of the outcomes, or its number is missing, superfluous or senseless. */
export function parseOutcome(text: string): Outcome | null {
  const [kind = '', argument, ...rest] = text.split(':');
  if (!isOutcomeKind(kind) || rest.length > 0) return null;
  const rule: OutcomeRule = outcomeRules[kind];
  if (!rule.argument) return argument === undefined ? { kind, argument: null } : null;
  const shape = rule.argument === 'error code' ? /^[1-9]\d{4}$/ : /^[1-9]\d{0,2}$/;
  return argument !== undefined && shape.test(argument) ? { kind, argument: Number(argument) } : null;
}

export function formatOutcome(outcome: Outcome): string {
  return outcome.argument === null ? outcome.kind : `${outcome.kind}:${outcome.argument}`;
}

/** The outcome that a number's last four digits stand for. */
export function reservedOutcome(phone: string): Outcome | null {
  const kind = outcomeKinds.find((each) => endingOf(each) === phone.slice(-4));
  return kind ? parseOutcome(outcomeWord(kind)) : null;
}

export const outcomeKinds = Object.keys(outcomeRules) as OutcomeKind[];

export function endingOf(kind: OutcomeKind): string | undefined {
  const rule: OutcomeRule = outcomeRules[kind];
  return rule.ending;
}

function isOutcomeKind(kind: string): kind is OutcomeKind {
  return Object.hasOwn(outcomeRules, kind);
}

export type Behaviours = ReturnType<typeof createBehaviours>;

/** What each number does next: as it was told, else as its ending says, else it delivers. */
export function createBehaviours() {
  const told = new Map<string, Outcome>();
  const spent = new Map<string, number>();
  const of = (phone: string): Outcome => told.get(phone) ?? reservedOutcome(phone) ?? delivered;
  return {
    of,
    tell(phone: string, outcome: Outcome): void {
      told.set(phone, outcome);
      spent.delete(phone);
    },
    /** The outcome of one send; uses up one of the times of a limited outcome. */
    take(phone: string): Outcome {
      const outcome = of(phone);
      if (outcome.kind !== 'rateLimited' && outcome.kind !== 'errorNotSent') return outcome;
      const times = spent.get(phone) ?? 0;
      if (times >= (outcome.argument ?? 0)) return delivered;
      spent.set(phone, times + 1);
      return outcome;
    },
    forget(): void {
      told.clear();
      spent.clear();
    },
  };
}
