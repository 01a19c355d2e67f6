import { beforeAll, expect, it } from 'vitest';
import { type OpeningId, asId } from '../../domain/ids.ts';
import { MINUTE } from '../../domain/interval.ts';
import { daysAhead, reserve } from '../support/bookings.ts';
import { eventually } from '../support/product.ts';
import { type Waiting, startOpenings } from './openings.ts';

// The full thousand takes some minutes: OPENING_RACES=1000.
const RACES = Number(process.env['OPENING_RACES'] ?? 50);
const AT_ONCE = 4;
/** Of every 25 races one is among fifty. */
const crowds = [2, 3, 2, 5, 2, 8, 2, 13, 3, 2, 4, 2];
const crowdOf = (race: number) => (race % 25 === 24 ? 50 : crowds[race % crowds.length]!);

const world = await startOpenings({
  openings: { waveSize: 50 },
  // So many races send more in a minute than a clinic does.
  caps: { messagesPerRecipientAndHour: 10, messagesPerMinute: 60_000 },
});
const { product, sql, waitFor, untilAsked, answer, endOf, toldTo, giveUp, openingRow } = world;
const { call, clinic } = product;

beforeAll(async () => {
  const workers = await Promise.all([product.startWorker(), product.startWorker()]);
  return () => Promise.all(workers.map((worker) => worker.stop()));
});

/** Fifteen half hours of ten days; a race gives its time back. */
function timeOf(race: number): string {
  const [day, half] = [3 + (race % 10), Math.floor(race / 10) % 15];
  return new Date(Date.parse(daysAhead(day)) + half * 30 * MINUTE).toISOString();
}

interface Holder {
  id: string;
  patientId: string;
}

async function holdersOf(startsAt: string): Promise<Holder[]> {
  return sql<Holder[]>`select id, patient_id as "patientId" from appointments
    where clinic_id = ${clinic.clinicId} and provider_id = ${clinic.providerId} and starts_at = ${startsAt}
      and status in ('held', 'pending', 'booked')`;
}

/** All answer at once, now and then against staff who put somebody else there; answers what the others were told. */
async function run(race: number): Promise<void> {
  const startsAt = timeOf(race);
  const isAgainstStaff = race % 4 === 3;
  const people = await waitFor(startsAt, crowdOf(race), { visit: race % 4 === 1 });
  const { visitTypeId, providerId } = clinic;
  const opened = await call('POST', '/v1/openings', { body: { visitTypeId, providerId, startsAt } });
  expect(opened).toMatchObject({ status: 201 });
  const id = asId<OpeningId>(opened.body.id);
  const offers = await untilAsked(id, people.length);
  const staff = isAgainstStaff ? reserve(product, startsAt, { patientId: clinic.otherPatientId, notify: false }) : null;
  const [booked] = await Promise.all([staff, ...offers.map((offer) => answer(id, offer).catch(unlessEnded))]);
  // A lease that lost the race would be waited out.
  const { outcome } = (await endOf(id)) as { outcome: string };

  const holders = await holdersOf(startsAt);
  expect(holders, `race ${race}`).toHaveLength(1);
  const [holder] = holders;
  const winner = people.find(({ patientId }) => patientId === holder!.patientId);
  expect([outcome, booked?.status === 201, Boolean(winner)]).toEqual(
    winner ? ['filled', false, true] : ['withdrawn', true, false],
  );
  expect((await openingRow(id)).status).toBe(outcome);
  if (winner) await eventually('the word to the winner', async () => (await toldTo(winner)).length === 2);
  for (const person of people) expect(await toldTo(person)).toEqual(['offer', toldAtTheEnd(person, winner)]);
  const won = { id: winner?.visit?.id ?? holder!.id, startsAt: Date.parse(startsAt) };
  const visits = people.map((person) => (person === winner ? [won] : before(person)));
  expect(await visitsOf(people), `race ${race}`).toEqual(visits);
  await giveUp({ id: holder!.id } as Parameters<typeof giveUp>[0], { offer: false });
  // The time comes again in another race: who has lost it here waits no more.
  await sql`update waiting_list set ended_at = now(), ended_as = 'removed'
    where patient_id in ${sql(people.map(({ patientId }) => patientId))} and ended_at is null`;
}

interface VisitNow {
  id: string;
  startsAt: number;
}

/** What each of them has at the moment. */
async function visitsOf(people: readonly Waiting[]): Promise<VisitNow[][]> {
  const ids = people.map(({ patientId }) => patientId);
  const rows = await sql<{ id: string; patientId: string; startsAt: Date }[]>`
    select id, patient_id as "patientId", starts_at as "startsAt" from appointments
    where patient_id in ${sql(ids)} and status in ('held', 'pending', 'booked')`;
  const visits = rows.map(({ id, patientId, startsAt }) => ({
    patientId,
    visit: { id, startsAt: startsAt.getTime() },
  }));
  return ids.map((one) => visits.filter(({ patientId }) => patientId === one).map(({ visit }) => visit));
}

function before({ visit }: Waiting): VisitNow[] {
  return visit ? [{ id: visit.id, startsAt: Date.parse(visit.startsAt) }] : [];
}

const toldAtTheEnd = (person: Waiting, winner: Waiting | undefined) => (person === winner ? 'offerWon' : 'offerGone');

function unlessEnded(error: unknown): void {
  expect((error as Error).name).toBe('WorkflowNotFoundError');
}

it(
  'has one winner, who has the time, and tells each of the others once, who keep what they had, whoever answers at once',
  async () => {
    let next = 0;
    const runner = async () => {
      for (let race = next++; race < RACES; race = next++) await run(race);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, runner));
    expect(next).toBeGreaterThanOrEqual(RACES);
  },
  RACES * 6_000,
);
