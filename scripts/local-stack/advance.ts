import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** How far to go: a length in milliseconds, or an instant on the workflow's own clock. */
export type Journey = { by: number } | { to: number };

const COMPLETED = 2;
const FAILED = 3;
const NOT_FOUND = 5;

/** So little is left to the clock itself, which runs on: a way so short may be over before the server sets out. */
const WAITED_OUT_MS = 100;

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
  const start = await clockOf(execution);
  const target = 'to' in journey ? journey.to : start + journey.by;
  let now = start;
  while (now < target) {
    if (target - now <= WAITED_OUT_MS) {
      await delay(target - now);
      return target;
    }
    const arrival = await fastForward(execution, target - now);
    if (arrival === 'ended') return target;
    const reached = await clockOf(execution);
    if (arrival === 'stopped' && reached <= now) {
      throw new Error(`The clock of workflow ${workflowId} stands still at ${new Date(now).toISOString()}.`);
    }
    now = reached;
  }
  return now;
}

type Arrival = 'arrived' | 'stopped' | 'ended';

interface Execution {
  connection: Connection;
  namespace: string;
  workflowId: string;
}

/** The workflow's clock; the real one as long as it never left it. */
export async function workflowClock(connection: Connection, namespace: string, workflowId: string): Promise<number> {
  return clockOf({ connection, namespace, workflowId });
}

async function clockOf({ connection, namespace, workflowId }: Execution): Promise<number> {
  const description = await connection.workflowService.describeWorkflowExecution({
    namespace,
    execution: { workflowId },
  });
  const time = description.workflowExtendedInfo?.timeSkippingInfo?.currentTime;
  if (!time) return Date.now();
  return Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1_000_000);
}

/** One session: `stopped` when the server gave up on the way, as it does after 200 timers. */
async function fastForward(execution: Execution, ms: number): Promise<Arrival> {
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
    if (hasEnded(error)) return 'ended';
    throw error;
  }
  return arrivalOf(execution, id);
}

async function arrivalOf(execution: Execution, fastForwardId: string): Promise<Arrival> {
  let idlePolls = 0;
  let now = await clockOf(execution);
  while (idlePolls < PATIENCE_POLLS) {
    const { fastForwardPollingResult: result, failedReason } = await poll(execution, fastForwardId);
    if (result === COMPLETED) return 'arrived';
    if (result === FAILED) return failedReason.includes('execution ended') ? 'ended' : 'stopped';
    const reached = await clockOf(execution);
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
