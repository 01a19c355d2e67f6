import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Appointment, type ClinicClient, UnexpectedAnswer, eventually } from './clinic-client.ts';
import { localTime, tell } from './telling.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const SECOND = 1_000;

interface Patient {
  id: string;
  mobile: string;
  email: string | null;
}

interface Slot {
  providerId: string;
  startsAt: string;
}

interface ImportReport {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: { row: number; reasons: string[] }[];
}

/** Fails the demonstration where the system did something else than the story says. */
function expect(isTrue: boolean, otherwise: string): asserts isTrue {
  if (!isTrue) throw new UnexpectedAnswer(otherwise);
}

/** A practice system's export is read: previewed, imported, and imported again without effect. */
export async function importPatients(clinic: ClinicClient): Promise<void> {
  tell.chapter('A patient list arrives from the practice system (CSV, semicolons, Windows-1252)');
  const file = await readFile(new URL('./patients.csv', import.meta.url));
  const preview = await clinic.importPatients<ImportReport>(file, true);
  const report = await clinic.importPatients<ImportReport>(file, false);
  expect(
    JSON.stringify(preview) === JSON.stringify(report),
    'The dry run promised something else than the import did.',
  );
  expect(
    report.rows === 7 && report.refused.length >= 1,
    `The file has 7 rows and one wrong number: ${JSON.stringify(report)}`,
  );
  tell.step(
    `${report.rows} rows: ${report.created} new, ${report.updated} changed, ${report.unchanged} unchanged, ${report.refused.length} refused`,
  );
  for (const { row, reasons } of report.refused) tell.note(`row ${row}: ${reasons.join('; ')}`);
  const again = await clinic.importPatients<ImportReport>(file, false);
  expect(again.created === 0 && again.updated === 0, 'A second import of the same file changed something.');
  tell.step('imported a second time: nothing changes');
}

/** Reserve, ask, confirm by the link, remind, complete. */
export async function confirmedLife(clinic: ClinicClient): Promise<Appointment> {
  tell.chapter('A time is kept for a patient, who confirms it by the link in the text');
  const patient = await findPatient(clinic, 'D-1002');
  const reserved = await preReserve(clinic, patient);
  const ask = await receive(clinic, reserved, patient, 'ask');

  const link = /https?:\/\/\S+\/a\/\S+/.exec(ask.body)?.[0];
  expect(link !== undefined, 'The question carries no link.');
  const nudge = (await clinic.timeline(reserved.id)).planned.find((step) => step.kind === 'nudge');
  expect(nudge !== undefined, 'No reminder of the question is planned.');
  await clinic.travel(reserved.workflowId, nudge.at);
  await receive(clinic, reserved, patient, 'nudge');

  const page = await fetch(link);
  expect(
    page.status === 200 && (await page.text()).includes('<form'),
    'The page behind the link offers no confirmation.',
  );
  const pressed = await fetch(`${link}/confirm`, { method: 'POST', redirect: 'manual' });
  expect(pressed.status === 303, `Pressing "confirm" answered ${pressed.status}.`);
  const booked = await clinic.get<Appointment>(`/v1/appointments/${reserved.id}`);
  expect(booked.status === 'booked', `After the confirmation the appointment is ${booked.status}.`);
  tell.step('the patient opens the link and confirms: booked');
  await receive(clinic, reserved, patient, 'confirmed');

  await remindAll(clinic, booked, patient);
  await clinic.travel(booked.workflowId, Date.parse(booked.endsAt) + 8 * DAY);
  const closed = await eventually('the close', async () => inStatus(clinic, booked.id, 'completed'));
  tell.step('a week after the visit nobody has said otherwise: completed');
  return closed;
}

