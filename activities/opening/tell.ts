import type { getClient } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { inClinic, type Database } from '../../db/client.ts';
import { markEndedSeen } from '../../db/commands/openings/mark-seen.ts';
import { findOpeningSubjects } from '../../db/queries/opening-subjects.ts';
import type { ClinicId, OpeningId } from '../../domain/ids.ts';
import { openingChangedSignal, openingStart } from '../../workflows/opening/messages.ts';

export interface OpeningsToTell {
  clinicId: ClinicId;
  openingIds: readonly OpeningId[];
}

/** Where openings live. */
export interface OpeningWorkflows {
  workflow: Pick<ReturnType<typeof getClient>['workflow'], 'signalWithStart'>;
  taskQueue: string;
}

/**
 * Lets the openings' workflows look at the tables; starts those that have not been started. One that has ended stays so,
 * and has nothing left to see.
 */
export async function tellOpenings(
  db: Database,
  { workflow, taskQueue }: OpeningWorkflows,
  { clinicId, openingIds }: OpeningsToTell,
): Promise<void> {
  const subjects = await inClinic(db, clinicId, (tx) => findOpeningSubjects(tx, openingIds));
  const over: OpeningId[] = [];
  for (const { id: openingId, ...subject } of subjects) {
    const start = openingStart({ clinicId, openingId }, subject, taskQueue);
    const told = workflow.signalWithStart('openingWorkflow', { ...start, signal: openingChangedSignal });
    await told.catch((error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      over.push(openingId);
    });
  }
  if (over.length > 0) await inClinic(db, clinicId, (tx) => markEndedSeen(tx, over));
}
