import { and, eq } from 'drizzle-orm';
import { type VisitType, visitTypeSchema } from '../../../domain/catalogue.ts';
import type { ClinicId, VisitTypeId } from '../../../domain/ids.ts';
import type { ClinicTransaction } from '../../client.ts';
import { visitTypes } from '../../schema/index.ts';

/** Makes a visit type what is described, bookable also where it had been given up. Visits that exist keep their length. */
export async function saveVisitType(tx: ClinicTransaction, clinicId: ClinicId, visitType: VisitType): Promise<void> {
  const { id, ...described } = visitType;
  const { selfService, cutoffs, backfill, ...type } = visitTypeSchema.parse(described);
  const row = {
    ...type,
    selfServiceCancel: selfService.cancel,
    selfServiceMove: selfService.move,
    cancelCutoffMinutes: cutoffs?.cancelMinutes ?? null,
    moveCutoffMinutes: cutoffs?.moveMinutes ?? null,
    mayBackfill: backfill,
    isActive: true,
  };
  await tx
    .insert(visitTypes)
    .values({ clinicId, id, ...row })
    .onConflictDoUpdate({ target: [visitTypes.clinicId, visitTypes.id], set: row });
}

/** No visit of this type can be booked any more; those that exist stay. */
export async function giveUpVisitType(tx: ClinicTransaction, clinicId: ClinicId, id: VisitTypeId): Promise<void> {
  await tx
    .update(visitTypes)
    .set({ isActive: false })
    .where(and(eq(visitTypes.clinicId, clinicId), eq(visitTypes.id, id)));
}
