import { asc, eq } from 'drizzle-orm';
import type { StoredClinic } from '../../domain/clinic-state.ts';
import type { ClinicId, ProviderId } from '../../domain/ids.ts';
import type { ClinicTransaction } from '../client.ts';
import {
  clinics,
  providerExceptions,
  providerHours,
  providerVisitTypes,
  providers,
  senders,
  visitTypes,
} from '../schema/index.ts';
import { toVisitType } from './catalogue.ts';

/** The id of the clinic with this slug. Names its clinic by itself: an owner's connection sees all of them. */
export async function clinicWithSlug(tx: ClinicTransaction, slug: string): Promise<ClinicId | undefined> {
  const [row] = await tx.select({ clinicId: clinics.clinicId }).from(clinics).where(eq(clinics.slug, slug));
  return row?.clinicId;
}

/** A clinic and its whole catalogue, given-up parts included, for an owner's connection; undefined where there is none. */
export async function loadClinicState(tx: ClinicTransaction, clinicId: ClinicId): Promise<StoredClinic | undefined> {
  const [row] = await tx.select().from(clinics).where(eq(clinics.clinicId, clinicId));
  if (!row) return undefined;
  const { clinicId: _id, ...clinic } = row;
  const { id, channel, address, isActive } = senders;
  return {
    clinic,
    senders: await tx.select({ id, channel, address, isActive }).from(senders).where(eq(senders.clinicId, clinicId)),
    visitTypes: await loadVisitTypes(tx, clinicId),
    providers: await loadProviders(tx, clinicId),
  };
}

async function loadVisitTypes(tx: ClinicTransaction, clinicId: ClinicId): Promise<StoredClinic['visitTypes']> {
  const rows = await tx.select().from(visitTypes).where(eq(visitTypes.clinicId, clinicId)).orderBy(asc(visitTypes.id));
  return rows.map((row) => ({ ...toVisitType(row), isActive: row.isActive }));
}

async function loadProviders(tx: ClinicTransaction, clinicId: ClinicId): Promise<StoredClinic['providers']> {
  const rows = await tx.select().from(providers).where(eq(providers.clinicId, clinicId)).orderBy(asc(providers.id));
  const hours = await tx.select().from(providerHours).where(eq(providerHours.clinicId, clinicId));
  const exceptions = await tx.select().from(providerExceptions).where(eq(providerExceptions.clinicId, clinicId));
  const offered = await tx.select().from(providerVisitTypes).where(eq(providerVisitTypes.clinicId, clinicId));
  const of = <Row extends { providerId: ProviderId }>(rowsOfAll: Row[], id: ProviderId) =>
    rowsOfAll.filter(({ providerId }) => providerId === id);
  return rows.map(({ id, name, isActive }) => ({
    id,
    name,
    isActive,
    visitTypeIds: of(offered, id).map(({ visitTypeId }) => visitTypeId),
    hours: of(hours, id).map(({ weekday, opensAt, closesAt }) => ({ weekday, opensAt, closesAt })),
    exceptions: of(exceptions, id).map(({ heldOn: date, kind, opensAt, closesAt }) => ({
      date,
      kind,
      opensAt,
      closesAt,
    })),
  }));
}
