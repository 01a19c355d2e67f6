import { asc, eq } from 'drizzle-orm';
import type { Provider } from '../../domain/catalogue.ts';
import type { ClinicTransaction } from '../client.ts';
import { providerHours, providers, providerVisitTypes } from '../schema/index.ts';

export type ListedProvider = Omit<Provider, 'exceptions'>;

/** Who has a calendar here, with the weekly hours and the visit types offered. */
export async function listProviders(tx: ClinicTransaction): Promise<ListedProvider[]> {
  const rows = await tx.select().from(providers).where(eq(providers.isActive, true)).orderBy(asc(providers.id));
  const hours = await tx.select().from(providerHours).orderBy(asc(providerHours.weekday), asc(providerHours.opensAt));
  const offered = await tx.select().from(providerVisitTypes).orderBy(asc(providerVisitTypes.visitTypeId));
  return rows.map(({ id, name }) => ({
    id,
    name,
    visitTypeIds: offered.filter((row) => row.providerId === id).map((row) => row.visitTypeId),
    hours: hours
      .filter((row) => row.providerId === id)
      .map(({ weekday, opensAt, closesAt }) => ({ weekday, opensAt, closesAt })),
  }));
}
