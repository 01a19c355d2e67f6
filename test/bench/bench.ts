import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import postgres from 'postgres';
import type { Stack } from '../../scripts/local-stack/stack.ts';
import { type TestClinic, addClinic } from '../support/clinic.ts';

export interface Bench {
  /** What it measures, in half a sentence. */
  about: string;
  run: (stack: Stack) => Promise<void>;
}

/** A part of the whole for a quick look: BENCH_SHARE=0.1 measures a tenth. What it shows then is no figure to go by. */
const SHARE = Number(process.env['BENCH_SHARE'] ?? 1);

export function partOf(whole: number): number {
  return Math.max(1, Math.round(whole * SHARE));
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What else the machine does: figures mean something where it is below the number of its cores before. */
export function load(): string {
  return loadavg()[0]!.toFixed(1);
}

/** The value of which the given part of all is no greater. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export function target(value: number, atMost: number, unit = ''): string {
  return `target: at most ${atMost}${unit}, ${value <= atMost ? 'met' : 'NOT MET'}`;
}

/** A clinic that sends at any hour, and the owner's connection to look behind the scenes. */
export interface Scene {
  clinic: TestClinic;
  sql: postgres.Sql;
  /** A request of the clinic's staff; fails unless it succeeds. */
  post: (path: string, body: unknown) => Promise<{ id: string }>;
}

export async function withClinic(
  { addresses }: Stack,
  policy: Record<string, unknown>,
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const { api, migrationDatabase } = addresses;
  const clinic = await addClinic(migrationDatabase, { policy: { quietHours: null, ...policy } });
  const sql = postgres(migrationDatabase, { max: 2, onnotice: () => {} });
  const post: Scene['post'] = async (path, body) =>
    (await postJson(api + path, body, {
      authorization: `Bearer ${clinic.staffKey}`,
      'idempotency-key': randomUUID(),
    })) as { id: string };
  try {
    await work({ clinic, sql, post });
  } finally {
    await sql.end();
  }
}

export async function postJson(url: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Looks again and again until there is something to see. */
export async function until<T>(
  what: string,
  look: () => Promise<T | false | undefined>,
  { everyMs = 20, patienceMs = 60_000 } = {},
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (seen !== false && seen !== undefined) return seen;
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${patienceMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
