import { Connection } from '@temporalio/client';
import pg from 'pg';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePorts } from '../../scripts/local-stack/ports.ts';
import { type PostgresServer, startPostgres } from '../../scripts/local-stack/postgres.ts';
import { guardFolder } from '../../scripts/local-stack/guard.ts';
import {
  copiedFromRepository,
  exampleEnvironment,
  filledIn,
  readDockerfile,
  roleStatements,
  root,
} from '../deployment/files.ts';
import { daysAhead, reserve, story } from '../support/bookings.ts';
import { addClinic, type TestClinic } from '../support/clinic.ts';
import { callApi, eventually } from '../support/product.ts';
import '../support/provided.ts';

/** What the Dockerfile builds, run as docker-compose.yml runs it: with what `.env.example` says, and nobody beside it. */
let folder: string;
let postgres: PostgresServer;
let environment: Record<string, string>;
let clinic: TestClinic;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vuoro-production-'));
  guardFolder(folder);
  const [port, apiPort, providerPort] = (await freePorts(3)) as [number, number, number];
  postgres = await startPostgres({ dir: folder, port, isDurable: false });
  environment = environmentOf({ port, apiPort, providerPort });
  await createRoles();
  build();
  const { code, errors } = await run('scripts/admin.js', ['migrate'], environment);
  expect([code, errors]).toEqual([0, '']);
  clinic = await addClinic(environment['MIGRATION_DATABASE_URL']!, { policy: { quietHours: null } });
}, 240_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the build', () => {
  it('holds the three mains, the migrations and the workflows, and nothing of development', () => {
    const built = filesBuilt();
    expect(built).toEqual(
      expect.arrayContaining(['api/main.js', 'worker/main.js', 'scripts/admin.js', 'workflows.js']),
    );
    expect(built.filter((path) => /simulator|local-stack|seed|test|\.ts$/.test(path))).toEqual([]);
    expect(built.filter((path) => /^db\/migrations\/\d+.*\.sql$/.test(path)).length).toBeGreaterThan(2);
  });

  it('has every file that it reads beside its own', () => {
    const files = filesBuilt().filter((path) => path.endsWith('.js') && path !== 'workflows.js');
    const named = files.flatMap((path) => {
      const code = readFileSync(join(folder, 'dist', path), 'utf8');
      const targets = [...code.matchAll(/new URL\('(\.[^']+)', import\.meta\.url\)/g)].map(([, target = '']) => target);
      return targets.map((target) => join(dirname(path), target));
    });
    // Only without a build is there something to bundle.
    const missing = named.filter((path) => !existsSync(join(folder, 'dist', path)) && path !== 'workflows/index.ts');
    expect(named).toContain('db/migrations');
    expect(missing).toEqual([]);
  });
});

