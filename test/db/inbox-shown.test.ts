import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inClinic } from '../../db/client.ts';
import { finishText } from '../../db/commands/inbound/finish.ts';
import { resolveText } from '../../db/commands/inbound/resolve.ts';
import { type QuestionSubject, askQuestion } from '../../db/commands/questions/ask.ts';
import { storeText } from '../../db/inbox/texts.ts';
import { type OfferId, type OpeningId, type ProposalId, asId } from '../../domain/ids.ts';
import type { AnswerOutcome } from '../../domain/inbound-outcome.ts';
import { ELAPSED_DAY, HOUR } from '../../domain/interval.ts';
import { testApi } from '../support/api.ts';
import { asIfSaid, messagingDatabase, noon, step } from './messaging.ts';

const world = await messagingDatabase();
const { db, sql } = world;
const api = testApi(world.appUrl);
type Rig = Awaited<ReturnType<typeof world.rig>>;

/** Asks the phone, and answers the code that it prints first. */
async function ask({ clinic }: Rig, subject: Omit<QuestionSubject, 'patientId'>): Promise<string> {
  const { clinicId, patientId, sender, mobile: phone } = clinic;
  const asked = { clinicId, sender, phone, patientId, ...subject, now: noon };
  const { codes } = await inClinic(db, clinicId, (tx) => askQuestion(tx, asked));
  await asIfSaid(sql, { clinicId });
  return codes[0]!.code;
}

/** What the phone says, with what became of each answer that acts. */
async function say({ clinic }: Rig, body: string, became: Partial<AnswerOutcome>[] = []) {
  const { clinicId, mobile: sender, sender: recipient } = clinic;
  const text = { clinicId, transport: 'twilio', providerMessageId: `SM${randomUUID()}`, sender, recipient, body };
  const { id: inboundMessageId } = await storeText(db, { ...text, carrierSays: null, now: noon });
  const handled = { clinicId, inboundMessageId, now: noon };
  const { actions } = await resolveText(db, handled);
  const outcomes = actions.map(({ questionId, answer }, index): AnswerOutcome => ({
    questionId,
    answer,
    outcome: 'done',
    ...became[index],
  }));
  if (outcomes.length > 0) await finishText(db, { ...handled, outcomes });
  return inboundMessageId;
}

async function shown({ clinic }: Rig, query: string) {
  const { body } = await api.call(clinic.staffKey, 'GET', `/v1/messages?${query}`);
  return body.items;
}

async function addOffer({ clinic }: Rig) {
  const { clinicId, patientId, providerId, visitTypeId } = clinic;
  const [offerId, openingId] = [asId<OfferId>(randomUUID()), asId<OpeningId>(randomUUID())];
  const [start, end] = [new Date(noon + 30 * HOUR), new Date(noon + 31 * HOUR)];
  await sql`insert into openings (clinic_id, id, provider_id, visit_type_id, starts_at, ends_at, during, status, cause, depth,
      offer_until, wave, is_released, revision, seen_revision, created_at)
    values (${clinicId}, ${openingId}, ${providerId}, ${visitTypeId}, ${start}, ${end}, tstzrange(${start}, ${end}),
      'offering', 'manual', 0, ${start}, 1, false, 1, 1, now())`;
  const entryId = randomUUID();
  await sql`insert into waiting_list (clinic_id, id, patient_id, visit_type_id, created_at)
    values (${clinicId}, ${entryId}, ${patientId}, ${visitTypeId}, now())`;
  await sql`insert into offers (clinic_id, id, opening_id, patient_id, waiting_list_entry_id, wave, position, status, reasons, created_at)
    values (${clinicId}, ${offerId}, ${openingId}, ${patientId}, ${entryId}, 1, 1, 'asked', '{}', now())`;
  return { offerId, openingId };
}

