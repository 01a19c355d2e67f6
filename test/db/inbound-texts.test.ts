import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resolveText } from '../../db/commands/inbound/resolve.ts';
import { type InboundText, storeText } from '../../db/inbox/texts.ts';
import { ELAPSED_DAY, HOUR, MINUTE } from '../../domain/interval.ts';
import { startSweep, sweepTexts } from '../../worker/sweep.ts';
import { messagingDatabase, noon, step } from './messaging.ts';

const world = await messagingDatabase();
type Rig = Awaited<ReturnType<typeof world.rig>>;

function text({ clinic }: Rig, body: string, patch: Partial<InboundText> = {}): InboundText {
  const { clinicId, mobile: sender, sender: recipient } = clinic;
  const providerMessageId = `SM${randomUUID()}`;
  return {
    clinicId,
    transport: 'twilio',
    providerMessageId,
    sender,
    recipient,
    body,
    carrierSays: null,
    now: noon,
    ...patch,
  };
}

async function receive(rig: Rig, body: string, patch: Partial<InboundText> = {}) {
  const { id } = await storeText(world.db, text(rig, body, patch));
  const { understoodAs } = await resolveText(world.db, {
    clinicId: rig.clinic.clinicId,
    inboundMessageId: id,
    now: noon,
  });
  return { id, understoodAs };
}

async function storedTexts({ clinic }: Rig) {
  return world.sql`select body, understood_as, understood_why, handled_at from inbound_messages where clinic_id = ${clinic.clinicId}`;
}

async function tasksOf({ clinic }: Rig) {
  const rows = await world.sql`select kind, patient_id, appointment_id from tasks where clinic_id = ${clinic.clinicId}`;
  return rows.map((row) => ({ ...row }));
}

async function standingOptOuts({ clinic }: Rig) {
  return (await world.sql`select from opt_outs where clinic_id = ${clinic.clinicId} and lifted_at is null`).length;
}

describe('a text', () => {
  it('is stored once, however often and in parallel the provider brings it', async () => {
    const rig = await world.rig();
    const inbound = text(rig, 'Hello');
    const stored = await Promise.all(Array.from({ length: 5 }, () => storeText(world.db, inbound)));
    expect(new Set(stored.map(({ id }) => id)).size).toBe(1);
    expect(await storedTexts(rig)).toHaveLength(1);
    await resolveText(world.db, { clinicId: rig.clinic.clinicId, inboundMessageId: stored[0]!.id, now: noon });
    expect(await storeText(world.db, inbound)).toEqual({ id: stored[0]!.id, isHandled: true });
  });

  it('is stored without personal identity codes', async () => {
    const rig = await world.rig();
    await receive(rig, 'Hetuni on 131052-308T');
    expect(await storedTexts(rig)).toMatchObject([{ body: 'Hetuni on [ID]' }]);
  });

  it('is for staff, once, with the patient where the phone belongs to one', async () => {
    const rig = await world.rig();
    const { id, understoodAs } = await receive(rig, 'Can I come earlier?');
    expect(understoodAs).toBe('staff');
    await resolveText(world.db, { clinicId: rig.clinic.clinicId, inboundMessageId: id, now: noon + MINUTE });
    expect(await tasksOf(rig)).toEqual([
      { kind: 'inboundText', patient_id: rig.clinic.patientId, appointment_id: null },
    ]);
    expect(await storedTexts(rig)).toMatchObject([
      { understood_as: 'staff', understood_why: 'free text, and no question is open', handled_at: new Date(noon) },
    ]);
  });

  it('is guessed to be from nobody where a family shares the phone', async () => {
    const rig = await world.rig();
    await world.sql`update patients set mobile = ${rig.clinic.mobile} where id = ${rig.clinic.otherPatientId}`;
    await receive(rig, 'Can we come earlier?');
    expect(await tasksOf(rig)).toEqual([{ kind: 'inboundText', patient_id: null, appointment_id: null }]);
  });
});

