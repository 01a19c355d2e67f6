import { and, desc, eq, gt, isNotNull, ne } from 'drizzle-orm';
import type { ClinicId, MessageId } from '../../domain/ids.ts';
import type { AttemptOutcome } from '../../domain/message.ts';
import type { Channel } from '../../domain/plan.ts';
import { ELAPSED_DAY, type Instant } from '../../domain/interval.ts';
import { type ClinicTransaction, type Database, inClinic } from '../client.ts';
import { messageAttempts, messages } from '../schema/index.ts';

export interface LastAttempt {
  number: number;
  outcome: AttemptOutcome | null;
  bodyDigest: Buffer;
  channel: Channel;
  recipient: string;
  /** What the provider calls other texts of the same words to the same recipient, as some replies are. */
  otherIds: string[];
}

/** The newest try at a message. */
export async function loadLastAttempt(
  db: Database,
  { clinicId, messageId }: { clinicId: ClinicId; messageId: MessageId },
): Promise<LastAttempt | undefined> {
  const { number, outcome, bodyDigest, startedAt } = messageAttempts;
  const { channel, recipient } = messages;
  return inClinic(db, clinicId, async (tx) => {
    const [last] = await tx
      .select({ number, outcome, bodyDigest, startedAt, channel, recipient })
      .from(messageAttempts)
      .innerJoin(messages, eq(messages.id, messageAttempts.messageId))
      .where(eq(messageAttempts.messageId, messageId))
      .orderBy(desc(number))
      .limit(1);
    return last && { ...last, otherIds: await idsOfSameWords(tx, messageId, last) };
  });
}

async function idsOfSameWords(
  tx: ClinicTransaction,
  messageId: MessageId,
  { recipient, bodyDigest, startedAt }: { recipient: string; bodyDigest: Buffer; startedAt: Instant },
): Promise<string[]> {
  const isOther = and(ne(messages.id, messageId), eq(messages.recipient, recipient));
  const isSame = and(eq(messageAttempts.bodyDigest, bodyDigest), isNotNull(messageAttempts.providerMessageId));
  const rows = await tx
    .select({ id: messageAttempts.providerMessageId })
    .from(messageAttempts)
    .innerJoin(messages, eq(messages.id, messageAttempts.messageId))
    .where(and(isOther, isSame, gt(messages.createdAt, startedAt - LISTED_FOR)));
  return rows.flatMap(({ id }) => id ?? []);
}

/** Longer ago, a text is not among the newest that a provider lists. */
const LISTED_FOR = 90 * ELAPSED_DAY;
