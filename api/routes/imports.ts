import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { importPatients } from '../../db/commands/patients/import.ts';
import type { Caller } from '../../db/queries/api-key.ts';
import { localDate } from '../../domain/clinic-time.ts';
import { Refusal } from '../../domain/errors.ts';
import {
  type Columns,
  type ImportedPatient,
  SeenRows,
  delimiterOf,
  readHeader,
  readRow,
} from '../../domain/patient-import.ts';
import { callerOf, staffOnly } from '../authentication.ts';
import { readCsv } from '../csv.ts';
import type { ApiDeps } from '../deps.ts';
import { unsupported } from '../faults.ts';
import { answers, problems, routes, security } from '../openapi.ts';

const BATCH = 500;

const reportSchema = z
  .object({
    rows: z.number().int(),
    created: z.number().int(),
    updated: z.number().int(),
    unchanged: z.number().int(),
    refused: z.array(
      z.object({
        row: z.number().int().openapi({ description: 'The header is row 1.' }),
        reasons: z.array(z.string()),
      }),
    ),
  })
  .openapi('ImportReport');
type Report = z.infer<typeof reportSchema>;

const route = createRoute({
  method: 'post',
  path: '/imports/patients',
  tags: ['Patients'],
  summary: 'Import patients from CSV',
  description:
    'First name, last name and mobile are needed; e-mail, birth date, language and external id are optional. Comma or ' +
    'semicolon, UTF-8 or Windows-1252, header names in English, Finnish, Swedish, German or Italian. A row is a known ' +
    'patient by external id, else by mobile and name; a second import of a file changes nothing. Importing goes on in ' +
    'batches as the file streams in: look at the report of a dry run first.',
  security,
  middleware: staffOnly(),
  request: {
    query: z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') }),
    body: { content: { 'text/csv': { schema: z.string() } }, required: true },
  },
  responses: {
    200: answers(reportSchema, 'What was done with each row, or would be'),
    ...problems('MALFORMED_REQUEST', 'FORBIDDEN', 'TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'),
  },
});

const csvTypes = ['text/csv', 'application/csv', 'application/vnd.ms-excel', 'text/plain'];

/** Bringing in the patients of another system. */
export function importRoutes(deps: Pick<ApiDeps, 'db' | 'now'>) {
  return routes().openapi(route, async (c) => {
    const type = c.req.header('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (!csvTypes.includes(type)) throw unsupported('Send the file itself, as text/csv.');
    const importing = new PatientImport(deps, callerOf(c), c.req.valid('query').dryRun === 'true');
    for await (const { row, cells } of readCsv(c.req.raw.body ?? nothing(), delimiterOf)) {
      await importing.take(row, cells);
    }
    return c.json(await importing.finish(), 200);
  });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** One file on its way into the database: its first row names the columns, the others are patients. */
class PatientImport {
  readonly #deps: Pick<ApiDeps, 'db' | 'now'>;
  readonly #caller: Caller;
  readonly #isDryRun: boolean;
  readonly #report: Report = { rows: 0, created: 0, updated: 0, unchanged: 0, refused: [] };
  readonly #seen = new SeenRows();
  #columns: Columns | undefined;
  #batch: { row: number; patient: ImportedPatient }[] = [];

  constructor(deps: Pick<ApiDeps, 'db' | 'now'>, caller: Caller, isDryRun: boolean) {
    this.#deps = deps;
    this.#caller = caller;
    this.#isDryRun = isDryRun;
  }

  async take(row: number, cells: readonly string[]): Promise<void> {
    if (!this.#columns) {
      this.#columns = readHeader(cells);
      return;
    }
    this.#report.rows += 1;
    const { country, timeZone } = this.#caller;
    const read = readRow(cells, this.#columns, { country, today: localDate(this.#deps.now(), timeZone) });
    if ('reasons' in read) return this.#refuse(row, read.reasons);
    const earlier = this.#seen.earlier(row, read.patient);
    if (earlier !== undefined) return this.#refuse(row, [`is the same patient as row ${earlier}`]);
    this.#batch.push({ row, patient: read.patient });
    if (this.#batch.length >= BATCH) await this.#store();
  }

  async finish(): Promise<Report> {
    if (!this.#columns)
      throw new Refusal('VALIDATION_FAILED', 'The file is empty: its first row must name the columns.');
    await this.#store();
    this.#report.refused.sort((a, b) => a.row - b.row);
    return this.#report;
  }

  async #store(): Promise<void> {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    const { clinicId } = this.#caller;
    const rows = batch.map(({ patient }) => patient);
    const outcomes = await inClinic(this.#deps.db, clinicId, (tx) =>
      importPatients(tx, { clinicId, rows, now: this.#deps.now(), isDryRun: this.#isDryRun }),
    );
    outcomes.forEach((outcome, index) => {
      if (typeof outcome === 'string') this.#report[outcome] += 1;
      else this.#refuse(batch[index]?.row ?? 0, [outcome.refused]);
    });
  }

  #refuse(row: number, reasons: string[]): void {
    this.#report.refused.push({ row, reasons });
  }
}
