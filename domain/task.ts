/** Why staff are asked to look: an unclear text, a message that did not arrive, a reminder that was not sent. */
export const taskKinds = [
  'inboundText',
  'undeliverable',
  'missedMessage',
  'optOutWithVisit',
  'unknownOutcome',
  'closedDay',
] as const;
export type TaskKind = (typeof taskKinds)[number];

export const taskStatuses = ['open', 'resolved'] as const;
