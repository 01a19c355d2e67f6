import type { AppointmentId, RequestId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { resolvePolicy } from '../../../domain/policy.ts';
import { sayCannotCome } from '../../../domain/question.ts';
import type { ClinicTransaction } from '../../client.ts';
import { clinics } from '../../schema/index.ts';
import { type InboundText, actionsOf } from './text.ts';

/** A visit that was given up by text, and for which the clinic proposes other times. */
export interface OtherTimesDue {
  appointmentId: AppointmentId;
  /** Of the answer. */
  requestId: RequestId;
}

/** Which of the visits that this text has given up the clinic proposes other times for. */
export async function otherTimesDue(tx: ClinicTransaction, text: InboundText, now: Instant): Promise<OtherTimesDue[]> {
  const done = (text.outcomes ?? []).filter(
    ({ outcome, answer }) => outcome === 'done' && sayCannotCome.includes(answer),
  );
  if (done.length === 0) return [];
  const [clinic] = await tx.select({ policy: clinics.policy }).from(clinics);
  if (resolvePolicy(clinic?.policy).proposals.afterCannotCome === 0) return [];
  const actions = await actionsOf(tx, text, done, now);
  return actions.flatMap(({ appointmentId, requestId }) => (appointmentId ? { appointmentId, requestId } : []));
}
