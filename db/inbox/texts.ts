import { and, eq } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { maskIdentityCodes } from '../../domain/identity-codes.ts';
import { type ClinicId, type InboundMessageId, asId } from '../../domain/ids.ts';
import { type InboundWord, commandIn, isCarriersWord } from '../../domain/inbound-words.ts';
import type { Instant } from '../../domain/interval.ts';
import { type ClinicTransaction, type Database, inClinic } from '../client.ts';
import { hasOptedOut, liftOptOut, recordOptOut } from '../commands/opt-outs/record.ts';
import { inboundMessages } from '../schema/index.ts';

export interface InboundText {
  clinicId: ClinicId;
  transport: string;
  providerMessageId: string;
  sender: string;
  recipient: string;
  body: string;
  carrierSays: InboundWord | null;
  now: Instant;
}

/**
 * Stores a text once by its provider's id, without personal identity codes, and honours a stop or start word in the same
 * transaction: from here on nothing is sent against it. Answers its id and whether it still has to be handled.
 */
export async function storeText(
  db: Database,
  text: InboundText,
): Promise<{ id: InboundMessageId; isHandled: boolean }> {
  const { clinicId, transport, providerMessageId, sender, recipient, now } = text;
  return inClinic(db, clinicId, async (tx) => {
    const pair = { sender: recipient, phone: sender };
    const command = commandIn(text.body, { ...text, hasOptedOut: await hasOptedOut(tx, pair) });
    const id = asId<InboundMessageId>(randomUUID());
    const row = { clinicId, id, transport, providerMessageId, sender, recipient };
    const stored = await tx
      .insert(inboundMessages)
      .values({
        ...row,
        // PostgreSQL keeps no zero bytes.
        body: maskIdentityCodes(text.body.replaceAll('\0', '')),
        isCarriersWord: isCarriersWord(text.body, text.carrierSays),
        understoodAs: command?.as ?? null,
        understoodWhy: command?.why ?? null,
        receivedAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: inboundMessages.id });
    if (stored.length === 0) return findStored(tx, transport, providerMessageId);
    if (command?.as === 'optOut') await recordOptOut(tx, clinicId, { ...pair, source: 'text', now });
    if (command?.as === 'optIn') await liftOptOut(tx, pair, now);
    return { id, isHandled: false };
  });
}

async function findStored(tx: ClinicTransaction, transport: string, providerMessageId: string) {
  const [row] = await tx
    .select({ id: inboundMessages.id, handledAt: inboundMessages.handledAt })
    .from(inboundMessages)
    .where(and(eq(inboundMessages.transport, transport), eq(inboundMessages.providerMessageId, providerMessageId)));
  if (!row) throw new Error('An inbound message with this provider id belongs to another clinic.');
  return { id: row.id, isHandled: row.handledAt !== null };
}
