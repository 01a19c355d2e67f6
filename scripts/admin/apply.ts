import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { Database } from '../../db/client.ts';
import { type AppliedClinic, applyClinic } from '../../db/commands/clinics/apply.ts';
import { Refusal } from '../../domain/errors.ts';
import { changesTold } from './changes-told.ts';
import { type ClinicFile, readClinicFile } from './clinic-file.ts';
import { type Command, UsageError, UserError } from './command.ts';
import { startRuleChange } from './rule-change.ts';
import { type AdminSettings, adminSettings, asOwner } from './settings.ts';

export const applyCommand: Command = {
  name: 'apply',
  usage: '<clinic.yaml> [--yes | --dry-run]',
  summary: 'makes a clinic what the file describes; shows what changes, and asks',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { yes: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
      allowPositionals: true,
    });
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw new UsageError('Name one file that describes a clinic.');
    const file = await readClinicFile(path);
    const settings = adminSettings();
    await asOwner(settings, async (db) => {
      const preview = await attempt(db, file, true);
      if (preview.changes.length === 0) return console.log('Nothing to change.');
      console.log(described(preview));
      if (values['dry-run']) return console.log('\nNothing was changed.');
      if (!values.yes && !(await isAgreed())) return console.log('Nothing was changed.');
      await carryThrough(db, file, preview, settings);
    });
  },
};

async function carryThrough(db: Database, file: ClinicFile, preview: AppliedClinic, settings: AdminSettings) {
  const applied = await attempt(db, file, false, preview);
  const { clinicId, ruleChangeId } = applied;
  console.log('\nApplied.');
  if (ruleChangeId === null) return;
  const hasBegun = await startRuleChange({ clinicId, ruleChangeId }, settings.temporal);
  console.log(
    hasBegun
      ? 'Open appointments are being told of the reminder rules.'
      : 'Open appointments will be told of the reminder rules by the worker, within a minute.',
  );
}

/** Applies, or sees what would come of it; refuses to do something else than what was shown. */
async function attempt(
  db: Database,
  file: ClinicFile,
  isDryRun: boolean,
  shown?: AppliedClinic,
): Promise<AppliedClinic> {
  try {
    const agreed = shown?.changes;
    return await applyClinic(db, file.description, { now: Date.now(), isDryRun, ...(agreed ? { agreed } : {}) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw error.errors.length > 0 ? file.complaint(error.errors) : new UserError(error.message);
  }
}

function described({ changes, visitsInClosedTime: visits, ruleChangeId }: AppliedClinic): string {
  const consequences = [
    ...(visits > 0
      ? [
          `${visits} ${visits === 1 ? 'visit lies' : 'visits lie'} in a time that is closed now: staff get a task for each.`,
        ]
      : []),
    ...(ruleChangeId === null ? [] : ['Reminders of open appointments are planned anew.']),
  ];
  return [changesTold(changes), ...(consequences.length > 0 ? ['', ...consequences] : [])].join('\n');
}

async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UserError('\nNothing was changed. To agree to it, add --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^(y|yes)$/i.test((await terminal.question('\nApply this? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}
