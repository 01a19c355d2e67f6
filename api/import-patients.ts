import { inClinic } from '../db/client.ts';
import { importPatients } from '../db/commands/patients/import.ts';
import type { Caller } from '../db/queries/api-key.ts';
import { localDate } from '../domain/clinic-time.ts';
import { Refusal } from '../domain/errors.ts';
import { type Columns, delimiterOf, readHeader } from '../domain/patient-columns.ts';
import { readRow } from '../domain/patient-import.ts';
import { type NumberedRow, PatientMatching } from '../domain/patient-matching.ts';
import type { ReadingRules } from '../domain/patient.ts';
import { readCsv } from './csv.ts';
import type { ApiDeps } from './deps.ts';

const BATCH = 500;
const LOGGED = 5_000;
/** Each is told with its reasons, so all of them are held in memory. */
export const MOST_REFUSED = 20_000;
const NAMED_AT_THE_END = 10;

/** How far an import is. */
export interface ImportProgress {
  rows: number;
  /** That have arrived of the file. */
  bytes: number;
}

export interface ImportReport {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: { row: number; reasons: string[] }[];
}

interface ImportRequest {
  caller: Caller;
  requestId: string;
  isDryRun: boolean;
}

/** One file on its way into the database: its first row names the columns, the others are patients. */
export class PatientImport {
  readonly #deps: Pick<ApiDeps, 'db' | 'now' | 'log'>;
  readonly #request: ImportRequest;
  readonly #rules: ReadingRules;
  readonly #report: ImportReport = { rows: 0, created: 0, updated: 0, unchanged: 0, refused: [] };
  readonly #matching = new PatientMatching();
  #columns: Columns | undefined;
  #batch: NumberedRow[] = [];
  #bytes = 0;

  constructor(deps: Pick<ApiDeps, 'db' | 'now' | 'log'>, request: ImportRequest) {
    this.#deps = deps;
    this.#request = request;
    const { country, timeZone } = request.caller;
    this.#rules = { country, today: localDate(deps.now(), timeZone) };
  }

  /** Columns of the header that mean nothing here. */
  get unusedColumns(): readonly string[] {
    return this.#columns?.unused ?? [];
  }

  /** Imports the file as it arrives, batch by batch. */
  async *run(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ImportProgress, ImportReport> {
    for await (const { row, cells } of readCsv(this.#counted(bytes), delimiterOf)) {
      if (!this.#columns) this.#columns = readHeader(cells);
      else this.#take(row, cells, this.#columns);
      const { rows } = this.#report;
      if (rows === 0 || rows % BATCH !== 0) continue;
      await this.#store();
      if (rows % LOGGED === 0) this.#tell('rows of a file looked at', 'rows of a file imported so far');
      yield { rows, bytes: this.#bytes };
    }
    if (!this.#columns)
      throw new Refusal('VALIDATION_FAILED', 'The file is empty: its first row must name the columns.');
    await this.#store();
    this.#tell('a file of patients was looked through', 'a file of patients was imported');
    this.#report.refused.sort(byRow);
    return this.#report;
  }

  async *#counted(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.#bytes += chunk.length;
      yield chunk;
    }
  }

  #take(row: number, cells: readonly string[], columns: Columns): void {
    this.#report.rows += 1;
    const read = readRow(cells, columns, this.#rules);
    if ('reasons' in read) this.#refuse(row, read.reasons);
    else this.#batch.push({ row, patient: read.patient });
  }

  /** In one transaction: a batch is stored whole or not at all. */
  async #store(): Promise<void> {
    const rows = this.#batch;
    if (rows.length === 0) return;
    this.#batch = [];
    const { db, now } = this.#deps;
    const { isDryRun, caller } = this.#request;
    const { clinicId } = caller;
    const decisions = await inClinic(db, clinicId, (tx) =>
      importPatients(tx, { clinicId, rows, matching: this.#matching, now: now(), isDryRun }),
    );
    decisions.forEach((decision, index) => {
      if (decision.outcome === 'refused') this.#refuse(rows[index]?.row ?? 0, [decision.reason]);
      else this.#report[decision.outcome] += 1;
    });
  }

  #refuse(row: number, reasons: string[]): void {
    const { refused } = this.#report;
    refused.push({ row, reasons });
    if (refused.length > MOST_REFUSED) throw tooManyRefused(refused);
  }

  #tell(ofDryRun: string, ofImport: string): void {
    const { requestId, caller, isDryRun } = this.#request;
    const event = isDryRun ? ofDryRun : ofImport;
    this.#deps.log.info(event, { requestId, clinicId: caller.clinicId, count: this.#report.rows });
  }
}

function tooManyRefused(refused: ImportReport['refused']): Refusal {
  const first = refused.sort(byRow).slice(0, NAMED_AT_THE_END);
  return new Refusal(
    'VALIDATION_FAILED',
    `More than ${MOST_REFUSED} rows are refused, so the rest is not looked at; \`errors\` names the first. ` +
      'Correct the file and send the whole of it again: nothing is done twice.',
    first.map(({ row, reasons }) => ({ pointer: '', detail: `row ${row}: ${reasons.join('; ')}` })),
  );
}

function byRow(a: { row: number }, b: { row: number }): number {
  return a.row - b.row;
}
