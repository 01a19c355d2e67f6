import { z } from '@hono/zod-openapi';
import type { ListedOpening } from '../db/queries/openings.ts';
import { type ClinicId, openingWorkflowId } from '../domain/ids.ts';
import { explainOffer } from '../domain/offer-reasons.ts';
import { offerStatuses, openingCauses, openingStatuses } from '../domain/opening.ts';
import { idShown, instantShown, showInstant } from './fields.ts';

const offerSchema = z.object({
  patientId: idShown,
  status: z.enum(offerStatuses),
  wave: z.number().int(),
  why: z.string().openapi({ description: 'Why this patient was asked, and when in the order, in a sentence.' }),
  askedAt: instantShown.nullable(),
  answeredAt: instantShown.nullable(),
});

export const openingSchema = z
  .object({
    id: idShown,
    status: z.enum(openingStatuses),
    statusReason: z.string().nullable(),
    cause: z.enum(openingCauses),
    providerId: idShown,
    visitTypeId: idShown,
    startsAt: instantShown,
    endsAt: instantShown,
    offerUntil: instantShown.openapi({ description: 'Nobody is asked, and nobody may take it, after it.' }),
    isReleased: z.boolean().openapi({ description: 'Patients may book the time online as well.' }),
    winner: z.object({ patientId: idShown, appointmentId: idShown }).nullable(),
    offers: z.array(offerSchema).openapi({ description: 'In the order of the asking.' }),
    createdAt: instantShown,
    closedAt: instantShown.nullable(),
    workflowId: z.string(),
  })
  .openapi('Opening');

/** An opening as the API shows it. */
export function showOpening(clinicId: ClinicId, opening: ListedOpening): z.infer<typeof openingSchema> {
  const { id, status, statusReason, cause, providerId, visitTypeId, isReleased, winner } = opening;
  return {
    id,
    status,
    statusReason,
    cause,
    providerId,
    visitTypeId,
    startsAt: showInstant(opening.startsAt),
    endsAt: showInstant(opening.endsAt),
    offerUntil: showInstant(opening.offerUntil),
    isReleased,
    winner,
    offers: opening.offers.map(({ reasons, askedAt, answeredAt, ...offer }) => ({
      ...offer,
      why: explainOffer(reasons),
      askedAt: showInstant(askedAt),
      answeredAt: showInstant(answeredAt),
    })),
    createdAt: showInstant(opening.createdAt),
    closedAt: showInstant(opening.closedAt),
    workflowId: openingWorkflowId(clinicId, id),
  };
}
