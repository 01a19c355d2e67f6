import { randomUUID } from 'node:crypto';
import { temporalGateway } from '../../api/temporal-gateway.ts';
import {
  type AppointmentId,
  type FreeTextId,
  type ProposalId,
  type RequestId,
  appointmentWorkflowId,
  asId,
  freeTextWorkflowId,
  proposalWorkflowId,
} from '../../domain/ids.ts';
import { ELAPSED_DAY, HOUR, MINUTE } from '../../domain/interval.ts';
import { type Appointment, eventually } from '../demo/clinic-client.ts';
import { kallio, kallioId } from '../seed/kallio.ts';
import { codeIn, openingLives } from './openings.ts';
import {
  act,
  daysAhead,
  freeFrom,
  hold,
  HOLDER,
  instant,
  postTo,
  reserve,
  toTheEnd,
  visit,
  type Recorder,
} from './recorder.ts';

/** Lives one life and answers with the workflow that it was. */
type Live = (recorder: Recorder) => Promise<string>;

/** Every way in which each workflow can go, as it is recorded: `<workflow>/<life>`. */
export const lives: Record<string, Live> = {
  'appointment/booked-to-completed': async (recorder) => toTheEnd(recorder, await reserve(recorder, 'book', 20)),
  'appointment/confirmed-to-completed': async (recorder) => {
    const appointment = await reserve(recorder, 'preReserve', 40);
    await recorder.travel(appointment.workflowId, Date.parse(appointment.confirmBy ?? '') - ELAPSED_DAY);
    await act(recorder, appointment, 'confirm', { actor: 'patient' });
    return toTheEnd(recorder, appointment);
  },
  'appointment/expired': async (recorder) => toTheEnd(recorder, await reserve(recorder, 'preReserve', 41)),
  'appointment/cancelled': async (recorder) => {
    const appointment = await reserve(recorder, 'book', 21);
    await act(recorder, appointment, 'cancel', { actor: 'staff', reason: 'ill' });
    return toTheEnd(recorder, appointment);
  },
  'appointment/moved': async (recorder) => {
    const appointment = await reserve(recorder, 'book', 25);
    await act(recorder, appointment, 'move', { actor: 'patient', ...(await freeFrom(recorder, appointment, 26)) });
    return toTheEnd(recorder, appointment);
  },
  // Asked about anew after the move by staff; the patient's own move confirms it.
  'appointment/moved-while-pending': async (recorder) => {
    const appointment = await reserve(recorder, 'preReserve', 43);
    await act(recorder, appointment, 'move', { actor: 'staff', startsAt: instant(44) });
    await act(recorder, appointment, 'move', { actor: 'patient', ...(await freeFrom(recorder, appointment, 45)) });
    return toTheEnd(recorder, appointment);
  },
  'appointment/extended': async (recorder) => {
    const appointment = await reserve(recorder, 'preReserve', 46);
    await act(recorder, appointment, 'extend', { actor: 'staff', confirmBy: instant(43) });
    return toTheEnd(recorder, appointment);
  },
  'appointment/hold-confirmed': async (recorder) => {
    const appointment = await hold(recorder, 27);
    await act(recorder, appointment, 'confirm', { actor: 'patient', patientId: visit().patientId });
    return toTheEnd(recorder, appointment);
  },
  'appointment/hold-released': async (recorder) => {
    const appointment = await hold(recorder, 28);
    await act(recorder, appointment, 'release', { holder: HOLDER });
    return appointment.workflowId;
  },
  'appointment/hold-expired': async (recorder) => toTheEnd(recorder, await hold(recorder, 29)),
  'appointment/told-of-rules': async (recorder) => {
    const appointment = await reserve(recorder, 'book', 30);
    await recorder.tellOfRules(appointment.workflowId);
    return toTheEnd(recorder, appointment);
  },
  'appointment/no-show': (recorder) => afterTheVisit(recorder, 22, 'no-show'),
  'appointment/completed-by-staff': (recorder) => afterTheVisit(recorder, 23, 'complete'),
  'appointment/refused': refusedLife,
  // Of its later run: the first one has thousands of events, and ends where this one begins.
  'appointment/gone-on-as-new': async (recorder) => {
    const appointment = await reserve(recorder, 'book', 60);
    await confirmOften(recorder, appointment);
    await act(recorder, appointment, 'move', { actor: 'staff', startsAt: instant(61) });
    return toTheEnd(recorder, appointment);
  },
  // The provider has the message, although it answered with a fault: its receipt says so.
  'delivery/known': (recorder) => deliveryLife(recorder, 'errorButSent', 1),
  'delivery/settled': async (recorder) => {
    const workflowId = await deliveryLife(recorder, 'errorNotSent:1', 2);
    await recorder.travel(workflowId, Date.now() + 10 * MINUTE);
    return workflowId;
  },
  'inbound-message/handled': async (recorder) => {
    const text = { from: kallio.patients[0]?.mobile, to: kallio.senders[0]?.address, body: 'Kiitos!' };
    await postTo(`${recorder.clinic.simulator}/_sim/reply`, text);
    return firstOf(recorder, 'inboundMessageWorkflow');
  },
  'inbound-message/other-times': cannotCome,
  // One of its codes has been given before: the reply to that leaves before other times are looked for.
  'inbound-message/replies-first': cannotComeTwice,
  'proposal/answered': async (recorder) => {
    const { workflowId, times } = await propose(recorder, 32);
    const { clinic } = recorder;
    const code = times[0]!.code;
    const text = await eventually('the text', async () =>
      (await clinic.phone(kallio.patients[0]?.mobile ?? '')).find(({ body }) => body.includes(code)),
    );
    await clinic.reply(text, code);
    return workflowId;
  },
  'proposal/expired': async (recorder) => {
    const { workflowId, expiresAt } = await propose(recorder, 33);
    await recorder.travel(workflowId, Date.parse(expiresAt) + MINUTE);
    return workflowId;
  },
  'proposal/refused': refusedProposal,
  // Its visit moves while the provider is too busy for its text.
  'proposal/given-back': async (recorder) => {
    const appointment = await reserve(recorder, 'book', 35, 2);
    await behave(recorder, 'rateLimited:6');
    const { workflowId } = await propose(recorder, 37, appointment.id);
    await act(recorder, appointment, 'move', { actor: 'staff', startsAt: instant(36, 2), notify: false });
    return workflowId;
  },
  ...openingLives,
  'free-text/sent': async (recorder) => {
    const { patientId } = visit();
    const body = { patientId, channel: 'sms', body: 'Tervetuloa!', sendNow: true };
    const { id } = await recorder.clinic.post<{ id: FreeTextId }>('/v1/messages', body, 202);
    return freeTextWorkflowId(kallioId, id);
  },
  'rule-change/told': async (recorder) => {
    await reserve(recorder, 'book', 31);
    const workflowId = await recorder.changeRules(kallioId);
    await recorder.travel(workflowId, Date.now() + MINUTE);
    return workflowId;
  },
};

