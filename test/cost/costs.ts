import type { Actions, Size } from './actions.ts';
import {
  type Script,
  bookedToCompleted,
  cancelledAndOffered,
  cancelledByStaff,
  confirmedAfterOneNudge,
  heldAndReleased,
  movedByPatient,
  neverAnswered,
  offeredInWaves,
  refused,
} from './lives.ts';

/** Compared exactly: what is not named is 0. */
export interface Cost {
  actions: Partial<Actions>;
  /** Those to the database, without `begin` and `commit`; the API's include three receipts for each text. */
  statements: { api: number; worker: number };
}

export interface PricedLife extends Cost {
  script: Script;
  /** How tasks happen to batch makes a few events more or less, so size is only bounded. */
  atMost: Partial<Size> & { actions: number };
}

/** What each life costs. A new number here is a decision: say in the commit what is bought with it. */
export const costs: Record<string, PricedLife> = {
  'booked, told, reminded twice, completed': {
    script: bookedToCompleted,
    actions: { start: 1, update: 1, activity: 3, timer: 3, upsert: 1, localActivities: 2 },
    statements: { api: 75, worker: 71 },
    atMost: { actions: 11, events: 58, workflowTasks: 10, bytes: 10_240 },
  },
  'pre-reserved, asked, nudged once, confirmed, reminded twice, completed': {
    script: confirmedAfterOneNudge,
    actions: { start: 1, update: 2, activity: 5, timer: 5, upsert: 2, localActivities: 3 },
    statements: { api: 121, worker: 115 },
    atMost: { actions: 18, events: 80, workflowTasks: 13, bytes: 14_336 },
  },
  'pre-reserved, nudged twice, never answered, expired': {
    script: neverAnswered,
    // One activity more than its messages: the time that becomes free is an opening, which is told.
    actions: { start: 1, update: 1, activity: 5, timer: 3, upsert: 1, localActivities: 2 },
    statements: { api: 96, worker: 114 },
    atMost: { actions: 13, events: 62, workflowTasks: 10, bytes: 10_752 },
  },
  'a cancel by staff, on top': {
    script: cancelledByStaff,
    actions: { update: 1, activity: 1, upsert: 1, localActivities: 1 },
    statements: { api: 25, worker: 25 },
    atMost: { actions: 5 },
  },
  'a move by the patient, on top': {
    script: movedByPatient,
    actions: { update: 1, activity: 1, timer: 1, upsert: 1, localActivities: 1 },
    statements: { api: 25, worker: 33 },
    atMost: { actions: 6 },
  },
  'a cancel by staff, of a time that is offered then, on top': {
    script: cancelledAndOffered,
    actions: { update: 1, activity: 2, upsert: 1, localActivities: 1 },
    statements: { api: 25, worker: 47 },
    atMost: { actions: 5 },
  },
  'an opening, 20 asked in 4 waves, 3 answers, 1 winner': {
    script: offeredInWaves,
    actions: { start: 1, signal: 4, activity: 6, timer: 4, upsert: 1, localActivities: 7 },
    statements: { api: 814, worker: 829 },
    atMost: { actions: 25 },
  },
  'held without a patient and released': {
    script: heldAndReleased,
    actions: { start: 1, update: 2, timer: 1, upsert: 1, localActivities: 2 },
    statements: { api: 18, worker: 14 },
    atMost: { actions: 8 },
  },
  'a reservation refused because its lease had lapsed': {
    script: refused,
    actions: { start: 1, update: 1, localActivities: 1 },
    statements: { api: 0, worker: 10 },
    atMost: { actions: 3, events: 15 },
  },
};
