import { eq } from 'drizzle-orm';
import type { Appointment } from '../../domain/appointment.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { ClinicTransaction } from '../client.ts';
import { auditEntries } from '../schema/index.ts';

/** What a request led to, as it was answered then; undefined where it has had no effect so far. */
export async function findAnswer(tx: ClinicTransaction, requestId: RequestId): Promise<Appointment | undefined> {
  const [entry] = await tx
    .select({ after: auditEntries.after })
    .from(auditEntries)
    .where(eq(auditEntries.requestId, requestId));
  return entry?.after;
}
