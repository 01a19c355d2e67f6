import { randomUUID } from 'node:crypto';
import { and, eq, inArray } from 'drizzle-orm';
import { type FieldError, Refusal } from '../../../domain/errors.ts';
import {
  type AppointmentId,
  type ClinicId,
  type PatientId,
  type ProviderId,
  type VisitTypeId,
  type WaitingListEntryId,
  asId,
} from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { type Wish, wishProblems } from '../../../domain/waiting-list.ts';
import type { ClinicTransaction } from '../../client.ts';
import { type VisitRules, loadVisitRules } from '../../queries/catalogue.ts';
import { type WaitingEntry, waitingColumns } from '../../queries/waiting-list.ts';
import { appointments, patients, providerVisitTypes, waitingList } from '../../schema/index.ts';

export interface NewWish extends Wish {
  clinicId: ClinicId;
  patientId: PatientId;
  visitTypeId: VisitTypeId;
  providerIds: readonly ProviderId[] | null;
  /** The visit that they would rather have earlier. */
  insteadOf: AppointmentId | null;
  now: Instant;
}

/** Puts a patient on the waiting list. Refuses with VALIDATION_FAILED what does not exist here or can never be offered. */
export async function addToWaitingList(tx: ClinicTransaction, wish: NewWish): Promise<WaitingEntry> {
  await refuseUnfit(tx, wish);
  const { clinicId, patientId, visitTypeId, providerIds, insteadOf, now: createdAt } = wish;
  const { earliest: earliestOn, latest: latestOn, weekdays, between } = wish;
  const [entry] = await tx
    .insert(waitingList)
    .values({
      clinicId,
      id: asId<WaitingListEntryId>(randomUUID()),
      patientId,
      visitTypeId,
      insteadOf,
      earliestOn,
      latestOn,
      createdAt,
      providerIds: providerIds && [...providerIds],
      weekdays: weekdays && [...weekdays],
      betweenFrom: between?.[0] ?? null,
      betweenTo: between?.[1] ?? null,
    })
    .returning(waitingColumns);
  return entry!;
}

async function refuseUnfit(tx: ClinicTransaction, wish: NewWish): Promise<void> {
  const rules = await loadVisitRules(tx, wish.visitTypeId);
  const errors: FieldError[] = [
    ...(await unknownPatient(tx, wish)),
    ...(rules
      ? wishProblems(wish, rules, wish.now)
      : [{ pointer: '/visitTypeId', detail: 'is no visit type of this clinic' }]),
    ...(rules ? await unfitProviders(tx, wish) : []),
    ...(await unfitVisit(tx, wish, rules)),
  ];
  if (errors.length > 0) throw new Refusal('VALIDATION_FAILED', 'Nothing could be offered for this wish.', errors);
}

async function unknownPatient(tx: ClinicTransaction, { patientId }: NewWish): Promise<FieldError[]> {
  const known = await tx.select({ id: patients.id }).from(patients).where(eq(patients.id, patientId));
  return known.length > 0 ? [] : [{ pointer: '/patientId', detail: 'is no patient of this clinic' }];
}

async function unfitProviders(tx: ClinicTransaction, { providerIds, visitTypeId }: NewWish): Promise<FieldError[]> {
  if (providerIds === null) return [];
  const offering = await tx
    .select({ id: providerVisitTypes.providerId })
    .from(providerVisitTypes)
    .where(
      and(eq(providerVisitTypes.visitTypeId, visitTypeId), inArray(providerVisitTypes.providerId, [...providerIds])),
    );
  const detail = 'is no provider of this clinic who offers that visit type';
  return providerIds.flatMap((id, index) =>
    offering.some((row) => row.id === id) ? [] : [{ pointer: `/providerIds/${index}`, detail }],
  );
}

async function unfitVisit(
  tx: ClinicTransaction,
  { insteadOf, patientId, visitTypeId, now }: NewWish,
  rules: VisitRules | undefined,
): Promise<FieldError[]> {
  if (insteadOf === null || !rules) return [];
  const [visit] = await tx.select().from(appointments).where(eq(appointments.id, insteadOf));
  const isToCome = visit !== undefined && ['pending', 'booked'].includes(visit.status) && visit.startsAt > now;
  const fits = isToCome && visit.patientId === patientId && visit.visitTypeId === visitTypeId;
  return fits ? [] : [{ pointer: '/insteadOf', detail: 'must be a visit to come of this patient and visit type' }];
}
