import { randomUUID } from 'node:crypto';
import { type ClinicClient, eventually } from './clinic-client.ts';
import { type Opening, freeTimes, letWait, morning, tidyUp, visitTypeId } from './race.ts';
import type { Slot } from './steps.ts';
import { localTime, tell } from './telling.ts';

const HALF_AN_HOUR = 1_800_000;

/** Opens a free time for those who wait, and lets whoever sits before the virtual phones play the race. */
export async function play(clinic: ClinicClient): Promise<void> {
  tell.chapter('A time of this week is free, and is offered to those who wait for one');
  const [{ providerId, startsAt }] = (await freeTimes(clinic)) as [Slot];
  const waiting = await letWait(clinic, []);
  const opening = await clinic.post<Opening>('/v1/openings', { visitTypeId, providerId, startsAt }, 201, randomUUID());
  if (opening.offers.length === 0) await clinic.travel(opening.workflowId, morning(opening, 'Europe/Berlin'));
  const numbers = waiting.map(({ mobile }) => mobile.replace('+', '%2B')).join(',');
  tell.step(
    `${localTime(opening.startsAt, 'Europe/Berlin')} is offered; open the phones, in one window or in several:`,
  );
  tell.line(`\n    ${clinic.simulator}/phones?numbers=${numbers}\n`);
  tell.note('Press a code: whoever is first has the time. After ten minutes the next are asked.');
  const ended = await eventually('the end of the race', () => endOf(clinic, opening), HALF_AN_HOUR);
  const winner = waiting.find(({ id }) => id === ended.winner?.patientId);
  tell.step(winner ? `${winner.mobile} has it` : `nobody took it: ${ended.status}`);
  await tidyUp(
    clinic,
    waiting.filter((patient) => patient !== winner),
  );
}

async function endOf(clinic: ClinicClient, { id }: Opening): Promise<Opening | undefined> {
  const opening = await clinic.get<Opening>(`/v1/openings/${id}`);
  return opening.status === 'offering' ? undefined : opening;
}
