import { applyCommand } from './admin/apply.ts';
import { type Command, UsageError, UserError } from './admin/command.ts';
import { importPatientsCommand } from './admin/import-patients.ts';
import { keyCreateCommand } from './admin/key-create.ts';
import { keyListCommand } from './admin/key-list.ts';
import { keyRevokeCommand } from './admin/key-revoke.ts';
import { migrateCommand } from './admin/migrate.ts';

const commands: readonly Command[] = [
  migrateCommand,
  applyCommand,
  keyCreateCommand,
  keyListCommand,
  keyRevokeCommand,
  importPatientsCommand,
];

const args = process.argv.slice(2);
const command = commands.find(({ name }) => name.split(' ').every((part, index) => args[index] === part));

try {
  if (command) await command.run(args.slice(command.name.split(' ').length));
  else explain(args);
} catch (error) {
  process.exitCode = 1;
  console.error(messageFor(error));
}

function explain(given: readonly string[]): void {
  const isQuestion = given.length === 0 || given.includes('--help') || given.includes('-h') || given[0] === 'help';
  const rows = commands.map(({ name, usage, summary }) => [`${name} ${usage}`.trim(), summary] as const);
  const width = Math.max(...rows.map(([call]) => call.length));
  const overview = [
    'npm run admin -- <command>',
    '',
    ...rows.map(([call, summary]) => `  ${call.padEnd(width)}  ${summary}`),
    '',
    'The database is the one of MIGRATION_DATABASE_URL; with --local, that of `npm run dev`.',
  ].join('\n');
  if (!isQuestion) throw new UserError(`There is no command "${given.join(' ')}".\n\n${overview}`);
  console.log(overview);
}

function messageFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hasWrongWords = error instanceof UsageError || codeOf(error).startsWith('ERR_PARSE_ARGS');
  if (hasWrongWords && command) return `${error.message}\nUsage: npm run admin -- ${command.name} ${command.usage}`;
  return error instanceof UserError ? error.message : (error.stack ?? error.message);
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
