import { expect } from 'vitest';
import { idsOfAttempt } from '../../../api/request-ids.ts';
import type { Life } from './commands.ts';
import { type Verdict, judgeReservation } from './contract.ts';
import { checkEnd } from './end.ts';
import { expectRefusal } from './explain.ts';
import { Lived } from './lived.ts';
import { look } from './look.ts';
import { reservationOf } from './requests.ts';
import { expectStored, settle } from './settle.ts';
import { shownVisit } from './shown.ts';
import { type Stage, send } from './stage.ts';
import { type World, setUpWorld } from './world.ts';

/** Lives one life on the real product and by the model, and compares the two after every step. */
export async function live(stage: Stage, life: Life): Promise<void> {
  const world = await setUpWorld(stage.sql, stage.product.adminUrl, life.world);
  const lived = await begin(stage, world, life);
  if (!lived) return;
  await settle(lived);
  for (const act of life.acts) await lived.perform(act);
  if (life.toTheEnd) await lived.goToTheEnd();
  await checkEnd(lived);
}

/** Reserves; undefined where that was rightly refused and nothing is left of it. */
async function begin(stage: Stage, world: World, { reservation, acts: [first] }: Life): Promise<Lived | undefined> {
  const { sql, faults } = stage;
  const { clinicId } = world.clinic;
  const before = Date.now();
  const sent = reservationOf(world, reservation, before);
  const attempts = [1, 2, 3, 4, 5].map((attempt) => idsOfAttempt(clinicId, sent.key, attempt).appointmentId);
  if (first?.act === 'fault') faults.strike(attempts[0]!, first);
  const answer = await send(stage, world, sent);
  if (answer.status !== 201) {
    const verdicts = [before, Date.now()].map((now) => judgeReservation(world, sent.wanted, now));
    expectRefusal(answer, verdicts, sent.wanted);
    stage.count(answer.body.code);
    for (const id of attempts) expect(await look(sql, clinicId, id)).toBeUndefined();
    const left = await sql`select from occupancies where clinic_id = ${clinicId} and owner_id in ${sql(attempts)}`;
    expect(left, 'a refused reservation occupies nothing').toHaveLength(0);
    return undefined;
  }
  // Where its lease lapses before anybody works, the first attempt is refused, and the next one is another appointment.
  const id: string = answer.body.id;
  expect(attempts).toContain(id);
  const stored = await look(sql, clinicId, id);
  const verdict: Verdict = judgeReservation(world, sent.wanted, Date.parse(answer.body.createdAt));
  const story = JSON.stringify({ wanted: sent.wanted, answer: answer.body, verdict });
  if (!('model' in verdict)) throw new Error(`this should have been refused: ${story}`);
  expect(answer.body).toMatchObject({ id, ...shownVisit(verdict.model) });
  expectStored(stored!, verdict.model, -Infinity);
  return new Lived(stage, verdict.model, id, { ...sent, answer });
}
