import {
  Client,
  Connection,
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  defaultGrpcRetryOptions,
  isGrpcServiceError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { connectionTo, type TemporalSettings } from '../config/temporal.ts';
import type { Appointment } from '../domain/appointment.ts';
import { type ErrorCode, type FieldError, Refusal, errorCodes } from '../domain/errors.ts';
import {
  type ClinicId,
  type InboundMessageId,
  type MessageId,
  type OpeningId,
  deliveryWorkflowId,
  openingWorkflowId,
} from '../domain/ids.ts';
import type { AppointmentInput, AppointmentRequests } from '../workflows/appointment/messages.ts';
import {
  appointmentStart,
  cancelUpdate,
  completeUpdate,
  confirmUpdate,
  extendUpdate,
  moveUpdate,
  noShowUpdate,
  releaseUpdate,
  reserveUpdate,
} from '../workflows/appointment/messages.ts';
import { receiptArrivedSignal } from '../workflows/delivery/messages.ts';
import { inboundStart } from '../workflows/inbound-message/messages.ts';
import { type FreeTextInput, freeTextStart } from '../workflows/free-text/messages.ts';
import type {
  appointmentWorkflow,
  freeTextWorkflow,
  inboundMessageWorkflow,
  openingWorkflow,
  proposalWorkflow,
} from '../workflows/index.ts';
import {
  type OpeningInput,
  type OpeningRequest,
  type OpeningSubject,
  openUpdate,
  openingChangedSignal,
  openingStart,
  releaseUpdate as releaseOpeningUpdate,
  withdrawUpdate,
} from '../workflows/opening/messages.ts';
import { type ProposalInput, proposalStart, proposeUpdate } from '../workflows/proposal/messages.ts';

/** What became of an update. `closed`: the workflow has ended (or there is none), so the tables have the answer. */
export type UpdateOutcome =
  | { outcome: 'done'; appointment: Appointment }
  | { outcome: 'refused'; refusal: Refusal }
  | { outcome: 'closed' };

export type RequestedAction = keyof AppointmentRequests;

/** What became of an update of an opening or a proposal; what it is like now is in the tables. */
export type OpeningOutcome = { outcome: 'done' } | Exclude<UpdateOutcome, { outcome: 'done' }>;

/**
 * The API's way to the workflows. Both calls are safe to repeat: an update with the same id is the same request.
 * They throw a Refusal with TEMPORARILY_UNAVAILABLE where Temporal or its workers do not answer within `withinMs`.
 */
export interface TemporalGateway {
  /** Starts the appointment's life, or joins it, and waits for its reservation. */
  reserve(input: AppointmentInput, summary: string, withinMs: number): Promise<UpdateOutcome>;
  act(
    action: RequestedAction,
    workflowId: string,
    request: AppointmentRequests[RequestedAction],
    withinMs: number,
  ): Promise<UpdateOutcome>;
  /** Wakes the workflow that waits for news of this message; none is there if it has ended or not begun. */
  receiptArrived(clinicId: ClinicId, messageId: MessageId): Promise<void>;
  /** Starts the workflow that takes care of an inbound text, or joins it. */
  startInbound(clinicId: ClinicId, inboundMessageId: InboundMessageId): Promise<void>;
  /** Starts the opening's life, or joins it, and waits until the time is open. */
  open(input: OpeningInput, subject: OpeningSubject, withinMs: number): Promise<OpeningOutcome>;
  actOnOpening(
    action: 'withdraw' | 'release',
    workflowId: string,
    request: OpeningRequest,
    withinMs: number,
  ): Promise<OpeningOutcome>;
  /** Lets the opening's workflow look at the tables; where it has ended there is nothing to see. */
  openingChanged(clinicId: ClinicId, openingId: OpeningId): Promise<void>;
  /** Starts the proposal's life, or joins it, and waits until the times are kept. */
  propose(input: ProposalInput, withinMs: number): Promise<OpeningOutcome>;
  /** Starts the workflow that sends what staff wrote, or joins it; one that has ended has sent it. */
  sendText(input: FreeTextInput, withinMs: number): Promise<void>;
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

const openingUpdates = { withdraw: withdrawUpdate, release: releaseOpeningUpdate };

const updateNames: Record<RequestedAction, string> = {
  confirm: confirmUpdate.name,
  cancel: cancelUpdate.name,
  move: moveUpdate.name,
  extend: extendUpdate.name,
  release: releaseUpdate.name,
  complete: completeUpdate.name,
  noShow: noShowUpdate.name,
};

/** Connects when first needed and again after an outage, so that the API starts and answers while Temporal is away. */
export function temporalGateway(settings: TemporalSettings): TemporalGateway {
  const { namespace, taskQueue } = settings;
  // Six tries are about three seconds: a restart of the server is bridged, an outage is answered with 503 soon.
  const interceptors = [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 6 }))];
  const connection = Connection.lazy({ ...connectionTo(settings), interceptors });
  const { workflow } = new Client({ connection, namespace });
  const way: Way = {
    workflow,
    taskQueue,
    inTime: (ms, call) => connection.withDeadline(Date.now() + ms, () => untilSeen(call)),
    briefly: (call) => connection.withDeadline(Date.now() + 5_000, call),
  };
  return {
    ...appointmentCalls(way),
    ...openingCalls(way),
    ...messageCalls(way),
    isReady: () =>
      connection
        .withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace }))
        .then(
          () => true,
          () => false,
        ),
    close: () => connection.close(),
  };
}