describe('API and worker', () => {
  it('come up, take a booking while no provider answers, send its text once one does, and stop at SIGTERM', async () => {
    const worker = start('worker/main.js', environment);
    const api = start('api/main.js', environment);
    try {
      await eventually('the worker', async () => worker.said('the worker takes work'), 30_000);
      await eventually('the API', async () => api.said('the API listens'), 30_000);
      const url = `http://127.0.0.1:${environment['PORT']}`;
      const ready = await fetch(`${url}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', database: 'ok', temporal: 'ok' }]);

      const call = (...args: CallArguments) => callApi(url, clinic.staffKey, ...args);
      const booked = await reserve({ clinic, call }, daysAhead(1));
      expect([booked.status, booked.body.status]).toEqual([201, 'booked']);
      const messages = async () => (await call('GET', `/v1/messages?appointmentId=${booked.body.id}`)).body.items;
      await eventually('a try', async () => (await messages())[0]?.status === 'sending');
      expect(await providerAnswers()).toContain(encodeURIComponent(clinic.mobile));
      await eventually('the hand-over', async () => (await messages())[0]?.status === 'accepted');
      expect(await story({ clinic, call }, booked.body.id)).toEqual(['booked', 'message:booked']);
    } finally {
      api.process.kill('SIGTERM');
      worker.process.kill('SIGTERM');
    }
    expect([await api.ended, await worker.ended]).toEqual([0, 0]);
    expect(api.errors() + worker.errors()).toBe('');
    expect(api.said('the API has stopped') && worker.said('the worker has stopped')).toBe(true);
  });
});

describe('a worker of a versioned deployment', () => {
  it('gets work once its build is the current one, and shows how it does', async () => {
    const metrics = `127.0.0.1:${new URL(environment['TWILIO_BASE_URL']!).port}`;
    const changes = { WORKER_VERSIONING: 'true', METRICS_ADDRESS: metrics, TEMPORAL_TASK_QUEUE: randomUUID() };
    const worker = start('worker/main.js', { ...environment, ...changes });
    const api = start('api/main.js', { ...environment, ...changes });
    try {
      await eventually('the worker', async () => worker.said('the worker takes work'), 30_000);
      await eventually('the API', async () => api.said('the API listens'), 30_000);
      await makeCurrent(buildId());
      const call = (...args: CallArguments) =>
        callApi(`http://127.0.0.1:${environment['PORT']}`, clinic.staffKey, ...args);
      expect((await reserve({ clinic, call }, daysAhead(2), { notify: false })).status).toBe(201);
      const shown = await (await fetch(`http://${metrics}/metrics`)).text();
      expect(shown).toMatch(/^temporal_workflow_task_queue_poll_succeed\{[^}]*\} [1-9]/m);
      expect(shown).not.toContain(clinic.patientId);
    } finally {
      api.process.kill('SIGTERM');
      worker.process.kill('SIGTERM');
    }
    expect([await api.ended, await worker.ended]).toEqual([0, 0]);
  });
});

describe.each([
  ['API', 'api/main.js'],
  ['worker', 'worker/main.js'],
])('the %s ends with one clear sentence and code 1', (name, main) => {
  const reason = async (changes: Record<string, string>) => {
    const { code, errors } = await run(main, [], { ...environment, ...changes });
    expect(code).toBe(1);
    return errors;
  };

  it('where variables are missing or wrong', async () => {
    const changes = { TWILIO_AUTH_TOKEN: '', PUBLIC_URL: 'vuoro.example', DATABASE_URL: 'mysql://root:secret@db' };
    expect((await reason(changes)).split('\n')).toEqual([
      `The ${name} cannot start. The environment is not complete:`,
      expect.stringMatching(/^ {2}DATABASE_URL is not valid: set it to /),
      expect.stringMatching(/^ {2}PUBLIC_URL is not valid: set it to /),
      expect.stringMatching(/^ {2}TWILIO_AUTH_TOKEN is missing: set it to /),
      '',
    ]);
  });

  it.each([
    ['a superuser', () => postgres.adminUrl('vuoro')],
    ['the owner of the tables', () => environment['MIGRATION_DATABASE_URL']!],
  ])('where the database login is %s', async (_login, url) => {
    expect(await reason({ DATABASE_URL: url() })).toBe(
      `The ${name} cannot start. DATABASE_URL must name a login that is a member of vuoro_app, owns no table and has neither SUPERUSER nor BYPASSRLS.\n`,
    );
  });

  it('where no database answers', async () => {
    const url = new URL(environment['DATABASE_URL']!);
    url.port = new URL(environment['TWILIO_BASE_URL']!).port;
    expect(await reason({ DATABASE_URL: url.href })).toBe(
      `The ${name} cannot start. connect ECONNREFUSED 127.0.0.1:${url.port}\n`,
    );
  });
});

it('the logins of PostgreSQL reach their own databases only', async () => {
  const temporal = environment['DATABASE_URL']!.replace(/\/\/.*@/, `//temporal:${filledIn['TEMPORAL_PASSWORD']}@`);
  await expect(query(temporal, 'select 1')).rejects.toThrow('permission denied for database "vuoro"');
  const app = environment['DATABASE_URL']!.replace(/vuoro$/, 'temporal');
  await expect(query(app, 'select 1')).rejects.toThrow('permission denied for database "temporal"');
  expect(await query(environment['DATABASE_URL']!, 'select name from clinics')).toEqual([]);
});