/** Reserve, ask, nudge twice, expire at the very moment; the time can be booked again. */
export async function unansweredLife(clinic: ClinicClient): Promise<Appointment> {
  tell.chapter('Another time is kept for a patient who never answers');
  const patient = await findPatient(clinic, 'D-1004');
  const reserved = await preReserve(clinic, patient);
  await receive(clinic, reserved, patient, 'ask');
  const nudges = (await clinic.timeline(reserved.id)).planned.filter((step) => step.kind === 'nudge');
  expect(nudges.length === 2, `Two reminders of the question were to be planned, not ${nudges.length}.`);
  for (const nudge of nudges) {
    await clinic.travel(reserved.workflowId, nudge.at);
    await receive(clinic, reserved, patient, 'nudge');
  }

  const confirmBy = Date.parse(reserved.confirmBy ?? '');
  // The clock runs on at the pace of the wall while we look, so we look a minute before.
  await clinic.travel(reserved.workflowId, confirmBy - MINUTE);
  expect((await inStatus(clinic, reserved.id, 'pending')) !== undefined, 'It expired before its time.');
  await clinic.travel(reserved.workflowId, confirmBy + SECOND);
  const expired = await eventually('the expiry', async () => inStatus(clinic, reserved.id, 'expired'));
  const { past } = await clinic.timeline(reserved.id);
  const late = Date.parse(past.find((entry) => entry.what === 'expired')?.at ?? '') - confirmBy;
  expect(late > 0 && late <= 5 * SECOND, `It expired ${late} ms after the last moment for an answer.`);
  tell.step(
    `nobody answered: expired at ${localTime(confirmBy, reserved.timeZone)}, ${late / SECOND} s after the last moment`,
  );
  await receive(clinic, reserved, patient, 'expired');
  await bookAndGiveBack(clinic, reserved);
  return expired;
}

async function findPatient(clinic: ClinicClient, externalId: string): Promise<Patient> {
  const { items } = await clinic.post<{ items: (Patient & { externalId: string })[] }>(
    '/v1/patients/search',
    { query: externalId },
    200,
  );
  const patient = items.find((found) => found.externalId === externalId);
  expect(patient !== undefined, `The imported patient ${externalId} is not found.`);
  return patient;
}

async function preReserve(clinic: ClinicClient, patient: Patient): Promise<Appointment> {
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
async function receive(
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
  for (const externalId of ['D-1002', 'D-1004']) {
    const patient = await findPatient(clinic, externalId);
    while ((await nextArrival(clinic, patient)) !== undefined);
  }
}

async function remindAll(clinic: ClinicClient, booked: Appointment, patient: Patient): Promise<void> {
  const reminders = (await clinic.timeline(booked.id)).planned.filter((step) => step.kind === 'reminder');
  expect(reminders.length > 0, 'No reminder is planned for a visit that is weeks away.');
  for (const reminder of reminders) {
    await clinic.travel(booked.workflowId, reminder.at);
    await receive(clinic, booked, patient, 'reminder');
  }
  const { past } = await clinic.timeline(booked.id);
  const twoDaysBefore = past.findLast((entry) => entry.what === 'message' && entry.kind === 'reminder');
  const local = localTime(twoDaysBefore?.at ?? 0, booked.timeZone);
  expect(local.endsWith('13:00'), `The reminder two days before left at ${local}, not at 13:00 clinic time.`);
  tell.step("the reminder left two days before the visit at 13:00 on the clinic's clock");
}

async function bookAndGiveBack(clinic: ClinicClient, expired: Appointment): Promise<void> {
  const patient = await findPatient(clinic, 'D-1006');
  const { providerId, visitTypeId, startsAt } = expired;
  const body = {
    mode: 'book',
    actor: 'staff',
    patientId: patient.id,
    providerId,
    visitTypeId,
    startsAt,
    notify: false,
  };
  const booked = await clinic.post<Appointment>('/v1/appointments', body, 201, randomUUID());
  tell.step('its time can be booked by somebody else at once');
  const reason = 'The demonstration tidies up.';
  await clinic.post(
    `/v1/appointments/${booked.id}/cancel`,
    { actor: 'staff', reason, notify: false },
    200,
    randomUUID(),
  );
  tell.step('and is given back by staff, with a reason');
}

async function inStatus(clinic: ClinicClient, id: string, status: string): Promise<Appointment | undefined> {
  const appointment = await clinic.get<Appointment>(`/v1/appointments/${id}`);
  return appointment.status === status ? appointment : undefined;
}
