import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { answersOk } from '../../scripts/local-stack/health.ts';
import { freePorts } from '../../scripts/local-stack/ports.ts';
import { endProcess, startProcess } from '../../scripts/local-stack/processes.ts';
import type { Stack } from '../../scripts/local-stack/stack.ts';
import { account } from '../../simulator/account.ts';
import { signedForm } from '../../simulator/twilio/signature.ts';
import { addCrowd } from '../support/crowd.ts';
import { type Bench, type Scene, partOf, percentile, say, target, until, withClinic } from './bench.ts';

const PER_SECOND = 200;
const TURN_SECONDS = 5;
const TURNS = partOf(12);
const PHONES = 500;
const HANDLED_WITHIN_MS = 20 * 60_000;
const RATIO_AT_MOST = 3;

const BARE_ROUTE = fileURLToPath(new URL('./bare-route.ts', import.meta.url));

export const inbound: Bench = {
  about:
    `${PER_SECOND} texts a second for ${TURNS * TURN_SECONDS} s, one in ten a repeat and one in twenty with a bad signature, ` +
    'and by turns as many to a bare route',
  run: (stack) => withClinic(stack, {}, (scene) => withBareRoute(stack, (bareUrl) => measure(stack, scene, bareUrl))),
};

async function withBareRoute({ options, addresses }: Stack, work: (url: string) => Promise<void>): Promise<void> {
  const [port] = (await freePorts(1)) as [number];
  const url = `http://127.0.0.1:${port}`;
  const args = ['--import', 'tsx', BARE_ROUTE, addresses.migrationDatabase, String(port), account.authToken];
  const pidFile = join(options.dir, 'run', 'bare-route.pid');
  const bare = startProcess({ command: process.execPath, args, pidFile, mark: BARE_ROUTE }, say);
  try {
    await until('the start of the bare route', () => answersOk(url));
    await work(url);
  } finally {
    await endProcess(bare.pid, 'SIGTERM', 5_000);
  }
}

async function measure({ addresses }: Stack, scene: Scene, bareUrl: string): Promise<void> {
  const phones = (await addCrowd(scene.sql, scene.clinic, PHONES)).map(({ mobile }) => mobile);
  const contenders = {
    product: textsTo(`${addresses.api}/webhooks/twilio/messages`, scene, phones),
    bare: textsTo(`${bareUrl}/messages`, scene, phones),
  };
  const took: Record<keyof typeof contenders, number[]> = { product: [], bare: [] };
  // The first ones find both processes cold.
  for (const text of Object.values(contenders)) await flood(text, PER_SECOND);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const name of ['product', 'bare'] as const) {
      took[name].push(...(await flood(contenders[name], TURN_SECONDS * PER_SECOND)));
    }
  }
  const ended = performance.now();
  const show = (times: number[]) =>
    [0.5, 0.99].map((part) => `p${part * 100} ${percentile(times, part).toFixed(1)} ms`).join(', ');
  say(`  acknowledged after: ${show(took.product)}; by the bare route: ${show(took.bare)}`);
  const ratio = percentile(took.product, 0.99) / percentile(took.bare, 0.99);
  say(`  ratio of the p99: ${ratio.toFixed(2)} (${target(ratio, RATIO_AT_MOST)})`);
  await waitForHandling(scene, contenders.product.stored, ended);
}

interface Text {
  fields: Record<string, string>;
  isForged: boolean;
}

interface Texts {
  url: string;
  next: () => Text;
  /** The provider's ids that must be in the tables in the end. */
  stored: Set<string>;
}

function textsTo(url: string, { clinic }: Scene, phones: readonly string[]): Texts {
  let made = 0;
  let last: Text | undefined;
  const stored = new Set<string>();
  const next = (): Text => {
    made += 1;
    if (made % 10 === 0 && last) return last;
    const id = `SM${randomUUID().replaceAll('-', '')}`;
    const From = phones[made % phones.length]!;
    const fields = { MessageSid: id, From, To: clinic.sender, Body: 'Thank you!', NumMedia: '0' };
    const text = { fields, isForged: made % 20 === 7 };
    if (text.isForged) return text;
    stored.add(id);
    last = text;
    return text;
  };
  return { url, next, stored };
}

/** Sends at a steady pace, however slow the answers; milliseconds from when each was due until it was acknowledged. */
async function flood({ url, next }: Texts, count: number): Promise<number[]> {
  const began = performance.now();
  const under: Promise<number>[] = [];
  for (let sent = 0; sent < count; sent++) {
    const due = began + (sent / PER_SECOND) * 1_000;
    const wait = due - performance.now();
    if (wait > 1) await delay(wait);
    under.push(send(url, next(), due));
  }
  return (await Promise.all(under)).filter((took) => !Number.isNaN(took));
}

/** What is forged must be refused, and is not counted. */
async function send(url: string, { fields, isForged }: Text, due: number): Promise<number> {
  const { request } = signedForm(url, isForged ? { ...fields, Body: 'signed' } : fields);
  const body = new URLSearchParams(fields).toString();
  const response = await fetch(url, { ...request(), method: 'POST', body });
  await response.arrayBuffer();
  const took = performance.now() - due;
  if (response.status !== (isForged ? 403 : 204)) throw new Error(`${url} answered ${response.status}`);
  return isForged ? Number.NaN : took;
}

async function waitForHandling({ sql, clinic }: Scene, stored: Set<string>, ended: number): Promise<void> {
  const count = async () => {
    const [row] = await sql<{ all: number; left: number }[]>`
      select count(*)::int as all, count(*) filter (where handled_at is null)::int as left
      from inbound_messages where clinic_id = ${clinic.clinicId}`;
    return row!;
  };
  const { all, left } = await count();
  if (all !== stored.size) throw new Error(`${all} stored of ${stored.size}`);
  say(`  stored: ${all}, each once; ${left} of them not handled yet`);
  const isDone = async () => (await count()).left === 0;
  await until('the handling of all', isDone, { everyMs: 250, patienceMs: HANDLED_WITHIN_MS });
  say(`  all handled ${((performance.now() - ended) / 1_000).toFixed(0)} s later`);
}