async function afterTheVisit(recorder: Recorder, days: number, action: string): Promise<string> {
  const appointment = await reserve(recorder, 'book', days);
  await recorder.travel(appointment.workflowId, Date.parse(appointment.startsAt) + HOUR);
  await act(recorder, appointment, action, { actor: 'staff' });
  return appointment.workflowId;
}

/** Nothing is leased, so nothing is reserved. */
async function refusedLife({ temporal }: Recorder): Promise<string> {
  const gateway = temporalGateway(temporal);
  const [appointmentId, requestId] = [asId<AppointmentId>(randomUUID()), asId<RequestId>(randomUUID())];
  const wish = { mode: 'book', actor: 'staff', confirmBy: null } as const;
  const terms = { ...wish, notify: true, remind: true, allowPatientOverlap: false };
  const input = { clinicId: kallioId, appointmentId, requestId, ...visit(), startsAt: daysAhead(24), ...terms };
  await gateway.reserve(input, 'Recorded', 10_000);
  await gateway.close();
  return appointmentWorkflowId(kallioId, appointmentId);
}

/** Each takes seven of the 4,096 events after which a run is long enough: so this is a little more than fits. */
async function confirmOften({ temporal }: Recorder, { workflowId }: Appointment): Promise<void> {
  const gateway = temporalGateway(temporal);
  for (let times = 0; times < 600; times++) {
    const requestId = asId<RequestId>(randomUUID());
    await gateway.act('confirm', workflowId, { requestId, actor: 'staff', hasReason: false }, 10_000);
  }
  await gateway.close();
}

