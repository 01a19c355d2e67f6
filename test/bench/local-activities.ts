import { DefaultLogger, NativeConnection, Runtime, type Worker, bundleWorkflowCode } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createActivities } from '../../activities/index.ts';
import { act } from '../../api/act.ts';
import { sha256 } from '../../api/authentication.ts';
import { reserve } from '../../api/reserve.ts';
import { type TemporalGateway, temporalGateway } from '../../api/temporal-gateway.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { type Caller, findApiKey } from '../../db/queries/api-key.ts';
import type { Appointment } from '../../domain/appointment.ts';
import type { Stack } from '../../scripts/local-stack/stack.ts';
import { kallio } from '../../scripts/seed/kallio.ts';
import { createWorker } from '../../worker/worker.ts';
import { type Bench, partOf, say } from './bench.ts';

/** Reservations, then confirmations, of one round; how many are under way at once; rounds, by turns. */
const SIZE = partOf(150);
const AT_ONCE = 32;
const ROUNDS = 4;

const HALF_HOUR = 1_800_000;
const WORKFLOWS = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
const REGULAR = fileURLToPath(new URL('./regular-activities.workflow.ts', import.meta.url));

let nextStart = Math.ceil(Date.now() / HALF_HOUR) * HALF_HOUR + 60 * 48 * HALF_HOUR;

interface Contender {
  deps: { db: Database; temporal: TemporalGateway; now: () => number };
  caller: Caller;
}

interface Round {
  reservations: number;
  confirmations: number;
}

export const localActivities: Bench = {
  about: 'what it is worth to run database writes within the workflow task',
  run: compare,
};

/** Local against regular activities, a round each by turns, so that a machine that slows down slows both. */
async function compare({ addresses }: Stack): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const db = openDatabase(addresses.database, { connections: 20 });
  const connection = await NativeConnection.connect({ address: addresses.temporal });
  const workers = [await startWorker(db, connection, 'local'), await startWorker(db, connection, 'regular')];
  const running = workers.map((worker) => worker.run());
  const [local, regular] = (await Promise.all(
    ['local', 'regular'].map((queue) => contender(addresses.temporal, db, queue)),
  )) as [Contender, Contender];
  await round(local, 20);
  await round(regular, 20);
  say('  Ratio of local to regular activities, per round (above 1: local is faster)');
  for (let number = 1; number <= ROUNDS; number++) {
    const [a, b] = [await round(local, SIZE), await round(regular, SIZE)];
    const ratio = (of: keyof Round) =>
      `${(a[of] / b[of]).toFixed(2)} ${of} (${a[of].toFixed(0)}/s and ${b[of].toFixed(0)}/s)`;
    say(`    ${number}: ${ratio('reservations')}, ${ratio('confirmations')}`);
  }
  for (const worker of workers) worker.shutdown();
  await Promise.all(running);
  await Promise.all([local, regular].map(({ deps }) => deps.temporal.close()));
  await connection.close();
  await db.close();
}

async function startWorker(db: Database, connection: NativeConnection, taskQueue: string): Promise<Worker> {
  const alias = taskQueue === 'regular' ? { '@temporalio/workflow$': REGULAR } : {};
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, alias: { ...(config.resolve?.alias as Record<string, string>), ...alias } },
    }),
  });
  // The messages would measure the simulator: they are taken and forgotten.
  const activities = createActivities({ db, transports: {}, publicUrl: 'http://127.0.0.1' });
  const sendNotification = () => Promise.resolve({ result: 'done' as const });
  return createWorker({
    connection,
    namespace: 'default',
    taskQueue,
    workflowBundle,
    activities: { ...activities, sendNotification },
  });
}

async function contender(address: string, db: Database, taskQueue: string): Promise<Contender> {
  const caller = await findApiKey(db, sha256('vk_test_kallio_staff'));
  if (!caller) throw new Error('The demonstration clinic is not seeded.');
  return {
    caller,
    deps: { db, now: Date.now, temporal: temporalGateway({ address, namespace: 'default', taskQueue }) },
  };
}

/** Appointments pre-reserved and then confirmed in a second. */
async function round({ deps, caller }: Contender, size: number): Promise<Round> {
  const made: Appointment[] = [];
  const reservations = await rate(size, async () => void made.push(await reserve(deps, caller, reservation())));
  const confirmations = await rate(size, async (index) => {
    const request = {
      action: 'confirm',
      appointmentId: made[index]!.id,
      actor: 'staff',
      actorRef: null,
      reason: null,
      notify: true,
    } as const;
    await act(deps, caller.clinicId, request);
  });
  return { reservations, confirmations };
}

function reservation(): Parameters<typeof reserve>[2] {
  nextStart += HALF_HOUR;
  return {
    mode: 'preReserve',
    actor: 'staff',
    actorRef: null,
    patientId: kallio.patients[0]!.id,
    visitTypeId: kallio.visitTypes[0]!.id,
    providerId: kallio.providers[0]!.id,
    startsAt: nextStart,
    confirmBy: null,
    notify: true,
    allowPatientOverlap: true,
    remind: true,
    holder: null,
    key: randomUUID(),
    fingerprint: '',
  };
}

async function rate(size: number, work: (index: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < size) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return size / ((performance.now() - began) / 1_000);
}
