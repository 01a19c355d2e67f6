import { ApplicationFailure } from '@temporalio/activity';
import { recordOutcome } from '../../db/commands/messages/record-outcome.ts';
import { type ReceiptNews, recordReceipt } from '../../db/inbox/receipts.ts';
import { type LastAttempt, loadLastAttempt } from '../../db/queries/last-attempt.ts';
import type { ClinicId, MessageId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import { asActivityResult } from '../refusal.ts';
import type { MessagingDependencies } from './hand-over.ts';
import { sha256 } from './secrets.ts';
import type { FoundMessage } from './transports/transport.ts';

export interface LookUp {
  clinicId: ClinicId;
  messageId: MessageId;
}

/** `lost`: the provider does not have it. */
export interface LookedUp {
  found: 'known' | 'lost';
  /** An offer that did not arrive was found: its workflow is to be told. */
  opening: ReceiptNews['opening'];
}

/** Whether the provider has the message: by a receipt that came, else by asking. */
export async function lookUp(
  deps: MessagingDependencies,
  { clinicId, messageId }: LookUp,
  now: Instant,
): Promise<LookedUp> {
  const last = await asActivityResult(loadLastAttempt(deps.db, { clinicId, messageId }));
  if (!last || last.outcome === 'accepted' || last.outcome === 'rejected') return { found: 'known', opening: null };
  if (last.outcome === 'busy' || last.outcome === 'notFound') return { found: 'lost', opening: null };

  const about = { clinicId, messageId, attempt: last.number, now };
  const found = await ask(deps, last);
  if (!found) {
    // By now a receipt would have come: of a provider that cannot be asked, that is all there is to go by.
    const outcome = { outcome: 'notFound', errorCode: '' } as const;
    await asActivityResult(recordOutcome(deps.db, { ...about, outcome }));
    return { found: 'lost', opening: null };
  }
  const { opening } = await asActivityResult(recordReceipt(deps.db, { ...about, ...found }));
  return { found: 'known', opening };
}

async function ask({ transports }: MessagingDependencies, last: LastAttempt): Promise<FoundMessage | null> {
  try {
    const transport = transports[last.channel];
    if (!transport) throw new Error('no transport');
    if (!transport.find) return null;
    return await transport.find(
      last.recipient,
      (text, id) => sha256(text).equals(last.bodyDigest) && !last.otherIds.includes(id),
    );
  } catch {
    throw ApplicationFailure.create({ type: 'TRANSPORT_SILENT', message: 'The transport could not be asked.' });
  }
}
