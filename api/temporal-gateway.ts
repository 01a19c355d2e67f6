import {
  Client,
  Connection,
  WithStartWorkflowOperation,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { connectionTo, type TemporalSettings } from '../config/temporal.ts';
import type { Appointment } from '../domain/appointment.ts';
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
import {
  type OpeningOutcome,
  type UpdateOutcome,
  outcomeOf,
  sorted,
  unlessClosed,
  untilSeen,
} from './temporal-outcomes.ts';

export type RequestedAction = keyof AppointmentRequests;

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