/** What every call needs. */
interface Way {
  workflow: Client['workflow'];
  taskQueue: string;
  inTime: <T>(ms: number, call: () => Promise<T>) => Promise<T>;
  briefly: (call: () => Promise<void>) => Promise<void>;
}

function appointmentCalls({ workflow, taskQueue, inTime }: Way): Pick<TemporalGateway, 'reserve' | 'act'> {
  const within = (ms: number, call: () => Promise<Appointment>) => outcomeOf(inTime(ms, call));
  return {
    reserve: (input, summary, withinMs) =>
      within(withinMs, () => {
        const start = appointmentStart(input, summary, taskQueue);
        const startWorkflowOperation = new WithStartWorkflowOperation<typeof appointmentWorkflow>(
          'appointmentWorkflow',
          start,
        );
        return workflow.executeUpdateWithStart(reserveUpdate, { startWorkflowOperation, updateId: 'reserve' });
      }),
    act: (action, workflowId, request, withinMs) =>
      within(withinMs, () =>
        workflow.getHandle(workflowId).executeUpdate<Appointment, [typeof request]>(updateNames[action], {
          updateId: request.requestId,
          args: [request],
        }),
      ),
  };
}

function openingCalls({
  workflow,
  taskQueue,
  inTime,
  briefly,
}: Way): Pick<TemporalGateway, 'open' | 'actOnOpening' | 'openingChanged'> {
  return {
    open: (input, subject, withinMs) =>
      sorted(
        inTime(withinMs, () => {
          const startWorkflowOperation = new WithStartWorkflowOperation<typeof openingWorkflow>(
            'openingWorkflow',
            openingStart(input, subject, taskQueue),
          );
          return workflow.executeUpdateWithStart(openUpdate, { startWorkflowOperation, updateId: 'open' });
        }),
      ),
    actOnOpening: (action, workflowId, request, withinMs) =>
      sorted(
        inTime(withinMs, () =>
          workflow
            .getHandle(workflowId)
            .executeUpdate(openingUpdates[action], { updateId: request.requestId, args: [request] }),
        ),
      ),
    openingChanged: (clinicId, openingId) =>
      briefly(async () => {
        const opening = workflow.getHandle(openingWorkflowId(clinicId, openingId));
        await opening.signal(openingChangedSignal).catch(unlessClosed);
      }),
  };
}

