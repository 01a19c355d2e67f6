import { and, eq } from 'drizzle-orm';
import type { Sender } from '../../../domain/clinic-state.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { ClinicId } from '../../../domain/ids.ts';
import type { ClinicTransaction } from '../../client.ts';
import { senders } from '../../schema/index.ts';

/** Lets messages leave from this address. Refuses one that is another clinic's, also where that one has given it up. */
export async function saveSender(tx: ClinicTransaction, clinicId: ClinicId, sender: Sender): Promise<void> {
  const saved = await tx
    .insert(senders)
    .values({ clinicId, ...sender })
    .onConflictDoUpdate({
      target: [senders.channel, senders.address],
      set: { isActive: true },
      setWhere: eq(senders.clinicId, clinicId),
    })
    .returning({ id: senders.id });
  if (saved.length > 0) return;
  const pointer = `/senders/${sender.channel}`;
  // An answer to it must lead to one clinic, and the first has its patients' answers.
  throw new Refusal('VALIDATION_FAILED', 'A sender is taken.', [{ pointer, detail: "is another clinic's sender" }]);
}

/** No message leaves from it any more; what arrives at it is still this clinic's. */
export async function giveUpSender(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  { channel, address }: Sender,
): Promise<void> {
  await tx
    .update(senders)
    .set({ isActive: false })
    .where(and(eq(senders.clinicId, clinicId), eq(senders.channel, channel), eq(senders.address, address)));
}
