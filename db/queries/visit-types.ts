import { asc, eq } from 'drizzle-orm';
import type { VisitType } from '../../domain/catalogue.ts';
import type { ClinicTransaction } from '../client.ts';
import { visitTypes } from '../schema/index.ts';
import { toVisitType } from './catalogue.ts';

/** What the clinic offers. */
export async function listVisitTypes(tx: ClinicTransaction): Promise<VisitType[]> {
  const rows = await tx.select().from(visitTypes).where(eq(visitTypes.isActive, true)).orderBy(asc(visitTypes.id));
  return rows.map(toVisitType);
}
