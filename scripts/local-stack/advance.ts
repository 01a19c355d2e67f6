import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Execution, type Sight, sightOf, workflowClock } from './workflow-clock.ts';

/** How far to go: a length in milliseconds, or an instant on the workflow's own clock. */
export type Journey = { by: number } | { to: number };

const COMPLETED = 2;
const FAILED = 3;
const NOT_FOUND = 5;

/** So short a way is left to the clock itself, which runs on: it may be over before the server hears of it. */
const WAITED_OUT_MS = 50;
/** On a busy machine it hears of it later: in so many times what the last look took it surely has. */
const CAUTION = 4;

/**
 * Where something falls due so shortly before the target, the clock runs by itself from there on. Server 1.32 skips to
 * the next timer, however far, where work of the workflow lasts beyond the target just when the server ends the journey
 * (compare temporalio/temporal#11373).
 */
const LAST_STRETCH_MS = 1_000;

/** The server ends a long poll after about 20 s; this is only for a connection that has died. */
const POLL_DEADLINE_MS = 60_000;
/**
 * A clock that stands still for so many polls waits for work that nobody does. A task that was lost with its worker comes
 * again after half a minute, and on a busy machine more than one of them is.
 */
const PATIENCE_POLLS = 6;

/**
 * Moves the clock of one workflow forward, timer by timer, and answers when it is there. Work that falls due on the
 * way is done before its clock goes on; what is due exactly on arrival may still be running. Other clocks stay where they
 * are. A workflow that ends on the way has arrived, a target in its past is reached already.
 *
 * Answers the workflow's clock on arrival.
 */
export async function advance(
  connection: Connection,
  namespace: string,
  workflowId: string,
  journey: Journey,
): Promise<number> {
  const execution: Execution = { connection, namespace, workflowId };
  let sight = await sightOf(execution);
  const target = 'to' in journey ? journey.to : sight.now + journey.by;
  while (sight.now < target && !sight.hasEnded) {
    const { now } = sight;
    const waitedOut = Math.max(WAITED_OUT_MS, CAUTION * sight.tookMs);
    const way = stopBefore(target, sight, waitedOut) - now;
    if (way <= waitedOut) await delay(Math.min(target - now, WAITED_OUT_MS));
    else await fastForward(execution, Math.floor(way));
    sight = await sightOf(execution);
    if (way > waitedOut && sight.now <= now && !sight.hasEnded) {
      throw new Error(`The clock of workflow ${workflowId} stands still at ${new Date(now).toISOString()}.`);
    }
  }
  return Math.max(sight.now, target);
}

/** Where the server's journey ends: at the target, or before what falls due, or may do so, in the last stretch. */
function stopBefore(target: number, { now, isBusy, due }: Sight, margin: number): number {
  const lastStretch = target - LAST_STRETCH_MS;
  const next = Math.min(...due);
  // The server is about to fire it; sent on in this moment, it would pass it by.
  if (next <= now) return now;
  if (isBusy || next < lastStretch) return lastStretch;
  return next > target ? target : next - margin;
}

/** One session, which the server also ends after 200 timers. */
async function fastForward(execution: Execution, ms: number): Promise<void> {
  const { connection, namespace, workflowId } = execution;
  const id = randomUUID();
  try {
    await connection.workflowService.updateWorkflowExecutionOptions({
      namespace,
      workflowExecution: { workflowId },
      workflowExecutionOptions: {
        timeSkippingConfig: { enabled: true, fastForwardConfig: { id, duration: msToTs(ms) } },
      },
      updateMask: { paths: ['time_skipping_config'] },
    });
  } catch (error) {
    if (hasEnded(error)) return;
    throw error;
  }
  await untilOver(execution, id);
}

async function untilOver(execution: Execution, fastForwardId: string): Promise<void> {
  let idlePolls = 0;
  let now = await workflowClock(execution);
  while (idlePolls < PATIENCE_POLLS) {
    const { fastForwardPollingResult: result } = await poll(execution, fastForwardId);
    if (result === COMPLETED || result === FAILED) return;
    const reached = await workflowClock(execution);
    idlePolls = reached - now > POLL_DEADLINE_MS ? 0 : idlePolls + 1;
    now = reached;
  }
  throw new Error(`Workflow ${execution.workflowId} has work to do that no worker takes; is the worker running?`);
}

function poll({ connection, namespace, workflowId }: Execution, fastForwardId: string) {
  return connection.withDeadline(Date.now() + POLL_DEADLINE_MS, () =>
    connection.workflowService.pollWorkflowExecutionTimeSkipping({
      namespace,
      workflowExecution: { workflowId },
      fastForwardId,
    }),
  );
}

function hasEnded(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === NOT_FOUND;
}
