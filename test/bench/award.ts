import { randomUUID } from 'node:crypto';
import type { Stack } from '../../scripts/local-stack/stack.ts';
import { signedForm } from '../../simulator/twilio/signature.ts';
import { codesIn } from '../support/codes.ts';
import type { CrowdMember } from '../support/crowd.ts';
import { type Bench, type Scene, partOf, percentile, say, target, until, withClinic } from './bench.ts';
import { letWait, open, timeAhead } from './waiting.ts';

const RUNS = partOf(100);
const ASKED = 5;
const P99_AT_MOST = 300;

export const award: Bench = {
  about: `from the first answer's way in to the committed award, ${RUNS} openings with ${ASKED} patients asked each`,
  run: (stack) => {
    // What the winner gives up is not offered: each run is one award.
    const policy = { openings: { waveSize: ASKED, waveMinutes: 60, cascadeDepth: 0 } };
    return withClinic(stack, policy, (scene) => measure(stack, scene));
  },
};

async function measure(stack: Stack, scene: Scene): Promise<void> {
  // The first ones find every process cold.
  for (let run = 0; run < 4; run++) await runOnce(stack, scene, run);
  const took: Record<Winner, number[]> = { moves: [], books: [] };
  for (let run = 4; run < RUNS + 4; run++) {
    const winner = run % 2 === 0 ? 'moves' : 'books';
    took[winner].push(await runOnce(stack, scene, run));
  }
  const show = (times: number[]) =>
    [0.5, 0.99].map((part) => `p${part * 100} ${percentile(times, part).toFixed(0)} ms`).join(', ');
  const all = [...took.moves, ...took.books];
  for (const winner of ['moves', 'books'] as const) say(`  the winner ${winner}: ${show(took[winner])}`);
  say(`  all: ${show(all)} (${target(percentile(all, 0.99), P99_AT_MOST, ' ms')} for p99)`);
}

/** The winner's later visit moves there, or a new one is made. */
type Winner = 'moves' | 'books';

/** Milliseconds from just before the answer is posted until the award is seen. */
async function runOnce({ addresses }: Stack, scene: Scene, run: number): Promise<number> {
  const { sql, clinic } = scene;
  const startsAt = timeAhead(3 + Math.floor(run / 10), run % 10);
  const crowd = await letWait(scene, startsAt, ASKED);
  const [winner] = crowd as [CrowdMember, ...CrowdMember[]];
  if (run % 2 === 0) await giveLaterVisit(scene, winner, run);
  const openingId = await open(scene, startsAt);
  await untilQuiet(scene);

  const answer = signedForm(`${addresses.api}/webhooks/twilio/messages`, {
    MessageSid: `SM${randomUUID().replaceAll('-', '')}`,
    From: winner.mobile,
    To: clinic.sender,
    Body: await codeOf(addresses.simulator, winner),
  });
  const began = performance.now();
  const posted = fetch(answer.url, { ...answer.request(), method: 'POST' });
  const isFilled = async () => {
    const [row] = await sql<{ status: string }[]>`select status from openings where id = ${openingId}`;
    return row?.status === 'filled';
  };
  await until('the award', isFilled, { everyMs: 2 });
  const took = performance.now() - began;
  await (await posted).arrayBuffer();
  await untilQuiet(scene);
  return took;
}

async function giveLaterVisit({ sql, clinic, post }: Scene, { patientId }: CrowdMember, run: number): Promise<void> {
  const { visitTypeId, providerId } = clinic;
  const startsAt = timeAhead(60 + Math.floor(run / 10), run % 10).toISOString();
  const wish = { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, startsAt, notify: false };
  const { id } = await post('/v1/appointments', wish);
  await sql`update waiting_list set instead_of = ${id} where clinic_id = ${clinic.clinicId} and patient_id = ${patientId}`;
}

/** Until everything is said, and the receipts are in. */
async function untilQuiet({ sql, clinic }: Scene): Promise<void> {
  await until('quiet', async () => {
    const [row] = await sql<{ isLoud: boolean }[]>`
      select exists (select from notifications where clinic_id = ${clinic.clinicId} and status in ('planned', 'sending'))
        or exists (select from messages where clinic_id = ${clinic.clinicId} and status <> 'delivered') as "isLoud"`;
    return row!.isLoud === false;
  });
}

async function codeOf(simulator: string, { mobile }: CrowdMember): Promise<string> {
  const response = await fetch(`${simulator}/_sim/messages?to=${encodeURIComponent(mobile)}`);
  const texts = (await response.json()) as { body: string }[];
  const [code] = codesIn(texts.at(-1)?.body ?? '');
  if (code === undefined) throw new Error('the winner was not asked');
  return code;
}
