import { applyCommand } from './apply.ts';
import { type Command, UsageError, UserError } from './command.ts';
import { importPatientsCommand } from './import-patients.ts';
import { keyCreateCommand } from './key-create.ts';
import { keyListCommand } from './key-list.ts';
import { keyRevokeCommand } from './key-revoke.ts';
import { migrateCommand } from './migrate.ts';

const commands: readonly Command[] = [
  migrateCommand,
  applyCommand,
  keyCreateCommand,
  keyListCommand,
  keyRevokeCommand,
  importPatientsCommand,
];

/** Does what the words say; false where it went wrong, which has then been said on the terminal. */
export async function runAdmin(words: readonly string[]): Promise<boolean> {
  const command = commands.find(({ name }) => name.split(' ').every((part, index) => words[index] === part));
  try {
    if (!command) explain(words);
    else await command.run(words.slice(command.name.split(' ').length));
    return true;
  } catch (error) {
    console.error(messageFor(error, command));
    return false;
  }
}

function explain(given: readonly string[]): void {
  const isQuestion = given.length === 0 || given.includes('--help') || given.includes('-h') || given[0] === 'help';
  const overview = [
    'npm run admin -- <command>',
    '',
    ...commands.flatMap(({ name, usage, summary }) => [`  ${`${name} ${usage}`.trim()}`, `      ${summary}`]),
    '',
    'The database is the one of MIGRATION_DATABASE_URL; with --local, that of `npm run dev`.',
  ].join('\n');
  if (!isQuestion) throw new UserError(`There is no command "${given.join(' ')}".\n\n${overview}`);
  console.log(overview);
}

function messageFor(error: unknown, command: Command | undefined): string {
  if (!(error instanceof Error)) return String(error);
  const hasWrongWords = error instanceof UsageError || codeOf(error).startsWith('ERR_PARSE_ARGS');
  if (hasWrongWords && command) return `${error.message}\nUsage: npm run admin -- ${command.name} ${command.usage}`;
  return error instanceof UserError ? error.message : (error.stack ?? error.message);
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
