import type { Instant } from '../domain/interval.ts';

/** Moves one workflow's own clock, timer by timer, and answers with the instant at which it arrived. */
export type Advance = (target: TimeTarget) => Promise<Instant>;
export type TimeTarget = { workflowId: string } & ({ by: number } | { to: Instant });

const duration = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const unitsMs = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000];
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Elapsed milliseconds of an ISO 8601 duration, or null; no years and months, whose length depends on where they begin. */
export function parseDuration(text: string): number | null {
  const parts = duration.exec(text)?.slice(1);
  if (!parts) return null;
  const ms = parts.reduce((sum, part, at) => sum + Number(part ?? 0) * (unitsMs[at] ?? 0), 0);
  return ms > 0 && Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : null;
}

/** An RFC 3339 instant with its offset, or null: a local time would mean another moment on another machine. */
export function parseInstant(text: string): Instant | null {
  const at = instant.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
