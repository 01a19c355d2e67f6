import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { type Provider, scheduleExceptionSchema, weeklyHoursSchema } from '../../../domain/catalogue.ts';
import type { ClinicId, ProviderId } from '../../../domain/ids.ts';
import type { ClinicTransaction } from '../../client.ts';
import { providerExceptions, providerHours, providerVisitTypes, providers } from '../../schema/index.ts';

/** Makes a provider what is described, with its hours and what it offers; bookable also where it had been given up. */
export async function saveProvider(tx: ClinicTransaction, clinicId: ClinicId, provider: Provider): Promise<void> {
  const { id, name } = provider;
  const row = { name, isActive: true };
  await tx
    .insert(providers)
    .values({ clinicId, id, ...row })
    .onConflictDoUpdate({ target: [providers.clinicId, providers.id], set: row });
  for (const table of [providerHours, providerExceptions, providerVisitTypes]) {
    await tx.delete(table).where(and(eq(table.clinicId, clinicId), eq(table.providerId, id)));
  }
  const of = { clinicId, providerId: id };
  const hours = provider.hours.map((open) => ({ ...of, ...weeklyHoursSchema.parse(open) }));
  const exceptions = provider.exceptions.map((given) => {
    const { date: heldOn, ...exception } = scheduleExceptionSchema.parse(given);
    return { ...of, id: randomUUID(), heldOn, ...exception };
  });
  const offered = provider.visitTypeIds.map((visitTypeId) => ({ ...of, visitTypeId }));
  if (hours.length > 0) await tx.insert(providerHours).values(hours);
  if (exceptions.length > 0) await tx.insert(providerExceptions).values(exceptions);
  if (offered.length > 0) await tx.insert(providerVisitTypes).values(offered);
}

/** Nothing can be booked at this provider any more; visits that exist stay. */
export async function giveUpProvider(tx: ClinicTransaction, clinicId: ClinicId, id: ProviderId): Promise<void> {
  await tx
    .update(providers)
    .set({ isActive: false })
    .where(and(eq(providers.clinicId, clinicId), eq(providers.id, id)));
}
