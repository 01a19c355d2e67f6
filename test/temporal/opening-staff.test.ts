import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { inClinic } from '../../db/client.ts';
import { leaseTime } from '../../db/commands/occupancies/lease.ts';
import { type AppointmentId, type OpeningId, asId, openingWorkflowId } from '../../domain/ids.ts';
import { MINUTE, SECOND } from '../../domain/interval.ts';
import { openUpdate, releaseUpdate, withdrawUpdate } from '../../workflows/opening/messages.ts';
import { tellOpenings } from '../../activities/opening/tell.ts';
import { sweepOpenings } from '../../worker/sweep.ts';
import { reserve } from '../support/bookings.ts';
import { type Answer, eventually } from '../support/product.ts';
import { startOpenings } from './openings.ts';

const world = await startOpenings();
const { product, sql, freshTime, book, giveUp, waitFor, freeTime, openingOf, openingRow, lifeOf } = world;
const { offerOf, untilAsked, answer, toldTo, goOn, endOf, whoHas } = world;
const { call, clinic, db, temporal } = product;

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

function open(startsAt: string, idempotencyKey: string = randomUUID(), fields = {}): Promise<Answer> {
  const { visitTypeId, providerId } = clinic;
  return call('POST', '/v1/openings', { body: { visitTypeId, providerId, startsAt, ...fields }, idempotencyKey });
}

function act(id: string, action: string, idempotencyKey: string = randomUUID()): Promise<Answer> {
  return call('POST', `/v1/openings/${id}/${action}`, { idempotencyKey });
}

const brief = ({ status, body }: Answer) => [status, body.code ?? body.status];
const ended = [409, 'OPENING_CLOSED'];
/** Undefined where the workflow had ended before it was asked. */
const codeOf = ({ cause }: Error) => (cause as { type?: string } | undefined)?.type;

describe('a time that staff open by hand', () => {
  it('is offered at once, once for each key, and is no more free', async () => {
    const startsAt = freshTime();
    const [person] = await waitFor(startsAt, 1);
    const key = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => open(startsAt, key)));
    const [first] = answers;
    expect(answers.map(({ status, body }) => [status, body.id])).toEqual(answers.map(() => [201, first!.body.id]));
    expect(first!.body).toMatchObject({ status: 'offering', cause: 'manual', winner: null });
    const id = asId<OpeningId>(first!.body.id);
    expect(first!.body.workflowId).toBe(openingWorkflowId(clinic.clinicId, id));
    expect((await call('GET', `/v1/openings/${id}`)).body.offers).toMatchObject([{ patientId: person!.patientId }]);
    const online = await reserve(product, startsAt, { actor: 'patient' });
    expect(brief(online)).toEqual([409, 'SLOT_TAKEN']);
    await untilAsked(id, 1);
    await answer(id, await offerOf(id, person!));
    expect(await endOf(id)).toEqual({ outcome: 'filled', reason: null });
    expect((await call('GET', `/v1/openings/${id}`)).body.winner).toMatchObject({ patientId: person!.patientId });
    expect((await open(startsAt, key)).body).toMatchObject({ id, status: 'filled' });
  });

  it('is refused where somebody has it, and may be tried again with the same key', async () => {
    const startsAt = freshTime();
    const visit = await book(startsAt);
    const key = randomUUID();
    const refused = await open(startsAt, key);
    expect(brief(refused)).toEqual([409, 'SLOT_TAKEN']);
    expect(refused.body.alternatives.length).toBeGreaterThan(0);
    await giveUp(visit, { offer: false });
    const [person] = await waitFor(startsAt, 1);
    const opened = await open(startsAt, key);
    expect(brief(opened)).toEqual([201, 'offering']);
    expect(opened.body.offers).toMatchObject([{ patientId: person!.patientId }]);
  });

  it('ends as a refusal where it could not be opened, also for who asks its workflow', async () => {
    const id = asId<OpeningId>(randomUUID());
    const startsAt = Date.now() - MINUTE;
    const { visitTypeId, providerId, clinicId } = clinic;
    const wanted = { requestId: asId<never>(randomUUID()), actor: 'staff', visitTypeId, providerId, startsAt } as const;
    const handle = await temporal.client.workflow.start('openingWorkflow', {
      workflowId: openingWorkflowId(clinicId, id),
      taskQueue: temporal.taskQueue,
      args: [{ clinicId, openingId: id, wanted }],
    });
    const asking = handle.executeUpdate(openUpdate).catch((error: Error) => codeOf(error));
    expect(await handle.result()).toEqual({ outcome: 'refused', code: 'VALIDATION_FAILED' });
    expect(['VALIDATION_FAILED', undefined]).toContain(await asking);
  });

  it('is not for those who book for patients', async () => {
    const { visitTypeId, providerId } = clinic;
    const body = { visitTypeId, providerId, startsAt: freshTime() };
    expect(brief(await call('POST', '/v1/openings', { body, key: clinic.webKey }))).toEqual([403, 'FORBIDDEN']);
  });
});

