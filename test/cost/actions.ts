import { temporal } from '@temporalio/proto';

export type History = temporal.api.history.v1.IHistory;
type Event = temporal.api.history.v1.IHistoryEvent;

/** What Temporal bills, by what caused it. */
export interface Actions {
  start: number;
  update: number;
  signal: number;
  /** One for each try. */
  activity: number;
  timer: number;
  upsert: number;
  /** One for each workflow task in which any ran. */
  localActivities: number;
}

export interface Size {
  events: number;
  workflowTasks: number;
  bytes: number;
}

/** The part of a history that real time would have left too: virtual time adds events of its own. */
export function withoutTimeSkipping({ events }: History): Event[] {
  return (events ?? []).filter(
    (event) =>
      !event.workflowExecutionOptionsUpdatedEventAttributes &&
      !event.workflowExecutionTimeSkippingTransitionedEventAttributes,
  );
}

export function countActions(events: readonly Event[]): Actions {
  const count = (isWanted: (event: Event) => unknown): number => events.filter(isWanted).length;
  const tries = events.map((event) => event.activityTaskStartedEventAttributes?.attempt ?? 0);
  const markers = events.map((event) => event.markerRecordedEventAttributes);
  const localActivities = markers.filter((marker) => marker?.markerName === 'core_local_activity');
  return {
    start: count((event) => event.workflowExecutionStartedEventAttributes),
    update: count((event) => event.workflowExecutionUpdateAcceptedEventAttributes),
    signal: count((event) => event.workflowExecutionSignaledEventAttributes),
    activity: tries.reduce((sum, each) => sum + each, 0),
    timer: count((event) => event.timerStartedEventAttributes),
    upsert: count((event) => event.upsertWorkflowSearchAttributesEventAttributes),
    localActivities: new Set(localActivities.map((marker) => String(marker?.workflowTaskCompletedEventId))).size,
  };
}

export function totalOf(actions: Partial<Actions>): number {
  return Object.values(actions).reduce((sum, each) => sum + each, 0);
}

/** As large as it would be in production: `names` maps what only tests or this machine call so to what it would be called. */
export function sizeOf(events: Event[], names: ReadonlyMap<string, string>): Size {
  const renamed = events.map((event) => renameIn(event, names));
  return {
    events: events.length,
    workflowTasks: events.filter((event) => event.workflowTaskCompletedEventAttributes).length,
    bytes: temporal.api.history.v1.History.encode({ events: renamed }).finish().length,
  };
}

function renameIn<T>(value: T, names: ReadonlyMap<string, string>): T {
  if (typeof value === 'string') {
    return [...names].reduce<string>((text, [from, to]) => text.replaceAll(from, to), value) as T;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => renameIn(item, names)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renameIn(item, names)])) as T;
}

/** One line for each event, to see where a history grew. */
export function listing(events: readonly Event[]): string {
  return events
    .map(
      (event) =>
        `${String(event.eventId).padStart(4)} ${String(temporal.api.history.v1.HistoryEvent.encode(event).finish().length).padStart(6)} B  ${nameOf(event)}`,
    )
    .join('\n');
}

function nameOf(event: Event): string {
  const attributes = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? 'unknown';
  const about =
    event.activityTaskScheduledEventAttributes?.activityType?.name ??
    event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name ??
    event.markerRecordedEventAttributes?.markerName ??
    '';
  return `${attributes.replace('EventAttributes', '')} ${about}`.trimEnd();
}
