import { randomUUID } from 'node:crypto';
import type { Instant } from '../../domain/interval.ts';
import { ELAPSED_DAY, MINUTE } from '../../domain/interval.ts';
import { type Appointment, type ClinicClient, eventually } from '../demo/clinic-client.ts';
import { kallio, kallioId } from '../seed/kallio.ts';
import type { Recorder } from './recorder.ts';

type Tools = Pick<Recorder, 'clinic' | 'travel' | 'workflowsOf' | 'passNoticeLimit' | 'changePolicy'>;

interface Opening {
  id: string;
  workflowId: string;
  offers: { patientId: string; status: string }[];
}

interface Slot {
  startsAt: string;
  endsAt: string;
  providerId: string;
}

const visitTypeId = kallio.visitTypes[0]!.id;
const [, ...waiting] = kallio.patients;

/** Every way in which an opening can go, and the visits around it. */
export const openingLives: Record<string, (tools: Tools) => Promise<string>> = {
  'opening/filled': async (tools) => (await fill(tools)).opening.workflowId,
  'opening/unfilled': async (tools) => {
    const { opening } = await offer(tools, 1);
    await tools.travel(opening.workflowId, Date.now() + 11 * MINUTE);
    return opening.workflowId;
  },
  'opening/answered-at-the-limit': async (tools) => {
    const { opening } = await offer(tools, 1);
    await tools.passNoticeLimit(kallioId);
    await answer(tools.clinic, waiting[0]!.mobile ?? '');
    return opening.workflowId;
  },
  'opening/reply-outlasts-it': async (tools) => {
    const { clinic, changePolicy } = tools;
    const { opening, visit } = await offer(tools, 2);
    const [taker] = waiting;
    await bookOver(clinic, taker!.id, visit);
    await changePolicy({ caps: { messagesPerMinute: 1 } });
    await answer(clinic, taker!.mobile ?? '');
    await eventually('the refusal', async () => {
      const { items } = await clinic.get<{ items: { detail: { code?: string } }[] }>('/v1/tasks');
      return items.some(({ detail }) => detail.code === 'PATIENT_OVERLAP');
    });
    await clinic.post(`/v1/openings/${opening.id}/withdraw`, {}, 200);
    await changePolicy();
    return opening.workflowId;
  },
  'opening/withdrawn': async (tools) => {
    const { opening } = await offer(tools, 1);
    await tools.clinic.post(`/v1/openings/${opening.id}/release`, {}, 200);
    await tools.clinic.post(`/v1/openings/${opening.id}/withdraw`, {}, 200);
    return opening.workflowId;
  },
  'opening/refused': async ({ clinic, workflowsOf }) => {
    const seen = await workflowsOf('openingWorkflow');
    const providerId = kallio.providers[0]!.id;
    const startsAt = new Date(Date.now() - MINUTE).toISOString();
    await clinic.post('/v1/openings', { visitTypeId, providerId, startsAt }, 422);
    return eventually('it', async () => (await workflowsOf('openingWorkflow')).find((id) => !seen.includes(id)));
  },
  'appointment/cancelled-and-offered': async (tools) => (await offer(tools, 1)).visit.workflowId,
  'appointment/moved-into-opening': async (tools) => {
    const { won } = await fill(tools);
    await tools.travel(won.workflowId, Date.now() + 90 * ELAPSED_DAY);
    return won.workflowId;
  },
};

/** One does not want it, the other one takes it, whose later visit moves. */
async function fill(tools: Tools): Promise<{ opening: Opening; won: Appointment }> {
  const { clinic } = tools;
  const { opening, own } = await offer(tools, 2);
  const [decliner, winner] = waiting;
  await answer(clinic, decliner!.mobile ?? '', 'Ei');
  await eventually('the no', async () => {
    const { offers } = await clinic.get<Opening>(`/v1/openings/${opening.id}`);
    return offers.some(({ status }) => status === 'declined');
  });
  await answer(clinic, winner!.mobile ?? '');
  return { opening, won: own.at(-1)! };
}

/** A visit that is given up, and so many with a later one of their own who are asked. */
async function offer({ clinic }: Tools, count: number) {
  const times = await freeTimes(clinic);
  const isFreeTwice = ({ startsAt }: Slot) => times.filter((other) => other.startsAt === startsAt).length > 1;
  const slot = times.find(isFreeTwice);
  const own: Appointment[] = [];
  await forget(clinic);
  for (const [index, { id: patientId }] of waiting.slice(0, count).entries()) {
    const visit = await book(clinic, patientId, times.at(-1 - index)!);
    own.push(visit);
    const consent = { category: 'offers', channel: 'sms', state: 'given', source: 'staff', wording: 'on the phone' };
    await clinic.post(`/v1/patients/${patientId}/consents`, consent, 201);
    await clinic.post('/v1/waiting-list', { patientId, visitTypeId, insteadOf: visit.id }, 201);
  }
  const visit = await book(clinic, kallio.patients[0]!.id, slot!);
  await clinic.post(`/v1/appointments/${visit.id}/cancel`, { actor: 'staff', reason: 'ill' }, 200);
  const opening = await eventually('everybody being asked', async () => {
    const { items } = await clinic.get<{ items: Opening[] }>('/v1/openings?status=offering');
    return items.find(({ offers }) => offers.filter(({ status }) => status === 'asked').length === count);
  });
  return { visit, own, opening };
}

/** Nobody waits who waited in another life. */
async function forget(clinic: ClinicClient): Promise<void> {
  const { items } = await clinic.get<{ items: { id: string }[] }>('/v1/waiting-list');
  for (const { id } of items) await clinic.delete(`/v1/waiting-list/${id}`);
}

async function freeTimes(clinic: ClinicClient, type = visitTypeId): Promise<Slot[]> {
  const [from, to] = [3, 13].map((days) => new Date(Date.now() + days * ELAPSED_DAY).toISOString());
  const query = new URLSearchParams({ visitTypeId: type, from: from!, to: to!, limit: '200' });
  const { slots } = await clinic.get<{ slots: Slot[] }>(`/v1/availability?${query.toString()}`);
  return slots;
}

function book(clinic: ClinicClient, patientId: string, slot: Slot, type = visitTypeId): Promise<Appointment> {
  const { startsAt, providerId } = slot;
  const body = { mode: 'book', actor: 'staff', patientId, visitTypeId: type, providerId, startsAt, notify: false };
  return clinic.post<Appointment>('/v1/appointments', body, 201, randomUUID());
}

/** Another treatment over that time, for which nobody gives up the wish. */
async function bookOver(clinic: ClinicClient, patientId: string, visit: Appointment): Promise<void> {
  const [startsAt, endsAt] = [visit.startsAt, visit.endsAt].map(Date.parse) as [Instant, Instant];
  const [, filling] = kallio.visitTypes;
  const slots = await freeTimes(clinic, filling!.id);
  const isOver = (slot: Slot) => Date.parse(slot.startsAt) < endsAt && Date.parse(slot.endsAt) > startsAt;
  const slot = slots.find((one) => one.providerId !== visit.providerId && isOver(one));
  await book(clinic, patientId, slot!, filling!.id);
}

/** To the text that asked last: with its code, or in the patient's own words. */
async function answer(clinic: ClinicClient, mobile: string, word?: string): Promise<void> {
  const text = await eventually('the offer', async () =>
    (await clinic.phone(mobile)).findLast(({ body }) => codeIn(body) !== undefined),
  );
  await clinic.reply(text, word ?? codeIn(text.body)!);
}

export function codeIn(body: string): string | undefined {
  return /\b[A-Z]\d\b/.exec(body)?.[0];
}