describe('staff', () => {
  it('withdraw what is offered: it is free again, and those who were asked hear that it is gone', async () => {
    const startsAt = freshTime();
    const [person] = await waitFor(startsAt, 1);
    const id = await freeTime(startsAt);
    await untilAsked(id, 1);
    const key = randomUUID();
    const withdrawn = await act(id, 'withdraw', key);
    expect(brief(withdrawn)).toEqual([200, 'withdrawn']);
    expect(await endOf(id)).toEqual({ outcome: 'withdrawn', reason: 'staff' });
    await eventually('the word', async () => (await toldTo(person!)).length === 2);
    expect(await toldTo(person!)).toEqual(['offer', 'offerGone']);
    expect(brief(await act(id, 'withdraw', key))).toEqual([200, 'withdrawn']);
    expect(brief(await act(id, 'withdraw'))).toEqual(ended);
    expect(brief(await act(id, 'release'))).toEqual(ended);
    expect((await reserve(product, startsAt, { actor: 'patient' })).status).toBe(201);
    expect(brief(await act(randomUUID(), 'withdraw'))).toEqual([404, 'NOT_FOUND']);
  });

  it('release what is offered: patients book it online, and those who were asked hear it', async () => {
    const startsAt = freshTime();
    const [person] = await waitFor(startsAt, 1);
    const id = await freeTime(startsAt);
    await untilAsked(id, 1);
    const released = await act(id, 'release');
    expect(released.body).toMatchObject({ status: 'offering', isReleased: true });
    const online = await reserve(product, startsAt, { actor: 'patient', patientId: clinic.otherPatientId });
    expect(online.status).toBe(201);
    expect(await endOf(id)).toEqual({ outcome: 'withdrawn', reason: 'takenOnline' });
    await eventually('the word', async () => (await toldTo(person!)).length === 2);
    expect(await toldTo(person!)).toEqual(['offer', 'offerGone']);
  });

  it('who book the time end the offering at once', async () => {
    const startsAt = freshTime();
    const [person, placed] = await waitFor(startsAt, 2);
    const id = await freeTime(startsAt);
    await untilAsked(id, 2);
    await book(startsAt, placed!.patientId);
    expect(await endOf(id)).toEqual({ outcome: 'withdrawn', reason: 'takenByStaff' });
    await eventually('the word', async () => (await toldTo(person!)).length === 2);
    expect(await toldTo(person!)).toEqual(['offer', 'offerGone']);
    expect(await toldTo(placed!)).toEqual(['offer']);
    expect(brief(await act(id, 'withdraw'))).toEqual(ended);
  });

  it('who are about to book it, and do not, keep nobody from it for long', async () => {
    const startsAt = freshTime();
    const [person] = await waitFor(startsAt, 1);
    const id = await freeTime(startsAt);
    await untilAsked(id, 1);
    // The wave ends while they are waited for, and nobody else is left to ask.
    await goOn(id, 10 * MINUTE - 10 * SECOND);
    await leaseFor(startsAt, 2 * SECOND);
    await answer(id, await offerOf(id, person!));
    await eventually('the try', async () => (await pendingTimers(id)) > 0 && (await triesOf(id)) === 1);
    expect(await whoHas(startsAt)).toEqual([]);
    await eventually('the lapse', async () => Date.now() > leasedUntil);
    await goOn(id, 36 * SECOND);
    expect(await endOf(id)).toEqual({ outcome: 'filled', reason: null });
    expect(await whoHas(startsAt)).toEqual([person!.patientId]);
  });

  let leasedUntil = 0;
  /** As the API does it that dies before the appointment is made. */
  async function leaseFor(startsAt: string, ms: number): Promise<void> {
    leasedUntil = Date.now() + ms;
    const { clinicId, otherPatientId: patientId, visitTypeId, providerId } = clinic;
    const wish = { mode: 'book', actor: 'staff', confirmBy: null, holder: null, allowPatientOverlap: false } as const;
    const visit = { clinicId, patientId, visitTypeId, providerId, startsAt: Date.parse(startsAt) };
    const appointmentId = asId<AppointmentId>(randomUUID());
    await inClinic(db, clinicId, (tx) =>
      leaseTime(tx, { ...wish, ...visit, appointmentId, now: leasedUntil - 30 * SECOND }),
    );
  }

  async function triesOf(id: OpeningId): Promise<number> {
    const { events } = await lifeOf(id).fetchHistory();
    return events!.filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'awardOffer')
      .length;
  }

  async function pendingTimers(id: OpeningId): Promise<number> {
    const { events } = await lifeOf(id).fetchHistory();
    const last = events!.findLastIndex((event) => event.activityTaskCompletedEventAttributes);
    return events!.slice(last).filter((event) => event.timerStartedEventAttributes).length;
  }
});

