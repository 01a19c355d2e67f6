import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import type { Schedule, VisitType } from '../../../domain/catalogue.ts';
import { addDays, atLocal, localDate } from '../../../domain/clinic-time.ts';
import { type ProviderId, type VisitTypeId, asId } from '../../../domain/ids.ts';
import { type Interval, MINUTE } from '../../../domain/interval.ts';
import { type ClinicPolicy, type QuietHours, type ReminderRule, resolvePolicy } from '../../../domain/policy.ts';
import { type TestClinic, addClinic } from '../../support/clinic.ts';

export const DAY_MINUTES = 24 * 60;

/** The clinic that a life is lived in, which is its own. */
export interface WorldWish {
  timeZone: string;
  quietHours: QuietHours | null;
  cutoffMinutes: number;
  holdMinutes: number;
  closeAfterDays: number;
  rules: number;
  /** What only staff may do. */
  locks: 'none' | 'both' | 'cancel' | 'move';
  /** The visit type's own, in place of the clinic's. */
  typeCutoffMinutes: number | null;
  buffers: [before: number, after: number];
  hasMobile: boolean;
}

export const worldWish: fc.Arbitrary<WorldWish> = fc.record({
  timeZone: fc.constantFrom('Europe/Helsinki', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland'),
  quietHours: fc.constantFrom(null, { from: '21:00', to: '08:00' }, { from: '12:30', to: '14:00' }),
  cutoffMinutes: fc.constantFrom(DAY_MINUTES, DAY_MINUTES, 0, 120, 2 * DAY_MINUTES),
  holdMinutes: fc.constantFrom(10, 2, 30),
  closeAfterDays: fc.constantFrom(7, 1),
  rules: fc.nat({ max: 4 }),
  locks: fc.constantFrom('none', 'none', 'none', 'none', 'none', 'none', 'both', 'both', 'cancel', 'move'),
  typeCutoffMinutes: fc.constantFrom(null, null, null, null, 60, 3 * DAY_MINUTES),
  buffers: fc.constantFrom<[number, number]>([0, 0], [5, 10]),
  hasMobile: fc.constantFrom(true, true, true, true, false),
});

type Cutoffs = ClinicPolicy['cutoffs'];

const sms: ReminderRule['channels'] = ['sms'];
const ruleSets: (ReminderRule[] | null)[] = [
  null,
  [],
  [
    { id: 'sms-2d', before: '2d', at: '22:30', channels: sms },
    { id: 'sms-26h', before: '26h', channels: sms, onlyIfMissed: 'sms-2d' },
    { id: 'sms-3h', before: '3h', channels: ['email', 'sms'] },
  ],
  [
    { id: 'sms-9d', before: '9d', channels: sms },
    { id: 'sms-2d', before: '2d', at: '09:00', channels: sms },
  ],
  [
    { id: 'sms-30h', before: '30h', channels: sms },
    { id: 'mail-3d', before: '3d', channels: ['email'] },
  ],
];

/** What is fixed for a life, but for the rules, which may be changed. */
export interface World {
  clinic: TestClinic;
  zone: string;
  policy: ClinicPolicy;
  visitType: VisitType;
  schedule: Schedule;
  /** The first two offer the visit type, the third one does not. */
  providers: [own: ProviderId, other: ProviderId, elsewhere: ProviderId];
  /** Occupied at each of the two by somebody else. */
  taken: Interval;
  /** The patient has another visit then, with the third. */
  busy: Interval;
  hasMobile: boolean;
}

const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opensAt: '08:00', closesAt: '20:00' }));

/** Sets up the clinic. `sql` is the database owner's. */
export async function setUpWorld(sql: postgres.Sql, adminUrl: string, wish: WorldWish): Promise<World> {
  const { timeZone: zone, quietHours, holdMinutes, closeAfterDays, hasMobile } = wish;
  const caps = { messagesPerRecipientAndHour: 100 };
  const stored = { quietHours, holdMinutes, closeAfterDays, caps, cutoffs: cutoffsOf(wish) };
  const clinic = await addClinic(adminUrl, { timeZone: zone, policy: stored });
  const visitType = visitTypeOf(clinic, wish);
  const elsewhere = asId<ProviderId>(randomUUID());
  const providers: World['providers'] = [clinic.providerId, clinic.otherProviderId, elsewhere];
  const [taken, busy] = [5, 6].map((days) => noonIn(days, zone)) as [Interval, Interval];
  const world = {
    clinic,
    zone,
    providers,
    visitType,
    taken,
    busy,
    hasMobile,
    schedule: { hours: week, exceptions: [] },
  };
  await furnish(sql, world, wish);
  return { ...world, policy: resolvePolicy(stored, visitType) };
}

