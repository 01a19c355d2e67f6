import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Actor } from '../../domain/appointment.ts';
import {
  type ClinicId,
  type InboundMessageId,
  type NotificationId,
  type OfferId,
  type OpeningId,
  type ProviderId,
  type RequestId,
  type VisitTypeId,
  openingWorkflowId,
} from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { OpeningCause, OpeningStatus, OpeningTurn } from '../../domain/opening.ts';
import {
  clinicIdAttribute,
  openingStatusAttribute,
  providerIdAttribute,
  startsAtAttribute,
} from '../search-attributes.ts';

/** What an opening's workflow is started with. `wanted`: staff open the time by hand, and the workflow makes the opening. */
export interface OpeningInput {
  clinicId: ClinicId;
  openingId: OpeningId;
  wanted?: WantedOpening;
  /** How far it has come, where it goes on as new. */
  progress?: OpeningProgress;
}

export interface OpeningProgress {
  /** Those that wait for their turn. */
  answers: readonly OfferAnswer[];
  answered: readonly OfferId[];
  unsent: readonly UnsentMessages[];
}

/** Messages that could not leave yet, and when to try again. */
export interface UnsentMessages {
  at: Instant;
  notificationIds: readonly NotificationId[];
}

export interface WantedOpening {
  requestId: RequestId;
  actor: Actor;
  visitTypeId: VisitTypeId;
  providerId: ProviderId;
  startsAt: Instant;
}

/** How it ended; `refused`: what staff wanted to open could not be. */
export type OpeningOutcome =
  | { outcome: Exclude<OpeningStatus, 'offering'>; reason: string | null }
  | { outcome: 'refused'; code: string };

export interface OfferAnswer {
  offerId: OfferId;
  answer: 'take' | 'decline';
  /** The text that said so; a repeat is known by it. */
  inboundMessageId: InboundMessageId;
  receivedAt: Instant;
}

/** From the workflow of an inbound text: a patient takes the time, or does not want it. Served in the order of their arrival. */
export const offerAnsweredSignal = defineSignal<[OfferAnswer]>('offerAnswered');

/** From whoever changed the opening's row, or found it changed: look at the tables. A repeat changes nothing. */
export const openingChangedSignal = defineSignal('openingChanged');

/** From the API together with the start: waits until the opening is made, or is refused. */
export const openUpdate = defineUpdate<OpeningTurn>('open');

export interface OpeningRequest {
  requestId: RequestId;
}

/** From staff: nobody is asked any more, and the time is free again. One that has ended stays as it is. */
export const withdrawUpdate = defineUpdate<OpeningTurn, [OpeningRequest]>('withdraw');

/** From staff: patients may book the time online as well, while it is offered. */
export const releaseUpdate = defineUpdate<OpeningTurn, [OpeningRequest]>('release');

/** What operators see of it from its start on. */
export interface OpeningSubject {
  providerId: ProviderId;
  visitTypeId: VisitTypeId;
  startsAt: Instant;
  cause: OpeningCause;
}

const causes: Record<OpeningCause, string> = {
  cancelled: 'a visit was cancelled',
  moved: 'a visit was moved',
  expired: 'a reservation expired',
  manual: 'staff opened it',
};

/** How it is started, by all alike: a repeat joins the first, and one that has ended stays so. */
export function openingStart(
  input: OpeningInput,
  { providerId, visitTypeId, startsAt, cause }: OpeningSubject,
  taskQueue: string,
) {
  return {
    workflowId: openingWorkflowId(input.clinicId, input.openingId),
    taskQueue,
    args: [input] as [OpeningInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    staticSummary: `a free time, offered to those who wait for one: ${causes[cause]}`,
    staticDetails: `Provider \`${providerId}\`, visit type \`${visitTypeId}\`; ${causes[cause]}`,
    typedSearchAttributes: [
      { key: clinicIdAttribute, value: input.clinicId },
      { key: providerIdAttribute, value: providerId },
      { key: openingStatusAttribute, value: 'offering' },
      { key: startsAtAttribute, value: new Date(startsAt) },
    ],
  };
}
