import { randomInt, randomUUID } from 'node:crypto';
import { type Appointment, type ClinicClient, type PhoneMessage, eventually } from './clinic-client.ts';
import { DAY, type Patient, type Slot, expect, inStatus } from './steps.ts';
import { localTime, tell } from './telling.ts';

const MINUTE = 60_000;

export interface Opening {
  id: string;
  status: string;
  providerId: string;
  startsAt: string;
  winner: { patientId: string; appointmentId: string } | null;
  offers: { patientId: string; status: string; wave: number; why: string }[];
  workflowId: string;
}

interface Waiting extends Patient {
  /** Their own visit, later than the time that will become free; null for who has none. */
  own: Appointment | null;
  entryId: string;
}

/** So many wait; the first two have a later visit of their own. */
const WAITING = 6;
const ASKED_AT_ONCE = 5;

/** A cancellation, five offers, two answers at the same instant, one winner, and the time that the winner gives up. */
export async function race(clinic: ClinicClient): Promise<Appointment> {
  tell.chapter('A visit of this week is cancelled, and its time is offered to five who wait for one');
  const slots = await freeTimes(clinic);
  const [freed, ...later] = slots as [Slot, ...Slot[]];
  const visit = await bookFor(clinic, await someone(clinic), freed);
  const waiting = await letWait(clinic, later);
  const path = `/v1/appointments/${visit.id}/cancel`;
  await clinic.post(path, { actor: 'staff', reason: 'The patient phoned.' }, 200, randomUUID());
  tell.step(`${when(visit)} is free again`);

  const opening = await offered(clinic, visit);
  const offers = await Promise.all(asked(opening, waiting).map((patient) => offerTo(clinic, patient)));
  expect(offers.length === ASKED_AT_ONCE, `${offers.length} patients were asked at once.`);
  tell.step(`${offers.length} texts leave at once, each with a code of its own:`);
  tell.text(offers[0]!.text);
  for (const { why } of opening.offers.slice(0, 1)) tell.note(`why this patient was asked: ${why}`);

  const winner = await twoAnswers(clinic, opening, offers);
  await fillByPhone(clinic, winner, waiting);
  await tidyUp(
    clinic,
    waiting.filter(({ id }) => id !== winner.patient.id),
  );
  return winner.visit;
}

interface Offered {
  patient: Waiting;
  text: PhoneMessage;
}

async function twoAnswers(clinic: ClinicClient, { id }: Opening, offers: readonly Offered[]) {
  const both = offers.filter(({ patient }) => patient.own !== null);
  expect(both.length === 2, `Two of those who were asked have a later visit, not ${both.length}.`);
  await Promise.all(both.map(({ text }) => clinic.reply(text, codeIn(text.body))));
  tell.step('two of them answer at the same instant');
  const filled = await eventually('the award', async () => {
    const opening = await clinic.get<Opening>(`/v1/openings/${id}`);
    return opening.status === 'filled' ? opening : undefined;
  });
  const winner = both.find(({ patient }) => patient.id === filled.winner?.patientId);
  expect(winner !== undefined, 'The time went to nobody who asked for it.');
  const visit = await clinic.get<Appointment>(`/v1/appointments/${filled.winner!.appointmentId}`);
  expect(visit.startsAt === filled.startsAt, 'The winner does not have the time.');
  tell.step(`one of them has it: their own visit has moved from ${when(winner.patient.own!)} to ${when(visit)}`);
  tell.text(await nextText(clinic, winner.patient.mobile, 1));
  const losers = offers.filter((offer) => offer !== winner);
  const told = await Promise.all(losers.map(({ patient }) => nextText(clinic, patient.mobile, 1)));
  tell.step(`the ${losers.length} others are told once, and keep what they have:`);
  const other = losers.findIndex(({ patient }) => patient.own !== null);
  tell.text(told[other]!);
  return { patient: winner.patient, visit };
}

/** The winner's later time is offered in its turn, until staff give it to somebody who phones. */
async function fillByPhone(
  clinic: ClinicClient,
  winner: { patient: Waiting },
  waiting: readonly Waiting[],
): Promise<void> {
  const left = winner.patient.own!;
  const next = await offered(clinic, left);
  tell.step(`the time that the winner left, ${when(left)}, is offered to ${next.offers.length} others`);
  const texts = await Promise.all(
    asked(next, waiting).map(async ({ mobile }) => ({ mobile, before: (await clinic.phone(mobile)).length })),
  );
  const byPhone = await bookFor(clinic, await someone(clinic), left);
  const closed = await eventually('the end of the second opening', async () => {
    const opening = await clinic.get<Opening>(`/v1/openings/${next.id}`);
    return opening.status === 'withdrawn' ? opening : undefined;
  });
  expect(closed.winner === null, 'A time that staff gave away has a winner.');
  tell.step('somebody phones, and staff give that time away: the offering ends at once');
  await Promise.all(texts.map(({ mobile, before }) => textAfter(clinic, mobile, before)));
  tell.step('those who were asked are told');
  await cancelQuietly(clinic, byPhone);
}

/** The opening of a freed time, once its first texts have left; at night they wait for the morning. */
async function offered(clinic: ClinicClient, { startsAt, providerId, timeZone }: Appointment): Promise<Opening> {
  const found = await eventually('the opening', async () => {
    const { items } = await clinic.get<{ items: Opening[] }>('/v1/openings?status=offering');
    return items.find((opening) => opening.startsAt === startsAt && opening.providerId === providerId);
  });
  const look = async () => {
    const opening = await clinic.get<Opening>(`/v1/openings/${found.id}`);
    return opening.offers.length > 0 && opening.offers.every(({ status }) => status === 'asked') ? opening : undefined;
  };
  if (found.offers.length === 0) await clinic.travel(found.workflowId, morning(found, timeZone));
  return eventually('the offers', look);
}

