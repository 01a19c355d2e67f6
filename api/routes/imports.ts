import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { Refusal } from '../../domain/errors.ts';
import { callerOf, staffOnly } from '../authentication.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { answerError, tooLarge, unsupported } from '../faults.ts';
import { type ImportReport, MOST_REFUSED, PatientImport } from '../import-patients.ts';
import { problems, routes, security } from '../openapi.ts';

const MOST = 64 * 1024 * 1024;
const LINES = 'application/x-ndjson';
/** A header longer than this is not taken by every proxy. */
const LONGEST_HEADER = 2_000;

const count = z.number().int();
const reportSchema = z
  .object({
    rows: count.openapi({ description: 'All but the header and blank ones.' }),
    created: count,
    updated: count,
    unchanged: count,
    refused: z
      .array(z.object({ row: count, reasons: z.array(z.string()) }))
      .openapi({ description: 'By row, as a spreadsheet counts: the header is row 1. A reason never quotes a cell.' }),
  })
  .openapi('ImportReport');

const description = `Send the file itself as the body, up to 64 MB: \`curl --data-binary @patients.csv -H 'Content-Type: text/csv'\`.

The first row names the columns, in English, Finnish, Swedish, German or Italian; case, accents and spaces do not matter. First name, last name and mobile are needed; e-mail, birth date, language and external id are optional. Other columns are passed over, and named, percent-encoded, in the header \`Vuoro-Unused-Columns\` of the answer. Comma, semicolon or tab; UTF-8, UTF-16 with its byte order mark, or Windows-1252.

A mobile number with + is kept as it is given, any other is read as it is dialled in the clinic's country. Birth dates: 1971-03-14, 14.3.1971, and 14/03/1971 where it cannot be read in two ways. Languages: by code or by name. An empty cell leaves what is known as it is.

A row is a known patient by external id, else by mobile and name, without regard to case, accents and punctuation; a second row about one patient is refused, and so is a personal identity code in any cell that would be stored.

A dry run answers what the import would. Rows are stored in batches of 500, each whole or not at all: if the connection breaks, send the file again. Importing a file a second time changes nothing. After ${MOST_REFUSED} refused rows the next one ends the import, and the dry run, with \`VALIDATION_FAILED\`; the batches stored by then stay.

With \`Accept: application/x-ndjson\` the answer begins while the file is still on its way: a line \`{ progress: { rows, bytes } }\` for each batch, then one with the \`report\`, or with the \`problem\` that ended it.`;

const route = createRoute({
  method: 'post',
  path: '/imports/patients',
  tags: ['Patients'],
  summary: 'Import patients from CSV',
  description,
  security,
  middleware: staffOnly(),
  request: {
    query: z.strictObject({
      dryRun: z.enum(['true', 'false']).default('false').openapi({ description: 'True: only tells what it would do.' }),
    }),
    body: { content: { 'text/csv': { schema: z.string() } }, required: true },
  },
  responses: {
    200: {
      description: 'What was done with the rows, or would be',
      content: { 'application/json': { schema: reportSchema }, [LINES]: { schema: z.string() } },
    },
    ...problems('MALFORMED_REQUEST', 'FORBIDDEN', 'TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'),
  },
});

/** Some browsers take CSV for a spreadsheet. */
const csvTypes = ['text/csv', 'application/csv', 'application/vnd.ms-excel', 'text/tab-separated-values', 'text/plain'];

/** Bringing in the patients of another system. */
export function importRoutes(deps: Pick<ApiDeps, 'db' | 'now' | 'log'>, most = MOST) {
  return routes().openapi(route, async (c) => {
    refuseOtherBodies(c, most);
    const isDryRun = c.req.valid('query').dryRun === 'true';
    const importing = new PatientImport(deps, { caller: callerOf(c), requestId: c.get('requestId'), isDryRun });
    const steps = importing.run(bodyOf(c, most));
    // With the first step the header is read: what it is refused for has a status of its own either way.
    const first = await steps.next();
    const unused = namesIn(importing.unusedColumns);
    if (unused !== '') c.header('Vuoro-Unused-Columns', unused);
    if (c.req.header('Accept') !== LINES) return c.json(await lastOf(steps, first), 200);
    const lines = linesOf(steps, first, async (error) => answerError(deps)(error, c).json());
    const body = ReadableStream.from(lines).pipeThrough(new TextEncoderStream());
    // The types of routes know no answer but the JSON of their description.
    return c.body(body, 200, { 'Content-Type': LINES }) as never;
  });
}

type Steps = ReturnType<PatientImport['run']>;
type Step = Awaited<ReturnType<Steps['next']>>;

async function lastOf(steps: Steps, first: Step): Promise<ImportReport> {
  let step = first;
  while (!step.done) step = await steps.next();
  return step.value;
}

/** A line for each batch, then one for the report, or for the problem that ended the import. */
async function* linesOf(
  steps: Steps,
  first: Step,
  problemOf: (error: unknown) => Promise<unknown>,
): AsyncGenerator<string> {
  const line = (what: object) => `${JSON.stringify(what)}\n`;
  try {
    let step = first;
    for (; !step.done; step = await steps.next()) yield line({ progress: step.value });
    yield line({ report: step.value });
  } catch (error) {
    yield line({ problem: await problemOf(error) });
  }
}

function refuseOtherBodies(c: Context<ApiEnv>, most: number): void {
  const type = c.req.header('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!csvTypes.includes(type)) throw unsupported('Send the file itself, as text/csv.');
  const encoding = c.req.header('Content-Encoding') ?? 'identity';
  if (encoding !== 'identity') throw unsupported('Send the file as it is, not compressed.');
  if (Number(c.req.header('Content-Length') ?? 0) > most) throw tooLarge();
}

/** What arrives, no more than is allowed; whether it is the whole file is for the connection to say. */
async function* bodyOf(c: Context<ApiEnv>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of c.req.raw.body ?? []) {
      size += chunk.length;
      if (size > most) break;
      yield chunk;
    }
  } catch {
    throw new Refusal('MALFORMED_REQUEST', 'The file broke off on its way. Send it again: nothing is done twice.');
  }
  if (size > most) throw tooLarge();
}

function namesIn(columns: readonly string[]): string {
  let names = '';
  for (const column of columns) {
    const longer = `${names}${names && ', '}${encodeURIComponent(Array.from(column.trim()).slice(0, 100).join(''))}`;
    if (longer.length > LONGEST_HEADER) return `${names}, ...`;
    names = longer;
  }
  return names;
}
