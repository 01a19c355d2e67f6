import type { Stack } from '../../scripts/local-stack/stack.ts';
import { type Bench, type Scene, partOf, postJson, say, target, until, withClinic } from './bench.ts';
import { letWait, open, timeAhead } from './waiting.ts';

const PER_SECOND = 100;
const PATIENTS = partOf(1_000);
const RATIO_AT_MOST = 1.5;

export const offers: Bench = {
  about: `one opening to ${PATIENTS} waiting patients, by a carrier that takes ${PER_SECOND} texts a second`,
  run: (stack) => {
    const policy = { openings: { waveSize: PATIENTS, waveMinutes: 60 } };
    return withClinic(stack, policy, (scene) => measure(stack, scene));
  },
};

async function measure({ addresses }: Stack, scene: Scene): Promise<void> {
  const { simulator } = addresses;
  const startsAt = timeAhead(5);
  await letWait(scene, startsAt, PATIENTS);
  await scene.sql`analyze`;
  await postJson(`${simulator}/_sim/carrier`, { textsPerSecond: PER_SECOND });

  const began = Date.now();
  await open(scene, startsAt);
  const opened = Date.now() - began;
  const isDone = async () => (await countHandedOver(scene)) === PATIENTS;
  await until('the hand-over of all', isDone, { everyMs: 100, patienceMs: 300_000 });

  const texts = (await (await fetch(`${simulator}/_sim/messages`)).json()) as { to: string; at: string }[];
  const phones = new Set(texts.map(({ to }) => to)).size;
  if (texts.length !== PATIENTS || phones !== PATIENTS) throw new Error(`${texts.length} texts to ${phones} phones`);
  const moments = texts.map(({ at }) => Date.parse(at) - began);
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const ideal = (PATIENTS / PER_SECOND) * 1_000;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  say(`  opened after ${seconds(opened)}, first text after ${seconds(first)}, last after ${seconds(last)}`);
  say(`  ${await tries(scene)}`);
  say(
    `  ratio to the ideal of ${seconds(ideal)}: ${(last / ideal).toFixed(2)} (${target(last / ideal, RATIO_AT_MOST)})`,
  );
}

async function countHandedOver({ sql, clinic }: Scene): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from notifications where clinic_id = ${clinic.clinicId} and status = 'handedOver'`;
  return row!.count;
}

async function tries({ sql, clinic }: Scene): Promise<string> {
  const rows = await sql<{ outcome: string; count: number }[]>`
    select outcome, count(*)::int as count from message_attempts where clinic_id = ${clinic.clinicId} group by outcome`;
  return `tries: ${rows.map(({ outcome, count }) => `${count} ${outcome}`).join(', ')}`;
}
