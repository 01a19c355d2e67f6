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
    const answer = await sendFile({
      file,
      url: new URL(`${apiUrl}/v1/imports/patients?dryRun=${isDryRun}`),
      apiKey,
      contentType: 'text/csv',
      onProgress: (sent, total) => progress.tell(sent, total),
    }).finally(() => progress.end());
    const report = reportIn(answer);
    const most = values.all ? Infinity : LISTED;
    console.log(`\n${importTold(report, { isDryRun, unusedColumns: unusedIn(answer), most })}`);
    if (report.refused.length > 0) process.exitCode = 1;
  },
};

function apiSettings(url: string | undefined): { apiUrl: string; apiKey: string } {
  try {
    return readApiCallerEnv(url === undefined ? process.env : { ...process.env, API_URL: url });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}

function reportIn({ status, body }: Answer): ImportReport {
  if (status === 200) return JSON.parse(body) as ImportReport;
  throw new UserError(`The API refuses the file: ${problemTold(body) ?? `it answers with status ${status}.`}`);
}

function problemTold(body: string): string | undefined {
  try {
    const { detail, errors = [] } = JSON.parse(body) as { detail: string; errors?: { detail: string }[] };
    return [detail, ...errors.map((error) => `  ${error.detail}`)].join('\n');
  } catch {
    return undefined;
  }
}

function unusedIn({ headers }: Answer): string[] {
  const names = [headers['vuoro-unused-columns'] ?? []].flat().join(', ');
  return names === '' ? [] : names.split(', ').map(decodeURIComponent);
}