/** The first minute of the day, wherever in the night we are: ten minutes later more patients are asked. */
export function morning({ startsAt }: Pick<Opening, 'startsAt'>, timeZone: string): number {
  for (let at = Date.now(); at < Date.parse(startsAt); at += MINUTE) {
    const hour = Number(localTime(at, timeZone).slice(-5, -3));
    if (hour >= 8 && hour < 21) return at;
  }
  throw new Error('There is no morning before the visit.');
}

function asked({ offers }: Opening, waiting: readonly Waiting[]): Waiting[] {
  const ids = new Set(offers.map(({ patientId }) => patientId));
  return waiting.filter(({ id }) => ids.has(id));
}

async function offerTo(clinic: ClinicClient, patient: Waiting): Promise<Offered> {
  return { patient, text: await nextText(clinic, patient.mobile, 0) };
}

function codeIn(body: string): string {
  const code = /\b[A-Z][2-9]{1,2}\b/.exec(body)?.[0];
  expect(code !== undefined, 'The offer prints no code.');
  return code;
}

/** The text that follows so many others of this story on a phone that was empty before. */
function nextText(clinic: ClinicClient, mobile: string, after: number) {
  return textAfter(clinic, mobile, (emptyAt.get(mobile) ?? 0) + after);
}

function textAfter(clinic: ClinicClient, mobile: string, before: number) {
  return eventually('a text', async () => (await clinic.phone(mobile))[before]);
}

/** How many texts each phone held before the story. */
const emptyAt = new Map<string, number>();

/** Times of the next days at one provider, not nearer than the day after tomorrow, a few hours apart at least. */
export async function freeTimes(clinic: ClinicClient): Promise<Slot[]> {
  const { items } = await clinic.get<{ items: { id: string; selfService: { move: string } }[] }>('/v1/visit-types');
  visitTypeId = items.find((type) => type.selfService.move === 'allowed')!.id;
  const [from, to] = [Date.now() + 2 * DAY, Date.now() + 13 * DAY].map((at) => new Date(at).toISOString());
  const query = new URLSearchParams({ visitTypeId, from: from!, to: to!, limit: '200' });
  const { slots } = await clinic.get<{ slots: Slot[] }>(`/v1/availability?${query.toString()}`);
  const chosen = slots.filter((slot, index) => index === 0 || slot.providerId === slots[0]!.providerId);
  const apart = chosen.filter(({ startsAt }, index) => index % 4 === 0 && startsAt !== undefined).slice(0, 3);
  expect(apart.length === 3, 'There are not enough free times in the next days.');
  return apart;
}

export let visitTypeId = '';

export async function letWait(clinic: ClinicClient, later: readonly Slot[]): Promise<Waiting[]> {
  const waiting: Waiting[] = [];
  for (let number = 0; number < WAITING; number++) {
    const patient = await someone(clinic);
    const consent = {
      category: 'offers',
      channel: 'sms',
      state: 'given',
      source: 'form',
      wording: 'Text me free times.',
    };
    await clinic.post(`/v1/patients/${patient.id}/consents`, consent, 201);
    const slot = later[number];
    const own = slot ? await bookFor(clinic, patient, slot) : null;
    const wish = { patientId: patient.id, visitTypeId, insteadOf: own?.id ?? null };
    const { id: entryId } = await clinic.post<{ id: string }>('/v1/waiting-list', wish, 201);
    waiting.push({ ...patient, own, entryId });
  }
  const earlier = later.length === 0 ? '' : `; ${later.length} of them have one and would rather come earlier`;
  tell.step(`${WAITING} patients wait for a time${earlier}`);
  return waiting;
}

/** Nobody waits any more, and nothing is offered again. */
export async function tidyUp(clinic: ClinicClient, waiting: readonly Waiting[]): Promise<void> {
  for (const { entryId, own } of waiting) {
    await clinic.delete(`/v1/waiting-list/${entryId}`);
    if (own && (await inStatus(clinic, own.id, 'booked'))) await cancelQuietly(clinic, own);
  }
}

async function cancelQuietly(clinic: ClinicClient, { id }: Appointment): Promise<void> {
  const body = { actor: 'staff', reason: 'The story is over.', offer: false, notify: false };
  await clinic.post(`/v1/appointments/${id}/cancel`, body, 200, randomUUID());
}

async function bookFor(clinic: ClinicClient, { id: patientId }: Patient, slot: Slot): Promise<Appointment> {
  const { providerId, startsAt } = slot;
  const body = { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, startsAt, notify: false };
  return clinic.post<Appointment>('/v1/appointments', body, 201, randomUUID());
}

const names = ['Ada', 'Ben', 'Cem', 'Dora', 'Emil', 'Frida', 'Gero', 'Hanna'];
const firstNumber = randomInt(20, 80);
let made = 0;

/** A new patient on a number that is reserved for fiction. */
async function someone(clinic: ClinicClient): Promise<Patient> {
  const mobile = `+491713920${String((firstNumber + made) % 100).padStart(3, '0')}`;
  const person = { firstName: names[made % names.length], lastName: 'Wartmann', mobile, language: 'en' };
  made += 1;
  emptyAt.set(mobile, (await clinic.phone(mobile)).length);
  return clinic.post<Patient>('/v1/patients', person, 201);
}

function when({ startsAt, timeZone }: Appointment): string {
  return localTime(startsAt, timeZone);
}
