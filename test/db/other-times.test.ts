import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inClinic } from '../../db/client.ts';
import { finishText } from '../../db/commands/inbound/finish.ts';
import { resolveText } from '../../db/commands/inbound/resolve.ts';
import { tryToOccupy } from '../../db/commands/occupancies/occupy.ts';
import { insertOpening, newOpening } from '../../db/commands/openings/open.ts';
import { askQuestion } from '../../db/commands/questions/ask.ts';
import { storeText } from '../../db/inbox/texts.ts';
import { findOtherTimes } from '../../db/queries/other-times.ts';
import type { AnswerOutcome } from '../../domain/inbound-outcome.ts';
import { type AppointmentId, type OpeningId, type ProviderId, asId } from '../../domain/ids.ts';
import { ELAPSED_DAY, HOUR, type Instant } from '../../domain/interval.ts';
import type { QuestionAnswer, QuestionKind } from '../../domain/question.ts';
import { type Visit, messagingDatabase, noon } from './messaging.ts';

const world = await messagingDatabase();
const { db, sql } = world;
type Rig = Awaited<ReturnType<typeof world.rig>>;

const proposing = (afterCannotCome: number, policy = {}) =>
  world.rig({ policy: { proposals: { afterCannotCome }, ...policy } });

const tomorrow = noon + ELAPSED_DAY;

/** A text in which the patient gives this answer about the visit, and what it comes to. */
async function answer(
  { clinic }: Rig,
  visit: Visit,
  [kind, given]: [QuestionKind, QuestionAnswer],
  outcome: AnswerOutcome['outcome'] = 'done',
) {
  const { clinicId, patientId, mobile: sender, sender: recipient } = clinic;
  const phone = { sender: recipient, phone: sender };
  const { id: questionId, codes } = await inClinic(db, clinicId, (tx) =>
    askQuestion(tx, { clinicId, ...phone, kind, patientId, ...visit, now: noon }),
  );
  const body = codes.find((one) => one.answer === given)!.code;
  const text = { clinicId, transport: 'twilio', providerMessageId: `SM${randomUUID()}`, sender, recipient, body };
  const { id: inboundMessageId } = await storeText(db, { ...text, carrierSays: null, now: noon + 1 });
  const handled = { clinicId, inboundMessageId, now: noon + 1 };
  const { actions } = await resolveText(db, handled);
  const outcomes = [{ questionId, answer: given, outcome }];
  const finish = () => finishText(db, { ...handled, outcomes });
  return { requestId: actions[0]!.requestId, finish };
}

describe('a visit that was given up by text', () => {
  it.each<[QuestionKind, QuestionAnswer]>([
    ['attend', 'cannotCome'],
    ['cancel', 'cancel'],
  ])('by an answer to "%s" has other times proposed, for the same request each time it is looked at', async (...by) => {
    const rig = await proposing(2);
    const { appointmentId, version } = await rig.addVisit();
    const { requestId, finish } = await answer(rig, { appointmentId, version }, by);
    expect((await finish()).otherTimesDue).toEqual([{ appointmentId, requestId }]);
    expect((await finish()).otherTimesDue).toEqual([{ appointmentId, requestId }]);
  });

  it.each<[string, number, [QuestionKind, QuestionAnswer], AnswerOutcome['outcome']]>([
    ['the clinic has not asked for that', 0, ['attend', 'cannotCome'], 'done'],
    ['it came too late', 3, ['attend', 'cannotCome'], 'refused'],
    ['it was a reservation that nobody had confirmed', 3, ['confirm', 'giveUp'], 'done'],
    ['it was confirmed', 3, ['confirm', 'confirm'], 'done'],
  ])('has none proposed where %s', async (_, count, by, outcome) => {
    const rig = await proposing(count);
    const { finish } = await answer(rig, await rig.addVisit({ status: 'pending', confirmBy: tomorrow }), by, outcome);
    expect(await finish()).not.toHaveProperty('otherTimesDue');
  });
});

