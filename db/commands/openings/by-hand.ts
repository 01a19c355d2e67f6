import { eq } from 'drizzle-orm';
import { occupiedRange } from '../../../domain/availability.ts';
import { type FieldError, Refusal } from '../../../domain/errors.ts';
import type { OpeningId, ProviderId, RequestId, VisitTypeId } from '../../../domain/ids.ts';
import { type Instant, MINUTE } from '../../../domain/interval.ts';
import type { OpeningTurn } from '../../../domain/opening.ts';
import { isLocked, leavesTimeToAsk, offerUntil } from '../../../domain/opening-rules.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { type VisitRules, loadVisitRules, offersVisitType } from '../../queries/catalogue.ts';
import { openings } from '../../schema/index.ts';
import { slotTaken } from '../occupancies/occupy.ts';
import { insertOpening, newOpening } from './open.ts';
import { type OpeningCommand, takeTurn } from './turn.ts';

export interface OpenCommand extends OpeningCommand {
  requestId: RequestId;
  visitTypeId: VisitTypeId;
  providerId: ProviderId;
  startsAt: Instant;
}

/**
 * Offers a free time because staff want it filled; they are bound neither by hours nor by how far ahead it lies. Refuses with
 * SLOT_TAKEN, STAFF_ONLY or VALIDATION_FAILED. A second run finds what the first one made.
 */
export async function openByHand(db: Database, command: OpenCommand): Promise<OpeningTurn> {
  const { clinicId, openingId, now } = command;
  await inClinic(db, clinicId, async (tx) => {
    if (!(await isMade(tx, openingId))) await makeOpening(tx, command);
  });
  return takeTurn(db, { clinicId, openingId, now });
}

async function makeOpening(tx: ClinicTransaction, command: OpenCommand): Promise<void> {
  const { clinicId, openingId, providerId, visitTypeId, startsAt, now } = command;
  const rules = await refuseUnfit(tx, command);
  const { visitType, policy } = rules;
  const time = {
    clinicId,
    providerId,
    visitTypeId,
    startsAt,
    endsAt: startsAt + visitType.durationMinutes * MINUTE,
    during: occupiedRange(startsAt, visitType),
    offerUntil: offerUntil(startsAt, policy.openings),
    createdAt: now,
  };
  const nobodys = { cause: 'manual', appointmentId: null, patientId: null, depth: 0, reopensId: null } as const;
  if (await insertOpening(tx, newOpening({ ...time, ...nobodys }, openingId), now)) return;
  // By a run that committed while this one waited.
  if (!(await isMade(tx, openingId))) throw slotTaken();
}

async function isMade(tx: ClinicTransaction, id: OpeningId): Promise<boolean> {
  return (await tx.select({ id: openings.id }).from(openings).where(eq(openings.id, id))).length > 0;
}

async function refuseUnfit(
  tx: ClinicTransaction,
  { visitTypeId, providerId, startsAt, now }: OpenCommand,
): Promise<VisitRules> {
  const rules = await loadVisitRules(tx, visitTypeId);
  const errors: FieldError[] = [];
  if (!rules) errors.push({ pointer: '/visitTypeId', detail: 'is no visit type of this clinic' });
  if (!(await offersVisitType(tx, providerId, visitTypeId))) {
    errors.push({ pointer: '/providerId', detail: 'is no provider of this clinic who offers that visit type' });
  }
  if (startsAt <= now) errors.push({ pointer: '/startsAt', detail: 'must lie in the future' });
  else if (rules && !leavesTimeToAsk({ startsAt, now }, rules)) {
    errors.push({ pointer: '/startsAt', detail: 'is too near for anybody to be asked' });
  }
  if (!rules || errors.length > 0) {
    throw new Refusal('VALIDATION_FAILED', 'The time cannot be offered as it is asked for.', errors);
  }
  if (isLocked(rules.policy)) {
    throw new Refusal('STAFF_ONLY', 'Only staff cancel or move visits of this type, so its times are not offered.');
  }
  return rules;
}
