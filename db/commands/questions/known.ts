import { and, eq, inArray, sql } from 'drizzle-orm';
import type { DirectContent } from '../../../domain/direct-message.ts';
import type { QuestionId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { questions } from '../../schema/index.ts';

/** A reply that lists questions leaves now: they are asked once more, and their codes hold from now on. */
export async function markListed(tx: ClinicTransaction, content: DirectContent, now: Instant): Promise<void> {
  const ids = listedIn(content);
  if (ids.length === 0) return;
  const knownSince = sql`coalesce(${questions.knownSince}, ${sql.param(now, questions.knownSince)})`;
  await tx.update(questions).set({ askedAt: now, knownSince }).where(inArray(questions.id, ids));
}

/**
 * A text did not leave, or certainly did not arrive. Nobody says yes to times, or to cancelling, of which they have not read;
 * offers have their own state for that.
 */
export async function markUnheard(tx: ClinicTransaction, content: DirectContent | null): Promise<void> {
  if (content === null || (content.kind !== 'proposal' && listedIn(content).length === 0)) return;
  const isUnheard =
    content.kind === 'proposal'
      ? eq(questions.proposalId, content.proposalId)
      : and(eq(questions.kind, 'cancel'), inArray(questions.id, listedIn(content)));
  await tx.update(questions).set({ knownSince: null }).where(isUnheard);
}

function listedIn(content: DirectContent): QuestionId[] {
  if (content.kind !== 'reply' || !('questions' in content)) return [];
  return content.questions.map(({ questionId }) => questionId);
}
