import { stripVTControlCharacters } from 'node:util';
import type { Paint } from './readable-log.ts';
import type { StackAddresses } from './options.ts';

/** What is shown once everything is up: where it is, the keys, a first call to copy. */
export interface Welcome {
  addresses: StackAddresses;
  seconds: number;
  /** The folder with the data. */
  dir: string;
  /** A visit type of the clinic whose key is used below. */
  visitTypeId: string;
  keys: readonly { clinic: string; key: string; for: string }[];
}

export function welcome({ addresses, seconds, dir, visitTypeId, keys }: Welcome, paint: Paint): string {
  const places: [string, string][] = [
    ['API', addresses.api],
    ['API reference', `${addresses.api}/docs`],
    ['Phones, mailboxes', addresses.simulator],
    ['Temporal UI', addresses.temporalUi ?? `of the server at ${addresses.temporal}`],
    ['PostgreSQL', withoutPassword(addresses.migrationDatabase)],
  ];
  const call =
    `curl -H 'Authorization: Bearer ${keys[0]?.key}' \\\n` +
    `       '${addresses.api}/v1/availability?visitTypeId=${visitTypeId}&limit=5'`;
  const rows = (cells: string[][]): string[] => aligned(cells).map((row) => `  ${row}`);
  return [
    `${paint.good('●')} ${paint.bold('Vuoro is up')} ${paint.dim(`(${seconds.toFixed(1)} s)`)}`,
    '',
    ...rows(places.map(([name, place]) => [name, paint.bold(place)])),
    '',
    paint.dim('Demonstration keys'),
    ...rows(keys.map(({ clinic, key, for: whom }) => [clinic, paint.bold(key), paint.dim(whom)])),
    '',
    paint.dim('Free times of the first clinic'),
    `  ${call}`,
    '',
    paint.dim(`Ctrl-C stops everything; the data stays in ${dir} for the next time, but for phones and mailboxes.`),
  ].join('\n');
}

/** Cells of a column begin below each other; colour codes take no room. */
function aligned(rows: string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visibleLength(cell)))
      .join('   ')
      .trimEnd(),
  );
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** A database of one's own has a password that is nobody's business; that of the local one is no secret. */
function withoutPassword(url: string): string {
  const parsed = new URL(url);
  if (parsed.password !== '' && parsed.password !== 'vuoro') parsed.password = '…';
  return decodeURI(parsed.href);
}
