import { type Connection, WorkflowClient } from '@temporalio/client';
import { optionalTsToMs, tsToMs } from '@temporalio/common/lib/time.js';

const RUNNING = 1;

export interface Execution {
  connection: Connection;
  namespace: string;
  workflowId: string;
}

/** What is known of a workflow at an instant of its own clock; all instants are in milliseconds. */
export interface Sight {
  now: number;
  hasEnded: boolean;
  /** It works, or is about to: what it will wait for next is not known. */
  isBusy: boolean;
  /** When its timers fire and its failed activities are tried again. */
  due: number[];
  /** How long the look took: so much later, or more, does anything sent to the server arrive. */
  tookMs: number;
}

/** The workflow's clock; the real one as long as it never left it. */
export async function workflowClock(execution: Execution): Promise<number> {
  return clockIn(await describe(execution));
}

export async function sightOf(execution: Execution): Promise<Sight> {
  const began = performance.now();
  const timers = await timersOf(execution);
  const description = await describe(execution);
  const now = clockIn(description);
  const activities = (description.pendingActivities ?? []).map(
    ({ scheduledTime }) => optionalTsToMs(scheduledTime) ?? 0,
  );
  const retries = activities.filter((at) => at > now);
  const isBusy = Boolean(description.pendingWorkflowTask) || retries.length < activities.length;
  const hasEnded = description.workflowExecutionInfo?.status !== RUNNING;
  return { now, hasEnded, isBusy, due: [...timers, ...retries], tookMs: performance.now() - began };
}

type Description = Awaited<ReturnType<typeof describe>>;

function describe({ connection, namespace, workflowId }: Execution) {
  return connection.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } });
}

function clockIn({ workflowExtendedInfo }: Description): number {
  return optionalTsToMs(workflowExtendedInfo?.timeSkippingInfo?.currentTime) ?? Date.now();
}

async function timersOf({ connection, namespace, workflowId }: Execution): Promise<Iterable<number>> {
  const client = new WorkflowClient({ connection, namespace });
  const { events } = await client.getHandle(workflowId).fetchHistory();
  const timers = new Map<string, number>();
  for (const event of events ?? []) {
    const set = event.timerStartedEventAttributes;
    if (set) timers.set(set.timerId!, tsToMs(event.eventTime) + tsToMs(set.startToFireTimeout));
    const over = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
    if (over) timers.delete(over.timerId!);
  }
  return timers.values();
}
