import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { appointmentActivities } from '../../activities/appointment.ts';
import type { ChangeCommand } from '../../db/commands/appointments/change.ts';
import { inClinic, openDatabase } from '../../db/client.ts';
import { leaseTime } from '../../db/commands/occupancies/lease.ts';
import { type AppointmentId, type RequestId, asId } from '../../domain/ids.ts';
import { ELAPSED_DAY, HOUR } from '../../domain/interval.ts';
import type { Changed } from '../../domain/plan.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const now = Date.UTC(2027, 0, 11, 10);
const { adminUrl, appUrl } = await testDatabase();
const clinic = await addClinic(adminUrl);
const db = openDatabase(appUrl);
const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(async () => {
  await db.close();
  await sql.end();
});
const activities = appointmentActivities(db);

let days = 30;

async function made(mode: 'book' | 'preReserve' | 'hold'): Promise<Changed> {
  const { clinicId, patientId, providerId, visitTypeId } = clinic;
  const [appointmentId, requestId] = [asId<AppointmentId>(randomUUID()), asId<RequestId>(randomUUID())];
  const startsAt = now + days++ * ELAPSED_DAY;
  const wish = {
    mode,
    actor: 'staff',
    confirmBy: null,
    notify: true,
    remind: true,
    allowPatientOverlap: false,
  } as const;
  const reservation = {
    ...wish,
    clinicId,
    appointmentId,
    requestId,
    patientId,
    visitTypeId,
    providerId,
    startsAt,
    now,
  };
  await inClinic(db, clinicId, (tx) => leaseTime(tx, { ...reservation, holder: mode === 'hold' ? 'h' : null }));
  return activities.reserveAppointment(reservation);
}

function byStaff({ appointment }: Changed, at = now + HOUR): ChangeCommand {
  const { clinicId, id: appointmentId, revision } = appointment;
  return { clinicId, appointmentId, revision, requestId: asId<RequestId>(randomUUID()), actor: 'staff', now: at };
}

async function rowsOf({ appointment }: Changed) {
  const changes = await sql`select action from audit_entries where appointment_id = ${appointment.id} order by id`;
  const times = await sql`select lower(during) as start from occupancies where owner_id = ${appointment.id}`;
  return { changes: changes.map((row) => row['action']), times: times.map((row) => (row['start'] as Date).getTime()) };
}

// A crash between the commit and the workflow's record of it: the engine runs the activity again.
describe('a change that is carried out a second time', () => {
  it('moveAppointment has moved once, and answers as the first time', async () => {
    const before = await made('book');
    const { providerId, startsAt } = before.appointment;
    const how = { providerId, notify: true, remind: true, allowPatientOverlap: false, overrode: null };
    const command = { ...byStaff(before), ...how, startsAt: startsAt + HOUR };
    const first = await activities.moveAppointment(command);
    expect(first.appointment).toMatchObject({ version: 2, revision: 2, startsAt: startsAt + HOUR });
    expect(await activities.moveAppointment(command)).toEqual(first);
    expect(await rowsOf(before)).toEqual({ changes: ['booked', 'moved'], times: [startsAt + HOUR] });
  });

  it('is found done although others came after it', async () => {
    const before = await made('preReserve');
    const confirming = byStaff(before);
    const { appointment: booked } = await activities.confirmAppointment(confirming);
    const { providerId, startsAt } = booked;
    const how = { providerId, notify: true, remind: true, allowPatientOverlap: false, overrode: null };
    const moved = await activities.moveAppointment({
      ...byStaff({ appointment: booked, plan: [] }),
      ...how,
      startsAt: startsAt + HOUR,
    });
    const again = { ...confirming, revision: moved.appointment.revision };
    expect(await activities.confirmAppointment(again)).toEqual(moved);
    expect((await rowsOf(before)).changes).toEqual(['preReserved', 'confirmed', 'moved']);
  });

  it('extendAppointment has extended once', async () => {
    const before = await made('preReserve');
    const confirmBy = before.appointment.startsAt - 2 * ELAPSED_DAY;
    const command = { ...byStaff(before), confirmBy, waiting: before.plan };
    const first = await activities.extendAppointment(command);
    expect(first.appointment).toMatchObject({ confirmBy, revision: 2 });
    expect(await activities.extendAppointment(command)).toEqual(first);
    expect((await rowsOf(before)).changes).toEqual(['preReserved', 'extended']);
  });

  it('replanAppointment plans the same again, and changes nothing else', async () => {
    const before = await made('book');
    const { requestId: _, actor: __, ...command } = { ...byStaff(before), waiting: before.plan };
    const policy = {
      quietHours: null,
      reminderRules: [{ id: 'sms-3d', before: '3d', at: '10:00', channels: ['sms'] }],
    };
    await sql`update clinics set policy = ${sql.json(policy)} where clinic_id = ${clinic.clinicId}`;
    const first = await activities.replanAppointment(command);
    expect(first.appointment).toEqual(before.appointment);
    expect(first.plan.map(({ key }) => key)).toContain('reminder:sms-3d:v1');
    expect(await activities.replanAppointment(command)).toEqual(first);
    expect((await rowsOf(before)).changes).toEqual(['booked']);
    await sql`update clinics set policy = '{}' where clinic_id = ${clinic.clinicId}`;
  });

  it.each(['extendAppointment', 'moveAppointment', 'replanAppointment'] as const)(
    '%s that knows an older revision is fenced off',
    async (name) => {
      const before = await made('preReserve');
      await activities.confirmAppointment(byStaff(before));
      const { providerId, startsAt } = before.appointment;
      const how = { providerId, startsAt: startsAt + HOUR, confirmBy: startsAt - HOUR, waiting: [], notify: true };
      const command = { ...byStaff(before), ...how, remind: true, allowPatientOverlap: false, overrode: null };
      await expect(activities[name](command)).rejects.toMatchObject({ type: 'FENCED' });
      expect((await rowsOf(before)).times).toEqual([startsAt]);
    },
  );
});

describe('what is recalled', () => {
  it('is what the workflow does not know yet, and nothing where it knows all', async () => {
    const before = await made('preReserve');
    const { clinicId, id: appointmentId } = before.appointment;
    const recallAt = (revision: number) => activities.recallAppointment({ clinicId, appointmentId, revision });
    expect(await recallAt(1)).toBeNull();
    const after = await activities.confirmAppointment(byStaff(before));
    expect(await recallAt(1)).toEqual(after);
    expect(await recallAt(2)).toBeNull();
    // As after a restore of older tables.
    expect(await recallAt(3)).toBeNull();
  });
});
