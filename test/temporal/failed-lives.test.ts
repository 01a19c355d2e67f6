import { ApplicationFailure } from '@temporalio/activity';
import { temporal as proto } from '@temporalio/proto';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import { openingWorkflowId } from '../../domain/ids.ts';
import { daysAhead, reserve } from '../support/bookings.ts';
import { type Wrap, eventually } from '../support/product.ts';
import { startOpenings } from './openings.ts';

const { UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ADMITTED: lifecycleStage } =
  proto.api.enums.v1.UpdateWorkflowExecutionLifecycleStage;

const { product, sql, freshTime, waitFor, freeTime, untilAsked } = await startOpenings();
const { clinic, temporal } = product;

/** Lets all of them reach the workflow in one task; answers with what each of them failed. */
async function askAtOnce(workflowId: string, names: readonly string[], wrap: Wrap = {}): Promise<string[]> {
  const answers = names.map((name) => ask(workflowId, name));
  await eventually('all of them being there', async () => {
    const arrived = await Promise.all(answers.map(({ updateId }) => hasArrived(workflowId, updateId)));
    return arrived.every(Boolean);
  });
  const worker = await product.startWorker(wrap);
  const failures = await Promise.all(answers.map(({ failure }) => failure));
  await worker.stop();
  return failures;
}

function ask(workflowId: string, name: string): { updateId: string; failure: Promise<string> } {
  const requestId = randomUUID();
  const args: [object] = [{ requestId, actor: 'staff', hasReason: true, notify: false }];
  const answer = temporal.client.workflow.getHandle(workflowId).executeUpdate(name, { updateId: requestId, args });
  const failure = answer.then(
    () => 'done',
    (error) => String(error.cause.type),
  );
  return { updateId: requestId, failure };
}

function hasArrived(workflowId: string, updateId: string): Promise<boolean> {
  const updateRef = { workflowExecution: { workflowId }, updateId };
  const request = { namespace: temporal.namespace, updateRef, waitPolicy: { lifecycleStage } };
  return temporal.connection.workflowService.pollWorkflowExecutionUpdate(request).then(
    () => true,
    () => false,
  );
}

async function statusOf(workflowId: string): Promise<string> {
  return (await temporal.client.workflow.getHandle(workflowId).describe()).status.name;
}

async function whileSomebodyWorks<T>(make: () => Promise<T>): Promise<T> {
  const worker = await product.startWorker();
  const made = await make();
  await worker.stop();
  return made;
}

describe('fails where it cannot go on, and answers everybody who asked something of it:', () => {
  it('an appointment whose last change the tables have lost', async () => {
    const wish = { mode: 'preReserve', notify: false };
    const { id, workflowId } = (await whileSomebodyWorks(() => reserve(product, daysAhead(30), wish))).body;
    await sql`update appointments set revision = revision - 1 where id = ${id}`;
    expect(await askAtOnce(workflowId, ['confirm', 'cancel'])).toEqual(['FENCED', 'FENCED']);
    expect(await statusOf(workflowId)).toBe('FAILED');
  });

  it('an opening of which a change fails for good', async () => {
    const startsAt = freshTime();
    await waitFor(startsAt, 1);
    const openingId = await whileSomebodyWorks(async () => {
      const id = await freeTime(startsAt);
      await untilAsked(id, 1);
      return id;
    });
    const workflowId = openingWorkflowId(clinic.clinicId, openingId);
    const broken = ApplicationFailure.create({ type: 'BROKEN', message: 'for good', nonRetryable: true });
    const fail = () => Promise.reject(broken);
    const wrap = {
      activities: (real: Activities) => ({ ...real, withdrawOpening: fail, releaseOpening: fail }),
    };
    expect(await askAtOnce(workflowId, ['withdraw', 'release'], wrap)).toEqual(['BROKEN', 'BROKEN']);
    expect(await statusOf(workflowId)).toBe('FAILED');
  });
});