describe('the times that are proposed in its place', () => {
  async function timesFor({ clinic }: Rig, appointmentId: AppointmentId, now: Instant = noon) {
    const found = await inClinic(db, clinic.clinicId, (tx) => findOtherTimes(tx, appointmentId, now));
    return found?.times.map(({ providerId, startsAt }) => ({ providerId, startsAt }));
  }

  /** Cancelled, as it is by then: Tuesday at noon. */
  const cancelled = async (rig: Rig) => (await rig.addVisit({ status: 'cancelled' })).appointmentId;
  const visitAt = noon + 2 * ELAPSED_DAY;
  const onDays = (providerId: ProviderId, ...days: number[]) =>
    days.map((day) => ({ providerId, startsAt: visitAt + day * ELAPSED_DAY }));

  async function occupy({ clinic }: Rig, from: Instant, to: Instant, providerId = clinic.providerId) {
    const { clinicId } = clinic;
    const occupation = { clinicId, providerId, ownerId: randomUUID(), during: { start: from, end: to } };
    await inClinic(db, clinicId, (tx) => tryToOccupy(tx, { ...occupation, now: noon, leasedUntil: null }));
  }

  it('are as many as the clinic says, at its hour on the next days, with its provider', async () => {
    const rig = await proposing(3);
    const id = await cancelled(rig);
    expect(await timesFor(rig, id)).toEqual(onDays(rig.clinic.providerId, 1, 2, 3));
    const one = await proposing(1);
    expect(await timesFor(one, await cancelled(one))).toEqual(onDays(one.clinic.providerId, 1));
  });

  it('go around what is taken, what is being offered, and where else the patient is to be', async () => {
    const rig = await proposing(3);
    const { clinicId, providerId, otherProviderId, visitTypeId } = rig.clinic;
    const id = await cancelled(rig);
    await occupy(rig, visitAt + ELAPSED_DAY - 5 * HOUR, visitAt + ELAPSED_DAY + 12 * HOUR);
    const [start, end] = [visitAt + 2 * ELAPSED_DAY - HOUR, visitAt + 2 * ELAPSED_DAY + HOUR];
    const time = { clinicId, providerId, visitTypeId, startsAt: start, endsAt: end, during: { start, end } };
    const nobodys = { cause: 'manual', appointmentId: null, patientId: null, depth: 0, reopensId: null } as const;
    const opening = newOpening(
      { ...time, ...nobodys, offerUntil: start, createdAt: noon },
      asId<OpeningId>(randomUUID()),
    );
    await inClinic(db, clinicId, (tx) => insertOpening(tx, opening, noon));
    await rig.addVisit({ startsAt: visitAt + 3 * ELAPSED_DAY });
    expect(await timesFor(rig, id)).toEqual([
      { providerId, startsAt: end },
      { providerId, startsAt: visitAt + 3 * ELAPSED_DAY - HOUR / 2 },
      { providerId, startsAt: visitAt + 4 * ELAPSED_DAY },
    ]);
    await sql`update providers set is_active = false where id = ${providerId}`;
    expect(await timesFor(rig, id)).toEqual([
      ...onDays(otherProviderId, 1, 2),
      { providerId: otherProviderId, startsAt: visitAt + 3 * ELAPSED_DAY - HOUR / 2 },
    ]);
  });

  it('leave the notice after the last answer, and lie within the horizon', async () => {
    const rig = await proposing(2);
    const { providerId, visitTypeId } = rig.clinic;
    const id = await cancelled(rig);
    await sql`update visit_types set minimum_notice_minutes = ${3 * 24 * 60}, horizon_days = 7 where id = ${visitTypeId}`;
    // Four hours to answer and three days of notice: on Wednesday afternoon.
    expect(await timesFor(rig, id)).toEqual([
      { providerId, startsAt: tomorrow + 2 * ELAPSED_DAY + 4 * HOUR },
      ...onDays(providerId, 2),
    ]);
    await sql`update visit_types set horizon_days = 2 where id = ${visitTypeId}`;
    expect(await timesFor(rig, id)).toBeUndefined();
  });

  it.each(['cancel', 'move'])('are none where only staff may %s visits of that type', async (what) => {
    const rig = await proposing(3);
    const id = await cancelled(rig);
    await sql`update visit_types set ${sql({ [`self_service_${what}`]: 'staffOnly' })} where id = ${rig.clinic.visitTypeId}`;
    expect(await timesFor(rig, id)).toBeUndefined();
  });

  it('are none where the type is given up, or nobody is free', async () => {
    const rig = await proposing(3);
    const id = await cancelled(rig);
    const { providerId, otherProviderId, visitTypeId } = rig.clinic;
    for (const each of [providerId, otherProviderId]) await occupy(rig, noon, noon + 90 * ELAPSED_DAY, each);
    expect(await timesFor(rig, id)).toBeUndefined();
    const other = await proposing(3);
    const itsId = await cancelled(other);
    await sql`update visit_types set is_active = false where id in (${visitTypeId}, ${other.clinic.visitTypeId})`;
    expect(await timesFor(other, itsId)).toBeUndefined();
  });
});
