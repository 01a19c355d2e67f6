import type { Act, Life, RequestWish, ReservationWish } from './commands.ts';
import type { TimeWish } from './times.ts';
import { DAY_MINUTES, type WorldWish } from './world.ts';

const world: WorldWish = {
  timeZone: 'Europe/Helsinki',
  quietHours: null,
  cutoffMinutes: DAY_MINUTES,
  holdMinutes: 10,
  closeAfterDays: 7,
  rules: 0,
  locks: 'none',
  typeCutoffMinutes: null,
  buffers: [0, 0],
  hasMobile: true,
};

const farAhead: TimeWish = { at: 'free', days: 30, slot: 8 };
const tomorrow: TimeWish = { at: 'free', days: 1, slot: 16 };
const offTheGrid: TimeWish = { at: 'any', minutes: 20 * DAY_MINUTES, milliseconds: 1 };
const tooSoonToAsk: TimeWish = { at: 'any', minutes: 600, milliseconds: 0 };

const reservation: ReservationWish = {
  mode: 'book',
  actor: 'staff',
  withPatient: true,
  time: farAhead,
  notify: true,
  allowPatientOverlap: false,
  confirmWithin: null,
};

const wish = { reason: true, notify: true, remind: true, allowPatientOverlap: false };
const byPatient = { ...wish, actor: 'patient' } as const;
const byStaff = { ...wish, actor: 'staff' } as const;

const ask = (request: RequestWish): Act => ({ act: 'ask', requests: [request], hurried: false });
const moveTo = (time: TimeWish) => ({ action: 'move', provider: 'same', time }) as const;
const shortlyAfter = (moment: 'confirmBy' | 'start'): Act => ({ act: 'waitFor', moment, offset: 60_000 });

interface Making {
  world?: Partial<WorldWish>;
  reservation?: Partial<ReservationWish>;
  acts?: Act[];
}

function lifeWith({ world: rules, reservation: wanted, acts = [] }: Making): Life {
  const toTheEnd = true;
  return { world: { ...world, ...rules }, reservation: { ...reservation, ...wanted }, acts, toTheEnd };
}

/** Lives that bring about, at any hour, what chance may not. */
export const made: Life[] = [
  lifeWith({
    world: { cutoffMinutes: 2 * DAY_MINUTES },
    reservation: { time: tomorrow },
    acts: [
      ask({ ...byPatient, action: 'cancel' }),
      ask({ ...byPatient, ...moveTo(farAhead) }),
      ask({ ...byStaff, action: 'cancel', reason: false }),
      ask({ ...byStaff, ...moveTo({ at: 'taken', shift: 0 }) }),
      ask({ ...byStaff, ...moveTo({ at: 'busy', shift: 0 }) }),
      shortlyAfter('start'),
      ask({ ...byStaff, action: 'noShow' }),
      ask({ ...byStaff, action: 'cancel' }),
    ],
  }),
  lifeWith({
    world: { locks: 'cancel' },
    acts: [
      ask({ ...byPatient, action: 'cancel' }),
      ask({ ...byPatient, ...moveTo(offTheGrid) }),
      shortlyAfter('start'),
      ask({ ...byStaff, action: 'complete' }),
    ],
  }),
  lifeWith({ reservation: { mode: 'hold' }, acts: [ask({ ...byStaff, action: 'release', isHolder: true })] }),
  lifeWith({
    reservation: { mode: 'preReserve' },
    acts: [
      ask({ ...byStaff, action: 'extend', within: 20 * DAY_MINUTES }),
      shortlyAfter('confirmBy'),
      ask({ ...byPatient, action: 'confirm', patient: 'own' }),
    ],
  }),
  lifeWith({ reservation: { mode: 'preReserve', time: tooSoonToAsk } }),
  lifeWith({ world: { hasMobile: false } }),
];
