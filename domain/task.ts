/**
 * Why staff are asked to look: a text that is unclear or could not be followed, a message that did not arrive, a reminder that was not sent,
 * a visit on a day that is closed now, messages that a cap held back, a cancel or an answer that came too late,
 * an opening that nobody took.
 */
export const taskKinds = [
  'inboundText',
  'undeliverable',
  'missedMessage',
  'optOutWithVisit',
  'unknownOutcome',
  'closedDay',
  'heldBack',
  'lateCancel',
  'lateAnswer',
  'openingUnfilled',
] as const;
export type TaskKind = (typeof taskKinds)[number];

export const taskStatuses = ['open', 'resolved'] as const;
