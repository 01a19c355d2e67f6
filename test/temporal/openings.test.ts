import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { endAppointment } from '../../db/commands/appointments/end.ts';
import { planWave } from '../../db/commands/openings/next-wave.ts';
import {
  type AppointmentId,
  type InboundMessageId,
  type OfferId,
  type OpeningId,
  type RequestId,
  asId,
  openingWorkflowId,
} from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { type OpeningInput, offerAnsweredSignal, openingChangedSignal } from '../../workflows/opening/messages.ts';
import { daysAhead } from '../support/bookings.ts';
import { eventually } from '../support/product.ts';
import { type Waiting, startOpenings } from './openings.ts';

// Two at a time, so that there are waves with few people.
const world = await startOpenings({ openings: { waveSize: 2 } });
const { product, sql, freshTime, book, giveUp, waitFor, freeTime, openingOf, openingRow, lifeOf } = world;
const { offersOf, offerOf, untilAsked, answer, toldTo, goOn, endOf, visitNow, whoHas } = world;

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

interface Shown {
  status: string;
  answeredAt: string | null;
}

/** The current details, as the Temporal UI shows them, once the offers of these patients stand so. */
function untilShown(id: OpeningId, wanted: Record<string, string>): Promise<string> {
  return eventually('the details', async () => {
    const { currentDetails } = await lifeOf(id).query<{ currentDetails: string }>('__temporal_workflow_metadata');
    return isDeepStrictEqual(offersShown(currentDetails), wanted) && currentDetails;
  });
}

function offersShown(details: string): Record<string, string> {
  const rows = details.split('\n').filter((line) => /^\| \d/.test(line));
  return Object.fromEntries(
    rows.map((row) => {
      const [, , patient, status, asked, answered] = row.split('|').map((cell) => cell.trim());
      return [patient, `${status}${asked && ', when'}${answered && ', answered'}`];
    }),
  );
}

const filled = { outcome: 'filled', reason: null };
const second = (instant: string) => instant.replace('.000', '');

async function untilTold(person: Waiting, ...kinds: string[]): Promise<void> {
  await eventually(`${kinds.join(', ')} being said`, async () => (await toldTo(person)).length >= kinds.length);
  expect(await toldTo(person)).toEqual(kinds);
}