async function furnish(sql: postgres.Sql, world: Omit<World, 'policy'>, wish: WorldWish): Promise<void> {
  const { clinicId, patientId } = world.clinic;
  const [before, after] = wish.buffers;
  const [own, other, elsewhere] = world.providers;
  const { selfService, cutoffs } = world.visitType;
  await sql`update visit_types set buffer_before_minutes = ${before}, buffer_after_minutes = ${after},
    self_service_cancel = ${selfService.cancel}, self_service_move = ${selfService.move},
    cancel_cutoff_minutes = ${cutoffs?.cancelMinutes ?? null}, move_cutoff_minutes = ${cutoffs?.moveMinutes ?? null},
    reminder_rules = ${rulesJson(sql, wish.rules)} where clinic_id = ${clinicId}`;
  await sql`insert into providers (clinic_id, id, name) values (${clinicId}, ${elsewhere}, 'Elsewhere')`;
  if (!wish.hasMobile) await sql`update patients set mobile = null where clinic_id = ${clinicId} and id = ${patientId}`;
  const { start, end } = world.taken;
  for (const providerId of [own, other]) {
    await sql`insert into occupancies (clinic_id, provider_id, owner_id, during)
      values (${clinicId}, ${providerId}, ${randomUUID()}, tstzrange(${new Date(start)}, ${new Date(end)}))`;
  }
  const busy = [new Date(world.busy.start), new Date(world.busy.end)] as const;
  await sql`insert into appointments (clinic_id, id, status, patient_id, provider_id, visit_type_id, starts_at, ends_at,
      confirm_by, version, revision, plan, settled_at, created_at, updated_at)
    values (${clinicId}, ${randomUUID()}, 'held', ${patientId}, ${elsewhere}, ${world.visitType.id}, ${busy[0]}, ${busy[1]},
      ${busy[0]}, 1, 1, '[]', now(), now(), now())`;
}

/** The clinic has other rules from now on. */
export async function changeRules(
  sql: postgres.Sql,
  world: World,
  wish: Pick<WorldWish, 'rules' | 'cutoffMinutes'>,
): Promise<World> {
  const { clinicId } = world.clinic;
  const cutoffs = cutoffsOf(wish);
  await sql`update clinics set policy = policy || ${sql.json({ cutoffs })} where clinic_id = ${clinicId}`;
  await sql`update visit_types set reminder_rules = ${rulesJson(sql, wish.rules)} where clinic_id = ${clinicId}`;
  const { reminderRules, cutoffs: resolved } = resolvePolicy(
    { cutoffs },
    { ...world.visitType, reminderRules: ruleSets[wish.rules] ?? null },
  );
  return { ...world, policy: { ...world.policy, reminderRules, cutoffs: resolved } };
}

function rulesJson(sql: postgres.Sql, index: number) {
  const rules = ruleSets[index] ?? null;
  return rules && sql.json(rules);
}

function cutoffsOf({ cutoffMinutes }: Pick<WorldWish, 'cutoffMinutes'>): Cutoffs {
  return { cancelMinutes: cutoffMinutes, moveMinutes: cutoffMinutes };
}

function visitTypeOf(clinic: TestClinic, { locks, typeCutoffMinutes, buffers, rules }: WorldWish): VisitType {
  const isLocked = locks === 'both';
  const id: VisitTypeId = isLocked ? clinic.lockedVisitTypeId : clinic.visitTypeId;
  const ruleFor = (action: 'cancel' | 'move') => (isLocked || locks === action ? 'staffOnly' : 'allowed');
  return {
    id,
    names: {},
    durationMinutes: isLocked ? 45 : 30,
    bufferBeforeMinutes: buffers[0],
    bufferAfterMinutes: buffers[1],
    gridMinutes: 15,
    minimumNoticeMinutes: 120,
    horizonDays: 180,
    selfService: { cancel: ruleFor('cancel'), move: ruleFor('move') },
    cutoffs: typeCutoffMinutes === null ? null : cutoffsOf({ cutoffMinutes: typeCutoffMinutes }),
    backfill: true,
    reminderRules: ruleSets[rules] ?? null,
  };
}

function noonIn(days: number, zone: string): Interval {
  const start = atLocal(addDays(localDate(Date.now(), zone), days), '12:00', zone).instant;
  return { start, end: start + 60 * MINUTE };
}
