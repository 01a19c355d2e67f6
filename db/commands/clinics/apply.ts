import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { and, inArray, ne, sql } from 'drizzle-orm';
import { type ClinicChange, changesOf, changesReminders, newlyClosed } from '../../../domain/clinic-changes.ts';
import { type ClinicDescription, pointerTo } from '../../../domain/clinic-description.ts';
import { type ClinicState, describedClinicId, stateOf } from '../../../domain/clinic-state.ts';
import { type FieldError, Refusal } from '../../../domain/errors.ts';
import { type ClinicId, type RuleChangeId, uuidOf } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction, Database } from '../../client.ts';
import { clinicWithSlug, loadClinicState } from '../../queries/clinic-state.ts';
import { providers, visitTypes } from '../../schema/index.ts';
import { addRuleChange } from '../rule-changes/add.ts';
import { carryOut } from './carry-out.ts';
import { askAboutVisits } from './closed-days.ts';

export interface AppliedClinic {
  clinicId: ClinicId;
  changes: ClinicChange[];
  /** Visits that lie in times which are closed now: staff are asked to look at each. */
  visitsInClosedTime: number;
  /** Open appointments are to be told of other reminder rules. */
  ruleChangeId: RuleChangeId | null;
}

export interface ApplyOptions {
  now: Instant;
  /** Does all of it and takes it back. */
  isDryRun?: boolean;
  /** The changes that somebody has agreed to: refuses if they have become others. */
  agreed?: readonly ClinicChange[];
}

/**
 * Makes a clinic what is described, in one transaction. Applied again it changes nothing. Needs the owner's connection,
 * which row-level security does not bind: every statement names its clinic. Refuses what is another clinic's.
 */
export async function applyClinic(
  db: Database,
  description: ClinicDescription,
  { now, isDryRun = false, agreed }: ApplyOptions,
): Promise<AppliedClinic> {
  let applied: AppliedClinic | undefined;
  try {
    return await db.drizzle.transaction(async (tx) => {
      applied = await apply(tx, description, now);
      if (isDryRun) throw new TakenBack();
      if (agreed && !isDeepStrictEqual(agreed, applied.changes))
        throw refusal([], 'The clinic has changed meanwhile: look again.');
      return applied;
    });
  } catch (error) {
    if (error instanceof TakenBack && applied) return applied;
    throw error;
  }
}

class TakenBack extends Error {}

async function apply(tx: ClinicTransaction, description: ClinicDescription, now: Instant): Promise<AppliedClinic> {
  const { slug } = description;
  // Two at once would both find a part missing.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`clinic ${slug}`}, 0))`);
  const withSlug = await clinicWithSlug(tx, slug);
  const clinicId = (description.id as ClinicId | undefined) ?? withSlug ?? describedClinicId(description, derivedId);
  if (withSlug !== undefined && withSlug !== clinicId) throw refusal([{ pointer: '/slug', detail: takenBy('slug') }]);
  const wanted = stateOf(description, clinicId, derivedId);
  await refuseForeignIds(tx, clinicId, wanted);

  const stored = await loadClinicState(tx, clinicId);
  const changes = changesOf(stored, wanted);
  for (const change of changes) await carryOut(tx, clinicId, change);
  let visitsInClosedTime = 0;
  for (const closed of newlyClosed(stored, wanted)) {
    const { timeZone } = wanted.clinic;
    visitsInClosedTime += await askAboutVisits(tx, { clinicId, timeZone, now, ...closed });
  }
  const ruleChangeId = changesReminders(stored, wanted) ? await addRuleChange(tx, clinicId, now) : null;
  return { clinicId, changes, visitsInClosedTime, ruleChangeId };
}

function derivedId(name: string): string {
  return uuidOf(createHash('sha256').update(name).digest());
}

/** An id stands for one calendar everywhere: occupied time is kept by it. */
async function refuseForeignIds(tx: ClinicTransaction, clinicId: ClinicId, wanted: ClinicState): Promise<void> {
  const errors: FieldError[] = [];
  for (const [list, table] of [['visitTypes', visitTypes] as const, ['providers', providers] as const]) {
    const ids: string[] = wanted[list].map(({ id }) => id);
    const foreign = await tx
      .select({ id: table.id })
      .from(table)
      .where(and(ne(table.clinicId, clinicId), inArray(sql`${table.id}`, ids)));
    for (const { id } of foreign) {
      errors.push({ pointer: pointerTo([list, ids.indexOf(id), 'id']), detail: takenBy('id') });
    }
  }
  if (errors.length > 0) throw refusal(errors);
}

function takenBy(what: string): string {
  return `is the ${what} of another clinic`;
}

function refusal(errors: FieldError[], message = 'The clinic cannot be set up like this.'): Refusal {
  return new Refusal('VALIDATION_FAILED', message, errors);
}
