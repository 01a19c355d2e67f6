import { and, between, eq } from 'drizzle-orm';
import type { Schedule, VisitType } from '../../domain/catalogue.ts';
import type { LocalDate } from '../../domain/clinic-time.ts';
import type { ProviderId, VisitTypeId } from '../../domain/ids.ts';
import { type ClinicPolicy, type ReminderRule, resolvePolicy } from '../../domain/policy.ts';
import type { ClinicTransaction } from '../client.ts';
import {
  clinics,
  providerExceptions,
  providerHours,
  providerVisitTypes,
  providers,
  visitTypes,
} from '../schema/index.ts';

/** What decides about visits of one type at this clinic. */
export interface VisitRules {
  timeZone: string;
  visitType: VisitType;
  /** The clinic's rules with the visit type's own laid over them. */
  policy: ClinicPolicy;
}

/** The rules for a visit type of the transaction's clinic; undefined where there is no such type. */
export async function loadVisitRules(tx: ClinicTransaction, visitTypeId: VisitTypeId): Promise<VisitRules | undefined> {
  const [row] = await tx
    .select({ clinic: { timeZone: clinics.timeZone, policy: clinics.policy }, type: visitTypes })
    .from(visitTypes)
    .innerJoin(clinics, eq(clinics.clinicId, visitTypes.clinicId))
    .where(eq(visitTypes.id, visitTypeId));
  if (!row) return undefined;
  const visitType = toVisitType(row.type);
  return { timeZone: row.clinic.timeZone, visitType, policy: resolvePolicy(row.clinic.policy, visitType) };
}

/** Whether the provider offers visits of that type, and neither of them has been given up. */
export async function offersVisitType(
  tx: ClinicTransaction,
  providerId: ProviderId,
  visitTypeId: VisitTypeId,
): Promise<boolean> {
  const rows = await tx
    .select({ providerId: providers.id })
    .from(providerVisitTypes)
    .innerJoin(providers, eq(providers.id, providerVisitTypes.providerId))
    .innerJoin(visitTypes, eq(visitTypes.id, providerVisitTypes.visitTypeId))
    .where(and(eq(providers.id, providerId), eq(visitTypes.id, visitTypeId), providers.isActive, visitTypes.isActive));
  return rows.length > 0;
}

/** The provider's weekly hours, and its exceptions on these dates, both included. */
export async function loadSchedule(
  tx: ClinicTransaction,
  providerId: ProviderId,
  first: LocalDate,
  last: LocalDate,
): Promise<Schedule> {
  const { weekday, opensAt, closesAt } = providerHours;
  const hours = await tx
    .select({ weekday, opensAt, closesAt })
    .from(providerHours)
    .where(eq(providerHours.providerId, providerId));
  const exceptions = await tx
    .select({
      date: providerExceptions.heldOn,
      kind: providerExceptions.kind,
      opensAt: providerExceptions.opensAt,
      closesAt: providerExceptions.closesAt,
    })
    .from(providerExceptions)
    .where(and(eq(providerExceptions.providerId, providerId), between(providerExceptions.heldOn, first, last)));
  return { hours, exceptions };
}

/** The domain's view of a stored visit type. */
export function toVisitType(row: typeof visitTypes.$inferSelect): VisitType {
  const cutoffs = {
    ...(row.cancelCutoffMinutes === null ? {} : { cancelMinutes: row.cancelCutoffMinutes }),
    ...(row.moveCutoffMinutes === null ? {} : { moveMinutes: row.moveCutoffMinutes }),
  };
  return {
    id: row.id,
    names: row.names,
    durationMinutes: row.durationMinutes,
    bufferBeforeMinutes: row.bufferBeforeMinutes,
    bufferAfterMinutes: row.bufferAfterMinutes,
    gridMinutes: row.gridMinutes,
    minimumNoticeMinutes: row.minimumNoticeMinutes,
    horizonDays: row.horizonDays,
    selfService: { cancel: row.selfServiceCancel, move: row.selfServiceMove },
    cutoffs: Object.keys(cutoffs).length > 0 ? cutoffs : null,
    backfill: row.mayBackfill,
    reminderRules: row.reminderRules as readonly ReminderRule[] | null as ReminderRule[] | null,
  };
}