async function addProposal({ clinic }: Rig, appointmentId: string) {
  const { clinicId, patientId, visitTypeId } = clinic;
  const proposalId = asId<ProposalId>(randomUUID());
  await sql`insert into proposals (clinic_id, id, request_id, patient_id, visit_type_id, appointment_id, status, created_at, send_at, expires_at)
    values (${clinicId}, ${proposalId}, ${randomUUID()}, ${patientId}, ${visitTypeId}, ${appointmentId}, 'waiting', now(), now(),
      ${new Date(noon + HOUR)})`;
  return { proposalId };
}

describe('a text in the inbox', () => {
  it('shows what came of each of its answers, and which visit, opening or proposal each was about', async () => {
    const rig = await world.rig();
    const { patientId } = rig.clinic;
    const visit = await rig.addVisit({ status: 'pending', confirmBy: noon + HOUR });
    const other = await rig.addVisit({ startsAt: noon + 5 * ELAPSED_DAY });
    const { offerId, openingId } = await addOffer(rig);
    const { proposalId } = await addProposal(rig, other.appointmentId);
    const codes = [
      await ask(rig, { kind: 'confirm', ...visit }),
      await ask(rig, { kind: 'offer', offerId }),
      await ask(rig, { kind: 'proposal', proposalId }),
    ];
    const refused = { outcome: 'refused', code: 'SLOT_TAKEN' } as const;
    await say(rig, codes.join(' '), [{}, { outcome: 'handedOn' }, refused]);
    const [message] = await shown(rig, `patientId=${patientId}`);
    expect(message).toMatchObject({
      direction: 'received',
      understoodAs: 'answers',
      appointmentIds: [visit.appointmentId, other.appointmentId],
    });
    const about = { code: null, patientId, appointmentId: null, openingId: null, proposalId: null };
    const { appointmentId } = visit;
    expect(message.answers).toEqual([
      { ...about, question: 'confirm', answer: 'confirm', outcome: 'done', appointmentId },
      { ...about, question: 'offer', answer: 'take', outcome: 'handedOn', openingId },
      { ...about, question: 'proposal', answer: 'time1', ...refused, appointmentId: other.appointmentId, proposalId },
    ]);
  });

  it('that was told something shows why, and one that was asked back the visit that the reply is about', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    const code = await ask(rig, { kind: 'attend', ...visit });
    const [asked, told] = [
      await say(rig, 'no'),
      await say(rig, code, [{ outcome: 'refused', code: 'TOO_LATE_TO_CANCEL' }]),
    ];
    const { appointmentId } = visit;
    expect(await shown(rig, `id=${asked}`)).toMatchObject([
      { id: asked, understoodAs: 'confirmCancel', answers: [], appointmentIds: [appointmentId] },
    ]);
    expect(await shown(rig, `id=${told}`)).toMatchObject([
      { answers: [{ outcome: 'refused', code: 'TOO_LATE_TO_CANCEL', appointmentId }], appointmentIds: [appointmentId] },
    ]);
  });

  it('is found from its task, also where the phone is shared or nobody’s', async () => {
    const rig = await world.rig();
    const { clinic } = rig;
    await sql`update patients set mobile = ${clinic.mobile} where id = ${clinic.otherPatientId}`;
    await say(rig, 'Can she come earlier?');
    await say({ ...rig, clinic: { ...clinic, mobile: '+358409999998' } }, 'Who is this?');
    const { body } = await api.call(clinic.staffKey, 'GET', '/v1/tasks?status=open');
    const found = [];
    for (const { detail } of body.items) found.push(...(await shown(rig, `id=${detail.inboundMessageId}`)));
    expect(found.map((message) => message.body)).toEqual(
      expect.arrayContaining(['Can she come earlier?', 'Who is this?']),
    );
    const stranger = await world.rig();
    expect(await shown(stranger, `id=${found[0].id}`)).toEqual([]);
  });

  it('has no answers where it is one of ours, which is found by its id too', async () => {
    const rig = await world.rig();
    await rig.run(await rig.addVisit(), step('booked'));
    const [sent] = await shown(rig, `patientId=${rig.clinic.patientId}`);
    expect(await shown(rig, `id=${sent.id}`)).toEqual([sent]);
    expect(sent).toMatchObject({ direction: 'sent', answers: [] });
  });
});