interface Proposed {
  workflowId: string;
  expiresAt: string;
  times: { code: string }[];
}

/** The reminder's code comes back, and other times are proposed. */
async function cannotCome(recorder: Recorder): Promise<string> {
  const seen = await recorder.workflowsOf('inboundMessageWorkflow');
  const reminder = await reminded(recorder, 38);
  await recorder.clinic.reply(reminder, codeIn(reminder.body)!);
  return firstOf(recorder, 'inboundMessageWorkflow', seen);
}

async function cannotComeTwice(recorder: Recorder): Promise<string> {
  const [first, second] = [await reminded(recorder, 48), await reminded(recorder, 58)];
  const seen = await recorder.workflowsOf('inboundMessageWorkflow');
  await recorder.clinic.reply(first, codeIn(first.body)!);
  seen.push(await firstOf(recorder, 'inboundMessageWorkflow', seen));
  await recorder.clinic.reply(second, `${codeIn(first.body)} ${codeIn(second.body)}`);
  return firstOf(recorder, 'inboundMessageWorkflow', seen);
}

/** The reminder of a visit so many days ahead. */
async function reminded(recorder: Recorder, days: number) {
  const { clinic, travel } = recorder;
  const asking = async () =>
    (await clinic.phone(kallio.patients[0]?.mobile ?? '')).filter(({ body }) => codeIn(body) !== undefined);
  const { workflowId, startsAt } = await reserve(recorder, 'book', days);
  const seen = await asking();
  await travel(workflowId, Date.parse(startsAt) - 30 * HOUR);
  return eventually('the reminder', async () => (await asking())[seen.length]);
}

/** Two times, sent at any hour of the day. */
async function propose({ clinic }: Recorder, days: number, appointmentId?: string): Promise<Proposed> {
  const { patientId, visitTypeId, providerId } = visit();
  const times = [0, 1].map((hour) => ({ providerId, startsAt: instant(days, hour) }));
  const body = { patientId, visitTypeId, appointmentId, times, sendNow: true };
  const proposal = await clinic.post<Proposed & { id: ProposalId }>('/v1/proposals', body, 201);
  return { ...proposal, workflowId: proposalWorkflowId(kallioId, proposal.id) };
}

/** One of the times is taken already. */
async function refusedProposal(recorder: Recorder): Promise<string> {
  const seen = await recorder.workflowsOf('proposalWorkflow');
  await reserve(recorder, 'book', 34);
  await propose(recorder, 34).catch(() => undefined);
  return firstOf(recorder, 'proposalWorkflow', seen);
}

/** A message about a visit so near that it leaves at once, at any hour of the day. */
async function deliveryLife(recorder: Recorder, outcome: string, hour: number): Promise<string> {
  const seen = await recorder.workflowsOf('deliveryWorkflow');
  await behave(recorder, outcome);
  await reserve(recorder, 'book', 1, hour);
  return firstOf(recorder, 'deliveryWorkflow', seen);
}

/** What becomes of the next texts to the patient. */
function behave({ clinic }: Recorder, outcome: string): Promise<void> {
  return postTo(`${clinic.simulator}/_sim/behaviour`, { to: kallio.patients[0]?.mobile, outcome });
}

async function firstOf({ workflowsOf }: Recorder, type: string, seen: string[] = []): Promise<string> {
  return eventually(`a ${type}`, async () => (await workflowsOf(type)).find((id) => !seen.includes(id)));
}