describe('a stop word', () => {
  it('holds from the moment it is stored, for everyone who shares the phone and until a start word', async () => {
    const rig = await world.rig();
    await storeText(world.db, text(rig, 'Lopeta!'));
    await storeText(world.db, text(rig, 'STOP'));
    expect(await standingOptOuts(rig)).toBe(1);
    await rig.run(await rig.addVisit(), step('booked'));
    expect(rig.sent).toEqual([]);
    expect((await receive(rig, 'Yes')).understoodAs).toBe('optIn');
    expect(await standingOptOuts(rig)).toBe(0);
    await rig.run(await rig.addVisit(), step('booked'));
    expect(rig.sent).toHaveLength(1);
  });

  it('binds the number that was texted, not another clinic with the same patient', async () => {
    const rig = await world.rig();
    const other = await world.rig();
    await world.sql`update patients set mobile = ${rig.clinic.mobile} where id = ${other.clinic.patientId}`;
    await storeText(world.db, text(rig, 'STOP'));
    await other.run(await other.addVisit(), step('booked'));
    expect(other.sent).toHaveLength(1);
  });

  it('to a number of ours that was replaced holds for the one that sends in its place, and so does a start word', async () => {
    const rig = await world.rig();
    const replaced = `${rig.clinic.sender}9`;
    await world.sql`insert into senders (clinic_id, id, channel, address, is_active)
      values (${rig.clinic.clinicId}, ${randomUUID()}, 'sms', ${replaced}, false)`;
    expect((await receive(rig, 'STOP', { recipient: replaced })).understoodAs).toBe('optOut');
    await rig.run(await rig.addVisit(), step('booked'));
    expect(rig.sent).toEqual([]);
    expect((await receive(rig, 'START', { recipient: replaced })).understoodAs).toBe('optIn');
    expect(await standingOptOuts(rig)).toBe(0);
    await rig.run(await rig.addVisit(), step('booked'));
    expect(rig.sent).toHaveLength(1);

    await receive(rig, 'STOP');
    await receive(rig, 'Lopeta', { recipient: replaced });
    expect((await receive(rig, 'START', { recipient: replaced })).understoodAs).toBe('optIn');
    expect(await standingOptOuts(rig)).toBe(0);
  });

  it.each([
    ['in 14 days', 14 * ELAPSED_DAY, 1],
    ['later', 14 * ELAPSED_DAY + 1, 0],
    ['in the past', -HOUR, 0],
  ])('is for staff where a visit lies within 14 days, and not otherwise: %s', async (_, distance, tasks) => {
    const rig = await world.rig();
    const visit = await rig.addVisit({ startsAt: noon + distance });
    await rig.addVisit({ startsAt: noon + HOUR, status: 'cancelled' });
    expect((await receive(rig, 'CANCEL')).understoodAs).toBe('optOut');
    const task = { kind: 'optOutWithVisit', patient_id: rig.clinic.patientId, appointment_id: visit.appointmentId };
    expect(await tasksOf(rig)).toEqual(tasks === 1 ? [task] : []);
  });

  it('of a phone that belongs to nobody is honoured all the same', async () => {
    const rig = await world.rig();
    expect((await receive(rig, 'stop', { sender: '+358409999999' })).understoodAs).toBe('optOut');
    expect(await standingOptOuts(rig)).toBe(1);
  });
});

describe('the sweep', () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} };

  it('starts what was stored and left, and leaves alone what is new or handled', async () => {
    const rig = await world.rig();
    await receive(rig, 'handled');
    const left = await storeText(world.db, text(rig, 'left'));
    await storeText(world.db, text(rig, 'new', { now: noon + 5 * MINUTE }));
    const started: string[] = [];
    const startInbound = async (clinicId: string, id: string) => {
      if (clinicId === rig.clinic.clinicId) started.push(id);
    };
    await sweepTexts({ db: world.db, startInbound, now: () => noon + 5 * MINUTE, log });
    expect(started).toEqual([left.id]);
  });

  it('lets one that cannot be started keep no other waiting', async () => {
    const rig = await world.rig();
    const texts = [await storeText(world.db, text(rig, 'one')), await storeText(world.db, text(rig, 'two'))];
    const tried: string[] = [];
    const startInbound = (clinicId: string, id: string) => {
      if (clinicId === rig.clinic.clinicId) tried.push(id);
      return Promise.reject(new Error('Temporal is away'));
    };
    await sweepTexts({ db: world.db, startInbound, now: () => noon + 5 * MINUTE, log });
    expect(new Set(tried)).toEqual(new Set(texts.map(({ id }) => id)));
  });

  it('goes on after a round that failed, and stops when it is told to', async () => {
    const rig = await world.rig();
    await storeText(world.db, text(rig, 'left'));
    let rounds = 0;
    let wake!: () => void;
    const sweep = startSweep({
      db: world.db,
      log,
      now: () => noon + 5 * MINUTE,
      startInbound: () => Promise.reject(new Error('Temporal is away')),
      startRuleChange: () => Promise.reject(new Error('Temporal is away')),
      tellOpening: () => Promise.reject(new Error('Temporal is away')),
      pause: (signal) =>
        new Promise((resolve, reject) => {
          rounds += 1;
          wake = resolve;
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        }),
    });
    await expect.poll(() => rounds).toBe(1);
    wake();
    await expect.poll(() => rounds).toBe(2);
    await sweep.stop();
    expect(rounds).toBe(2);
  });
});
