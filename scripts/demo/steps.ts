import { randomUUID } from 'node:crypto';
import { type Appointment, type ClinicClient, UnexpectedAnswer, eventually } from './clinic-client.ts';
import { localTime, tell } from './telling.ts';

export const DAY = 86_400_000;

export interface Patient {
  id: string;
  mobile: string;
  email: string | null;
}

export interface Slot {
  providerId: string;
  startsAt: string;
}

/** Fails the demonstration where the system did something else than the story says. */
export function expect(isTrue: boolean, otherwise: string): asserts isTrue {
  if (!isTrue) throw new UnexpectedAnswer(otherwise);
}

export async function findPatient(clinic: ClinicClient, externalId: string): Promise<Patient> {
  const { items } = await clinic.post<{ items: (Patient & { externalId: string })[] }>(
    '/v1/patients/search',
    { query: externalId },
    200,
  );
  const patient = items.find((found) => found.externalId === externalId);
  expect(patient !== undefined, `The imported patient ${externalId} is not found.`);
  return patient;
}

export async function preReserve(clinic: ClinicClient, patient: Patient): Promise<Appointment> {
  const visitTypeId = await firstVisitType(clinic);
  const slot = await freeTime(clinic, visitTypeId, Date.now() + 40 * DAY);
  const body = { mode: 'preReserve', actor: 'staff', patientId: patient.id, visitTypeId, ...slot };
  const appointment = await clinic.post<Appointment>('/v1/appointments', body, 201, randomUUID());
  expect(appointment.status === 'pending', `A pre-reserved time is ${appointment.status}.`);
  tell.step(
    `reserved for ${localTime(slot.startsAt, appointment.timeZone)}, to be confirmed by ${localTime(appointment.confirmBy ?? '', appointment.timeZone)}`,
  );
  return appointment;
}

/** Books the time of another appointment, now that it is free. */
export async function book(clinic: ClinicClient, patient: Patient, freed: Appointment): Promise<Appointment> {
  const { providerId, visitTypeId, startsAt, timeZone } = freed;
  const body = { mode: 'book', actor: 'staff', patientId: patient.id, providerId, visitTypeId, startsAt };
  const booked = await clinic.post<Appointment>('/v1/appointments', body, 201, randomUUID());
  tell.step(`booked for ${localTime(startsAt, timeZone)}`);
  return booked;
}

/** A time that the patient may move to, some days after the present one. */
export async function freeTimeToMoveTo(clinic: ClinicClient, { id, startsAt }: Appointment): Promise<Slot> {
  const from = new Date(Date.parse(startsAt) + 2 * DAY).toISOString();
  const query = new URLSearchParams({ actor: 'patient', from, limit: '1' });
  const { slots } = await clinic.get<{ slots: Slot[] }>(`/v1/appointments/${id}/alternatives?${query.toString()}`);
  const [slot] = slots;
  expect(slot !== undefined, 'There is no time to move to.');
  return slot;
}

/** The patient's link in a message. */
export function linkIn({ body }: { body: string }): string {
  const link = /https?:\/\/\S+\/a\/[\w-]+/.exec(body)?.[0];
  expect(link !== undefined, 'The message carries no link.');
  return link;
}

/** Opens the patient's page, and presses a button of it as a browser would. */
export async function press(link: string, action: string, fields: Record<string, string> = {}): Promise<void> {
  const page = await fetch(link);
  expect(page.status === 200, `The page behind the link answered ${page.status}.`);
  const body = new URLSearchParams(fields);
  const pressed = await fetch(`${link}/${action}`, { method: 'POST', body, redirect: 'manual' });
  expect(pressed.status === 303, `Pressing "${action}" answered ${pressed.status}.`);
}

async function firstVisitType(clinic: ClinicClient): Promise<string> {
  const { items } = await clinic.get<{ items: { id: string; selfService: { cancel: string } }[] }>('/v1/visit-types');
  const open = items.find((type) => type.selfService.cancel === 'allowed');
  expect(open !== undefined, 'The clinic has no visit type that patients may cancel.');
  return open.id;
}

async function freeTime(clinic: ClinicClient, visitTypeId: string, from: number): Promise<Slot> {
  const range = new URLSearchParams({
    visitTypeId,
    from: new Date(from).toISOString(),
    to: new Date(from + 10 * DAY).toISOString(),
  });
  const { slots } = await clinic.get<{ slots: Slot[] }>(`/v1/availability?${range.toString()}&limit=1`);
  const [slot] = slots;
  expect(slot !== undefined, 'There is no free time in 40 days.');
  return { providerId: slot.providerId, startsAt: slot.startsAt };
}

/** Shows the next message to the patient. Where it waits for the morning, the appointment's clock is moved there first. */
export async function receive(
  clinic: ClinicClient,
  appointment: Appointment,
  patient: Patient,
  kind: string,
): Promise<{ body: string }> {
  const { planned } = await clinic.timeline(appointment.id);
  const heldBack = planned.find((step) => step.kind === kind && kind !== 'nudge' && kind !== 'reminder');
  if (heldBack) await clinic.travel(appointment.workflowId, heldBack.at);
  const { text, mail } = await eventually(`the ${kind} message`, () => nextArrival(clinic, patient));
  const story = `${appointment.id} ${kind}`;
  const before = told.get(story) ?? 0;
  told.set(story, before + 1);
  const delivered = await eventually(`the receipt of the ${kind} message`, async () => {
    const { past } = await clinic.timeline(appointment.id);
    const sent = past.filter((entry) => entry.what === 'message' && entry.kind === kind)[before];
    return sent?.status === 'delivered' ? sent : undefined;
  });
  tell.step(`${localTime(delivered.at, appointment.timeZone)}: ${text ? 'a text' : 'a mail'} arrives (${kind})`);
  if (text) tell.text(text);
  if (mail) tell.mail(mail);
  return { body: text?.body ?? mail?.text ?? '' };
}

/** What arrived on the patient's phone or in the mailbox and has not been told yet. */
async function nextArrival(clinic: ClinicClient, { mobile, email }: Patient) {
  const text = (await clinic.phone(mobile)).find(({ id }) => !shown.has(id));
  const mail = email === null ? undefined : (await clinic.mailbox(email)).find(({ id }) => !shown.has(id));
  const arrived = text ?? mail;
  if (!arrived) return undefined;
  shown.add(arrived.id);
  return text ? { text } : { mail };
}

/** What was on the phones and in the mailboxes before the story began, or has been told. */
const shown = new Set<string>();

/** How many messages of a kind about an appointment have been told. */
const told = new Map<string, number>();

/** Leaves out of the story what the virtual phones and mailboxes already hold. */
export async function forgetOldMessages(clinic: ClinicClient): Promise<void> {
  for (const externalId of ['D-1002', 'D-1004', 'D-1006']) {
    const patient = await findPatient(clinic, externalId);
    while ((await nextArrival(clinic, patient)) !== undefined);
  }
}

export async function inStatus(clinic: ClinicClient, id: string, status: string): Promise<Appointment | undefined> {
  const appointment = await clinic.get<Appointment>(`/v1/appointments/${id}`);
  return appointment.status === status ? appointment : undefined;
}