describe('an opening of which nobody told its workflow', () => {
  /** As left by whoever died between the commit and the telling. */
  async function untold(startsAt: string): Promise<OpeningId> {
    const id = asId<OpeningId>(randomUUID());
    await sql`insert into openings (clinic_id, id, provider_id, visit_type_id, starts_at, ends_at, during, status, cause,
        depth, offer_until, wave, is_released, revision, seen_revision, created_at)
      values (${clinic.clinicId}, ${id}, ${clinic.providerId}, ${clinic.visitTypeId}, ${startsAt}::timestamptz,
        ${startsAt}::timestamptz + interval '30 minutes',
        tstzrange(${startsAt}::timestamptz, ${startsAt}::timestamptz + interval '30 minutes'), 'offering', 'cancelled', 0,
        ${startsAt}::timestamptz - interval '2 hours', 0, false, 1, 0, now())`;
    return id;
  }

  function sweep(): Promise<number> {
    const tellOpening = ({ clinicId, openingId }: { clinicId: typeof clinic.clinicId; openingId: OpeningId }) =>
      tellOpenings(
        db,
        { workflow: temporal.client.workflow, taskQueue: temporal.taskQueue },
        { clinicId, openingIds: [openingId] },
      );
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    return sweepOpenings({ db, tellOpening, log });
  }

  it('is found by the sweep, and left alone when it has ended', async () => {
    const startsAt = freshTime();
    const [person] = await waitFor(startsAt, 1);
    const id = await untold(startsAt);
    expect(await sweep()).toBe(1);
    await untilAsked(id, 1);
    expect(await sweep()).toBe(0);
    await answer(id, await offerOf(id, person!));
    await endOf(id);
    await sql`update openings set revision = revision + 1 where id = ${id}`;
    expect(await sweep()).toBe(1);
    expect(await sweep()).toBe(0);
  });

  it('is not closed for staff, who are answered once it has been found', async () => {
    const startsAt = freshTime();
    await waitFor(startsAt, 1);
    const id = await untold(startsAt);
    const key = randomUUID();
    const early = await act(id, 'withdraw', key);
    expect(brief(early)).toEqual([503, 'TEMPORARILY_UNAVAILABLE']);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
    await sweep();
    expect(brief(await act(id, 'withdraw', key))).toEqual([200, 'withdrawn']);
  });
});

it('two who withdraw and release at once are both answered by what became of it', async () => {
  const startsAt = freshTime();
  await waitFor(startsAt, 1);
  const visit = await book(startsAt);
  await giveUp(visit);
  const id = await openingOf(visit);
  await untilAsked(id, 1);
  const ask = (update: typeof withdrawUpdate) =>
    lifeOf(id)
      .executeUpdate(update, { args: [{ requestId: asId(randomUUID()) }] })
      .then(
        ({ status }) => status,
        (error: Error) => codeOf(error),
      );
  const [withdrawn, released] = await Promise.all([ask(withdrawUpdate), ask(releaseUpdate)]);
  expect(withdrawn).toBe('withdrawn');
  expect(['offering', 'OPENING_CLOSED', undefined]).toContain(released);
  expect(await openingRow(id)).toMatchObject({ status: 'withdrawn', reason: 'staff' });
});