type CallArguments = Parameters<typeof callApi> extends [string, string, ...infer Rest] ? Rest : never;

/** `.env.example`, filled in, with the addresses of this test's servers. */
function environmentOf({ port, apiPort, providerPort }: { port: number; apiPort: number; providerPort: number }) {
  const local = {
    ...filledIn,
    PUBLIC_URL: `http://127.0.0.1:${apiPort}`,
    PORT: String(apiPort),
    TEMPORAL_ADDRESS: inject('temporal').address,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_TASK_QUEUE: `production-${randomUUID()}`,
    TWILIO_BASE_URL: `http://127.0.0.1:${providerPort}`,
  };
  const values = exampleEnvironment(local);
  const here = (text: string) => text.replace('@postgres:5432/', `@127.0.0.1:${port}/`);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, here(value)]));
}

/** Until now nobody was there; answers one request as Twilio does, and is gone again. What it was sent shows a further try. */
function providerAnswers(): Promise<string> {
  const { port } = new URL(environment['TWILIO_BASE_URL']!);
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        response.writeHead(201, { 'content-type': 'application/json', connection: 'close' });
        response.end(JSON.stringify({ sid: `SM${'0'.repeat(32)}`, status: 'accepted' }));
        server.close(() => resolve(body));
      });
    }).listen(Number(port), '127.0.0.1');
  });
}

/** As the operations guide has it done by `temporal worker deployment set-current-version`. */
async function makeCurrent(build: string): Promise<void> {
  const connection = await Connection.connect({ address: environment['TEMPORAL_ADDRESS']! });
  try {
    const deployment = { namespace: 'default', deploymentName: 'vuoro', identity: 'test' };
    const known = async () => {
      const { workerDeploymentInfo: info } = await connection.workflowService.describeWorkerDeployment(deployment);
      return info?.versionSummaries?.some(({ deploymentVersion }) => deploymentVersion?.buildId === build);
    };
    await eventually('the build', () => known().catch(() => false));
    await connection.workflowService.setWorkerDeploymentCurrentVersion({ ...deployment, buildId: build });
  } finally {
    await connection.close();
  }
}

function buildId(): string {
  const code = readFileSync(join(folder, 'dist/workflows.js'));
  return createHash('sha256').update(code).digest('hex').slice(0, 12);
}

async function createRoles(): Promise<void> {
  for (const statement of roleStatements(environment)) await query(postgres.adminUrl('postgres'), statement);
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** As the Dockerfile's first stage does it: what is copied there is all that there is. */
function build(): void {
  for (const [from, to] of copiedFromRepository(0)) {
    if (to.startsWith('.')) cpSync(join(root, from), join(folder, from));
    else cpSync(join(root, from), join(folder, to), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const commands = readDockerfile()[0]
    ?.instructions.filter(({ name }) => name === 'RUN')
    .map(({ args }) => args);
  expect(commands).toEqual(['npm ci --ignore-scripts', 'npm run build']);
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

function filesBuilt(): string[] {
  const entries = readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(folder, 'dist'), join(entry.parentPath, entry.name)));
}

interface Program {
  process: ChildProcess;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | string>;
  errors: () => string;
  said: (event: string) => boolean;
}

function start(main: string, env: Record<string, string>, args: string[] = []): Program {
  const child = spawn(process.execPath, [join('dist', main), ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<number | string>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal ?? '')),
  );
  return { process: child, ended, errors: () => errors, said: (event) => output.includes(`"${event}"`) };
}

async function run(
  main: string,
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number | string; errors: string }> {
  const program = start(main, env, args);
  const code = await program.ended;
  return { code, errors: program.errors() };
}
