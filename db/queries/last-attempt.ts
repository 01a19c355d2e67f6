import { and, desc, eq } from 'drizzle-orm';
import type { ClinicId, MessageId } from '../../domain/ids.ts';
import type { AttemptOutcome } from '../../domain/message.ts';
import type { Channel } from '../../domain/plan.ts';
import { type Database, inClinic } from '../client.ts';
import { messageAttempts, messages } from '../schema/index.ts';

export interface LastAttempt {
  number: number;
  outcome: AttemptOutcome | null;
  bodyDigest: Buffer;
  channel: Channel;
  recipient: string;
}

/** The newest try at a message. */
export async function loadLastAttempt(
  db: Database,
  { clinicId, messageId }: { clinicId: ClinicId; messageId: MessageId },
): Promise<LastAttempt | undefined> {
  const { number, outcome, bodyDigest } = messageAttempts;
  const rows = await inClinic(db, clinicId, (tx) =>
    tx
      .select({ number, outcome, bodyDigest, channel: messages.channel, recipient: messages.recipient })
      .from(messageAttempts)
      .innerJoin(messages, and(eq(messages.id, messageAttempts.messageId)))
      .where(eq(messageAttempts.messageId, messageId))
      .orderBy(desc(number))
      .limit(1),
  );
  return rows[0];
}
