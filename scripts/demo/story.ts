import { randomUUID } from 'node:crypto';
import { type Appointment, type ClinicClient, eventually } from './clinic-client.ts';
import {
  DAY,
  type Patient,
  book,
  expect,
  findPatient,
  freeTimeToMoveTo,
  inStatus,
  linkIn,
  preReserve,
  press,
  receive,
} from './steps.ts';
import { localTime, tell } from './telling.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const SECOND = 1_000;

interface Problem {
  code: string;
  phone?: string;
}

/** Reserve, ask, confirm and move by the link, remind, refuse a late cancel, complete. */
export async function confirmedLife(clinic: ClinicClient): Promise<Appointment> {
  tell.chapter('A time is kept for a patient, who confirms it by the link in the text');
  const patient = await findPatient(clinic, 'D-1002');
  const reserved = await preReserve(clinic, patient);
  const link = linkIn(await receive(clinic, reserved, patient, 'ask'));
  const nudge = (await clinic.timeline(reserved.id)).planned.find((step) => step.kind === 'nudge');
  expect(nudge !== undefined, 'No reminder of the question is planned.');
  await clinic.travel(reserved.workflowId, nudge.at);
  await receive(clinic, reserved, patient, 'nudge');

  await press(link, 'confirm');
  const booked = await clinic.get<Appointment>(`/v1/appointments/${reserved.id}`);
  expect(booked.status === 'booked', `After the confirmation the appointment is ${booked.status}.`);
  tell.step('the patient opens the link and confirms: booked');
  await receive(clinic, booked, patient, 'confirmed');

  const moved = await moveByLink(clinic, booked, link);
  await receive(clinic, moved, patient, 'moved');
  await remindAll(clinic, moved, patient);
  await refuseLateCancel(clinic, moved);
  await clinic.travel(moved.workflowId, Date.parse(moved.endsAt) + 8 * DAY);
  const closed = await eventually('the close', async () => inStatus(clinic, moved.id, 'completed'));
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
  return expired;
}

/** The time that came free is booked for somebody else; the clinic cancels it on the last day, with a reason. */
export async function cancelledLife(clinic: ClinicClient, expired: Appointment): Promise<Appointment> {
  tell.chapter('The time that came free goes to another patient, until the dentist falls ill');
  const patient = await findPatient(clinic, 'D-1006');
  const booked = await book(clinic, patient, expired);
  await receive(clinic, booked, patient, 'booked');
  await remindAll(clinic, booked, patient);
  await clinic.travel(booked.workflowId, Date.parse(booked.startsAt) - 3 * HOUR);
  const path = `/v1/appointments/${booked.id}/cancel`;
  const { code } = await clinic.post<Problem>(path, { actor: 'staff' }, 422, randomUUID());
  tell.step(`three hours before, staff cancel without a reason: refused with ${code}`);
  const reason = 'The dentist is ill.';
  const cancelled = await clinic.post<Appointment>(path, { actor: 'staff', reason }, 200, randomUUID());
  expect(cancelled.status === 'cancelled', `After the cancellation the appointment is ${cancelled.status}.`);
  tell.step(`with one they may, at any time: "${reason}"`);
  await receive(clinic, cancelled, patient, 'cancelled');
  return cancelled;
}

async function moveByLink(clinic: ClinicClient, booked: Appointment, link: string): Promise<Appointment> {
  const slot = await freeTimeToMoveTo(clinic, booked);
  await press(link, 'move', { startsAt: slot.startsAt });
  const moved = await clinic.get<Appointment>(`/v1/appointments/${booked.id}`);
  expect(moved.startsAt === slot.startsAt, `After the move the appointment starts at ${moved.startsAt}.`);
  const [from, to] = [booked, moved].map(({ startsAt, timeZone }) => localTime(startsAt, timeZone));
  tell.step(`another day suits better: the patient moves it by the same link, from ${from} to ${to}`);
  return moved;
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

async function refuseLateCancel(clinic: ClinicClient, { id, workflowId, startsAt }: Appointment): Promise<void> {
  await clinic.travel(workflowId, Date.parse(startsAt) - 2 * HOUR);
  const path = `/v1/appointments/${id}/cancel`;
  const { code, phone } = await clinic.post<Problem>(path, { actor: 'patient' }, 409);
  expect(code === 'TOO_LATE_TO_CANCEL', `A late cancel was refused with ${code}.`);
  expect((await inStatus(clinic, id, 'booked')) !== undefined, 'A refused cancel changed the appointment.');
  tell.step(`two hours before, the patient would cancel: refused with ${code}; please phone ${phone}`);
}
