import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { readApiCallerEnv } from '../../config/env.ts';
import { type Command, UsageError, UserError } from './command.ts';
import { type ImportReport, importTold } from './import-told.ts';
import { Progress } from './progress.ts';
import { type Answer, sendFile } from './send-file.ts';

const LISTED = 50;

export const importPatientsCommand: Command = {
  name: 'import-patients',
  usage: '<file.csv> [--dry-run] [--all] [--url http://127.0.0.1:3000]',
  summary: "brings in a clinic's patients by the API; VUORO_API_KEY is a key of its staff",
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'dry-run': { type: 'boolean' }, all: { type: 'boolean' }, url: { type: 'string' } },
      allowPositionals: true,
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('Name one CSV file.');
    const { apiUrl, apiKey } = apiSettings(values.url);
    const isDryRun = values['dry-run'] === true;
    console.log(`${basename(file)} → ${apiUrl}`);
    const progress = new Progress(process.stderr);
    let last: Line = {};
    const answer = await sendFile({
      file,
      url: new URL(`${apiUrl}/v1/imports/patients?dryRun=${isDryRun}`),
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'text/csv', Accept: 'application/x-ndjson' },
      onLine: (line, size) => {
        last = parsed(line);
        if (last.progress) progress.tell(last.progress.bytes / size, last.progress.rows);
      },
    }).finally(() => progress.end());
    const report = reportIn(last, answer);
    const most = values.all ? Infinity : LISTED;
    console.log(`\n${importTold(report, { isDryRun, unusedColumns: unusedIn(answer), most })}`);
    if (report.refused.length > 0) process.exitCode = 1;
  },
};

interface Problem {
  detail?: string;
  errors?: { detail: string }[];
}

/** One of these; a refusal before the first row is a problem by itself. */
interface Line extends Problem {
  progress?: { rows: number; bytes: number };
  report?: ImportReport;
  problem?: Problem;
}

function apiSettings(url: string | undefined): { apiUrl: string; apiKey: string } {
  try {
    return readApiCallerEnv(url === undefined ? process.env : { ...process.env, API_URL: url });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}

function reportIn({ report, progress, problem, ...refusal }: Line, { status }: Answer): ImportReport {
  if (report) return report;
  if (progress) throw new UserError('The connection broke. Run it again: nothing is done twice.');
  const { detail = `it answers with status ${status}.`, errors = [] } = problem ?? refusal;
  throw new UserError(
    [`The API refuses the file: ${detail}`, ...errors.map((error) => `  ${error.detail}`)].join('\n'),
  );
}

function parsed(line: string): Line {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return {};
  }
}

function unusedIn({ headers }: Answer): string[] {
  const names = [headers['vuoro-unused-columns'] ?? []].flat().join(', ');
  return names === '' ? [] : names.split(', ').map(decodeURIComponent);
}