function messageCalls({
  workflow,
  taskQueue,
  inTime,
  briefly,
}: Way): Pick<TemporalGateway, 'receiptArrived' | 'startInbound' | 'propose' | 'sendText'> {
  return {
    receiptArrived: (clinicId, messageId) =>
      briefly(async () => {
        const delivery = workflow.getHandle(deliveryWorkflowId(clinicId, messageId));
        await delivery.signal(receiptArrivedSignal).catch(unlessClosed);
      }),
    startInbound: (clinicId, inboundMessageId) =>
      briefly(async () => {
        const start = inboundStart({ clinicId, inboundMessageId }, taskQueue);
        await workflow.start<typeof inboundMessageWorkflow>('inboundMessageWorkflow', start).catch(unlessClosed);
      }),
    propose: (input, withinMs) =>
      sorted(
        inTime(withinMs, () => {
          const startWorkflowOperation = new WithStartWorkflowOperation<typeof proposalWorkflow>(
            'proposalWorkflow',
            proposalStart(input, taskQueue),
          );
          return workflow.executeUpdateWithStart(proposeUpdate, { startWorkflowOperation, updateId: 'propose' });
        }),
      ),
    sendText: async (input, withinMs) => {
      const start = freeTextStart(input, taskQueue);
      await sorted(inTime(withinMs, () => workflow.start<typeof freeTextWorkflow>('freeTextWorkflow', start)));
    },
  };
}

/**
 * Where many updates reach one workflow at once, the server may turn away one that no worker has seen: it is asked again,
 * until the call's deadline.
 */
export async function untilSeen<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isFailedUpdate(error, 'UnprocessedUpdate')) throw error;
    }
  }
}

/** Sorts what a call came to: an answer, a refusal, a life that is over, or nobody there. Anything else is a fault. */
export async function outcomeOf(call: Promise<Appointment>): Promise<UpdateOutcome> {
  const sort = await sorted(call);
  return sort.outcome === 'done' ? { outcome: 'done', appointment: sort.answer } : sort;
}

async function sorted<T>(
  call: Promise<T>,
): Promise<{ outcome: 'done'; answer: T } | Exclude<UpdateOutcome, { outcome: 'done' }>> {
  try {
    return { outcome: 'done', answer: await call };
  } catch (error) {
    if (isClosed(error)) return { outcome: 'closed' };
    const refusal = refusalIn(error);
    if (refusal) return { outcome: 'refused', refusal };
    if (isUnreachable(error)) throw unavailable();
    throw error;
  }
}

function unlessClosed(error: unknown): void {
  if (!isClosed(error)) throw error;
}

function isClosed(error: unknown): boolean {
  return (
    error instanceof WorkflowNotFoundError ||
    error instanceof WorkflowExecutionAlreadyStartedError ||
    // The workflow ended with our update accepted and unanswered.
    isFailedUpdate(error, 'AcceptedUpdateCompletedWorkflow')
  );
}

/** Whether the server itself failed the update, for that reason. */
function isFailedUpdate(error: unknown, type: string): boolean {
  return (
    error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === type
  );
}

function refusalIn(error: unknown): Refusal | undefined {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type, message, details } = error.cause;
  if (!errorCodes.includes(type as ErrorCode)) return undefined;
  return new Refusal(type as ErrorCode, message, (details?.[0] as FieldError[] | undefined) ?? []);
}

// By gRPC number: cancelled, deadline exceeded, resource exhausted, aborted, unavailable.
const passingTroubles = [1, 4, 8, 10, 14];

function isUnreachable(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && passingTroubles.includes(cause.code);
}

export function unavailable(): Refusal {
  return new Refusal(
    'TEMPORARILY_UNAVAILABLE',
    'No answer in time. Send the same request again, with the same Idempotency-Key: nothing is done twice.',
  );
}