describe('a time that somebody gives up', () => {
  it('goes to who answers first, whose later visit moves there, and the others hear that it is gone', async () => {
    const startsAt = freshTime();
    const [first, other] = await waitFor(startsAt, 2, { visit: true });
    const opening = await freeTime(startsAt);
    await untilAsked(opening, 2);
    await answer(opening, await offerOf(opening, other!));
    expect(await endOf(opening)).toEqual(filled);
    expect(await visitNow(other!.visit!)).toMatchObject({ status: 'booked', startsAt: second(startsAt), version: 2 });
    expect(await visitNow(first!.visit!)).toMatchObject({ startsAt: first!.visit!.startsAt, version: 1 });
    await untilTold(other!, 'offer', 'offerWon');
    await untilTold(first!, 'offer', 'offerGone');
    expect(await openingRow(opening)).toMatchObject({ status: 'filled', wave: 1 });
  });

  it('asks nobody twice, however often its workflow is told of a change that is none', async () => {
    const startsAt = freshTime();
    const [person] = await waitFor(startsAt, 1);
    const opening = await freeTime(startsAt);
    await untilAsked(opening, 1);
    for (let times = 0; times < 3; times++) await lifeOf(opening).signal(openingChangedSignal);
    await answer(opening, await offerOf(opening, person!));
    expect(await endOf(opening)).toEqual(filled);
    await untilTold(person!, 'offer', 'offerWon');
  });

  it('is had by who takes the offer also when it is too late to move their visit themselves', async () => {
    const start = Math.ceil(Date.now() / MINUTE) * MINUTE;
    const [startsAt, near] = [6, 20].map((hours) => new Date(start + hours * HOUR).toISOString()) as [string, string];
    const [person] = await waitFor(startsAt, 1);
    const visit = await book(near, person!.patientId);
    // At whatever hour it is now.
    await sql`update waiting_list set instead_of = ${visit.id}, between_from = null, between_to = null
      where patient_id = ${person!.patientId}`;
    const { visitTypeId, providerId } = product.clinic;
    const wish = { body: { visitTypeId, providerId, startsAt }, idempotencyKey: randomUUID() };
    const opening = asId<OpeningId>((await product.call('POST', '/v1/openings', wish)).body.id);
    await untilAsked(opening, 1);
    const own = { body: { actor: 'patient', startsAt: daysAhead(20) } };
    const late = await product.call('POST', `/v1/appointments/${visit.id}/move`, own);
    expect([late.status, late.body.code]).toEqual([409, 'TOO_LATE_TO_MOVE']);
    await answer(opening, await offerOf(opening, person!));
    expect(await endOf(opening)).toEqual(filled);
    expect(await visitNow(visit)).toMatchObject({ status: 'booked', startsAt: second(startsAt), version: 2 });
  });

  it('becomes a visit of its own for a winner who has none, or none any more', async () => {
    for (const visit of [false, true]) {
      const startsAt = freshTime();
      const [person] = await waitFor(startsAt, 1, { visit });
      const opening = await freeTime(startsAt);
      await untilAsked(opening, 1);
      if (person!.visit) await giveUp(person!.visit);
      await answer(opening, await offerOf(opening, person!));
      expect(await endOf(opening)).toEqual(filled);
      expect(await whoHas(startsAt)).toEqual([person!.patientId]);
      await untilTold(person!, 'offer', 'offerWon');
    }
  });

  it('is won also by who was asked first and answers when others have been asked', async () => {
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 3);
    const opening = await freeTime(startsAt);
    await untilAsked(opening, 2);
    await goOn(opening, 10 * MINUTE);
    await untilAsked(opening, 3);
    expect((await offersOf(opening)).map(({ wave }) => wave)).toEqual([1, 1, 2]);
    await answer(opening, await offerOf(opening, people[0]!));
    expect(await endOf(opening)).toEqual(filled);
    expect(await whoHas(startsAt)).toEqual([people[0]!.patientId]);
    for (const loser of people.slice(1)) await untilTold(loser, 'offer', 'offerGone');
  });

  it('goes to the next who answered where the first cannot have it, who hears that they should phone', async () => {
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 2);
    const opening = await freeTime(startsAt);
    await untilAsked(opening, 2);
    const { otherProviderId: providerId } = product.clinic;
    await product.call('POST', '/v1/appointments', {
      body: {
        mode: 'book',
        actor: 'staff',
        patientId: people[0]!.patientId,
        visitTypeId: product.clinic.visitTypeId,
        providerId,
        startsAt,
        notify: false,
      },
      idempotencyKey: randomUUID(),
    });
    for (const person of people) await answer(opening, await offerOf(opening, person));
    expect(await endOf(opening)).toEqual(filled);
    expect((await offerOf(opening, people[1]!)).status).toBe('won');
    expect((await offerOf(opening, people[0]!)).status).toBe('lapsed');
    await untilTold(people[0]!, 'offer', 'callUs');
    await untilTold(people[1]!, 'offer', 'offerWon');
  });

  it('is not offered again to who declines, nor told gone to them; what is repeated counts once', async () => {
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 2);
    const opening = await freeTime(startsAt);
    await untilAsked(opening, 2);
    const declined = {
      offerId: (await offerOf(opening, people[0]!)).id,
      answer: 'decline' as const,
      inboundMessageId: asId<InboundMessageId>(randomUUID()),
      receivedAt: Date.now(),
    };
    await lifeOf(opening).signal(offerAnsweredSignal, declined);
    await lifeOf(opening).signal(offerAnsweredSignal, declined);
    // Who has said no has had their say.
    await lifeOf(opening).signal(offerAnsweredSignal, { ...declined, answer: 'take' });
    await eventually('the no', async () => (await offerOf(opening, people[0]!)).status === 'declined');
    await answer(opening, await offerOf(opening, people[1]!));
    expect(await endOf(opening)).toEqual(filled);
    expect(await whoHas(startsAt)).toEqual([people[1]!.patientId]);
    await untilTold(people[0]!, 'offer');
  });

  it("leads to an opening of the winner's old time, one deeper", async () => {
    const [startsAt, later] = [freshTime(), freshTime()].toSorted();
    const [mover] = await waitFor(startsAt!, 1);
    const visit = await book(later!, mover!.patientId);
    await sql`update waiting_list set instead_of = ${visit.id} where patient_id = ${mover!.patientId}`;
    const [next] = await waitFor(later!, 1);
    const opening = await freeTime(startsAt!);
    await untilAsked(opening, 1);
    await answer(opening, await offerOf(opening, mover!));
    expect(await endOf(opening)).toEqual(filled);
    const cascade = await openingOf(visit);
    expect(await openingRow(cascade)).toMatchObject({ depth: 1 });
    await untilAsked(cascade, 1);
    await answer(cascade, await offerOf(cascade, next!));
    expect(await endOf(cascade)).toEqual(filled);
    expect([await whoHas(startsAt!), await whoHas(later!)]).toEqual([[mover!.patientId], [next!.patientId]]);
  });

  it('is offered anew, to who lost it as well, where the winner gives it up', async () => {
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 2, { visit: true });
    const opening = await freeTime(startsAt);
    await untilAsked(opening, 2);
    await answer(opening, await offerOf(opening, people[0]!));
    expect(await endOf(opening)).toEqual(filled);
    await untilTold(people[1]!, 'offer', 'offerGone');
    await giveUp(people[0]!.visit!);
    const again = await openingOf(people[0]!.visit!);
    expect(again).not.toBe(opening);
    await untilAsked(again, 1);
    await answer(again, await offerOf(again, people[1]!));
    expect(await endOf(again)).toEqual(filled);
    expect(await whoHas(startsAt)).toEqual([people[1]!.patientId]);
  });

  it('lets staff see who else wanted it', async () => {
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 2);
    const opening = await freeTime(startsAt);
    await untilAsked(opening, 2);
    const offers = await offersOf(opening);
    await Promise.all(offers.map((offer) => answer(opening, offer)));
    expect(await endOf(opening)).toEqual(filled);
    const { body } = await product.call('GET', `/v1/openings/${opening}`);
    const statuses = body.offers.map(({ status, answeredAt }: Shown) => [status, answeredAt !== null]);
    expect(statuses.toSorted()).toEqual([
      ['gone', true],
      ['won', true],
    ]);
    expect(people.map(({ patientId }) => patientId)).toContain(body.winner.patientId);
  });

  it('goes on from where it was where its workflow is continued as new', async () => {
    const startsAt = freshTime();
    const [first, next] = await waitFor(startsAt, 2);
    const visit = await book(startsAt);
    const { clinicId } = product.clinic;
    const ending = { clinicId, appointmentId: visit.id as AppointmentId, requestId: asId<RequestId>(randomUUID()) };
    // Without its own workflow nobody is told of the opening.
    const { openingIds } = await endAppointment(product.db, {
      ...ending,
      actor: 'staff',
      revision: 1,
      now: Date.now(),
      status: 'cancelled',
      notify: false,
      overrode: null,
    });
    const openingId = openingIds![0]!;
    const { toSend: notificationIds } = await planWave(product.db, { clinicId, openingId, now: Date.now() });
    const [offer] = await offersOf(openingId);
    const inboundMessageId = asId<InboundMessageId>(randomUUID());
    const taken = { offerId: offer!.id, answer: 'take', inboundMessageId, receivedAt: Date.now() } as const;
    const progress = { answers: [taken], answered: [offer!.id], unsent: [{ at: Date.now(), notificationIds }] };
    const workflowId = openingWorkflowId(clinicId, openingId);
    const { taskQueue, client } = product.temporal;
    await client.workflow.start('openingWorkflow', {
      workflowId,
      taskQueue,
      args: [{ clinicId, openingId, progress }],
    });
    expect(await endOf(openingId)).toEqual(filled);
    expect(await whoHas(startsAt)).toEqual([offer!.patientId]);
    expect([first, next].map((person) => person!.patientId)).toContain(offer!.patientId);
  });

  it('tells who answers while the offering ends without anybody that it is too late, and staff', async () => {
    const startsAt = freshTime();
    const [person] = await waitFor(startsAt, 1);
    const first = await freeTime(startsAt);
    await untilAsked(first, 1);
    const { clinicId } = product.clinic;
    // An opening as it is when its last wave has been asked, of which a new run of its life finds that its time is up.
    const openingId = asId<OpeningId>(randomUUID());
    const offerId = asId<OfferId>(randomUUID());
    await sql`insert into openings select (o).* from (
      select jsonb_populate_record(o, ${sql.json({ id: openingId, offer_until: new Date(Date.now() - MINUTE).toISOString() })}) as o
      from openings o where id = ${first}) as copied`;
    await sql`insert into offers select (f).* from (
      select jsonb_populate_record(f, ${sql.json({ id: offerId, opening_id: openingId })}) as f from offers f where opening_id = ${first}) as copied`;
    const taken = { offerId, answer: 'take', inboundMessageId: asId<InboundMessageId>(randomUUID()) } as const;
    const progress = { answers: [{ ...taken, receivedAt: Date.now() }], answered: [offerId], unsent: [] };
    const { taskQueue, client } = product.temporal;
    const args: [OpeningInput] = [{ clinicId, openingId, progress }];
    await client.workflow.start('openingWorkflow', {
      workflowId: openingWorkflowId(clinicId, openingId),
      taskQueue,
      args,
    });
    expect(await endOf(openingId)).toEqual({ outcome: 'unfilled', reason: 'noticeLimit' });
    expect(await toldTo(person!)).toEqual(['offer', 'tooLate']);
    const tasks = await sql`select kind from tasks where patient_id = ${person!.patientId}`;
    expect(tasks).toEqual([{ kind: 'lateAnswer' }]);
  });

  it('shows operators how it stands, without anybody’s name', async () => {
    const startsAt = freshTime();
    const [taker, other] = await waitFor(startsAt, 2);
    const opening = await freeTime(startsAt);
    await untilAsked(opening, 2);
    const described = await lifeOf(opening).describe();
    const attributes = described.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
    expect(Object.fromEntries(attributes)).toMatchObject({
      ClinicId: product.clinic.clinicId,
      ProviderId: product.clinic.providerId,
      OpeningStatus: 'offering',
      StartsAt: new Date(startsAt),
    });
    const [first, second] = [taker, other].map((person) => `\`${person!.patientId}\``);
    const details = await untilShown(opening, { [first!]: 'asked, when', [second!]: 'asked, when' });
    expect(details).toMatch(/Next, at .*: the next are asked\./);
    expect(details).toContain('Waiting since');
    for (const person of [taker!, other!]) await answer(opening, await offerOf(opening, person));
    await endOf(opening);
    const ended = await lifeOf(opening).describe();
    expect(ended.typedSearchAttributes.getAll().find(({ key }) => key.name === 'OpeningStatus')?.value).toBe('filled');
    await untilShown(opening, { [first!]: 'won, when, answered', [second!]: 'gone, when, answered' });
    const said = JSON.stringify(await lifeOf(opening).fetchHistory());
    expect(said).not.toContain(taker!.mobile);
  });

  it('is not offered where staff say so, nor a time far ahead', async () => {
    const [near, far] = [await book(freshTime()), await book(daysAhead(15))];
    await giveUp(near, { offer: false });
    await giveUp(far);
    expect(await sql`select from openings where appointment_id in ${sql([near.id, far.id])}`).toHaveLength(0);
  });
});
