import { readFileSync, readdirSync } from 'node:fs';
import type { Stack } from '../../scripts/local-stack/stack.ts';

const TICKS_PER_SECOND = 100;

/** Starts counting; what it answers tells the processor time of each part of the stack since. Empty where there is no /proc. */
export function countProcessorTime({ parts }: Stack): () => string {
  const names = [...parts.keys()];
  const now = () => names.map((name) => secondsOf(parts.get(name)?.pid()));
  const before = now();
  return () => {
    const spent = now().map((seconds, index) => seconds - before[index]!);
    return names.map((name, index) => `${name} ${spent[index]!.toFixed(1)} s`).join(', ');
  };
}

/** Of the process and of those that it has started: PostgreSQL is many. */
function secondsOf(pid: number | undefined): number {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const stats = processes.map((each) => statOf(each)).filter((stat) => stat !== undefined);
  const ours = stats.filter((stat) => stat.pid === pid || stat.parent === pid);
  return ours.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND;
}

function statOf(pid: string): { pid: number; parent: number; ticks: number } | undefined {
  try {
    // The name, in parentheses, may have any character in it.
    const rest = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return { pid: Number(pid), parent: Number(rest[1]), ticks: Number(rest[11]) + Number(rest[12]) };
  } catch {
    return undefined;
  }
}
