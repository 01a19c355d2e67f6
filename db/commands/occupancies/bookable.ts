import type { AuditActor } from '../../../domain/appointment.ts';
import { checkBookable } from '../../../domain/availability.ts';
import { addDays, localDate } from '../../../domain/clinic-time.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { ProviderId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { type VisitRules, loadSchedule } from '../../queries/catalogue.ts';

export interface WantedTime {
  providerId: ProviderId;
  startsAt: Instant;
  actor: AuditActor;
  now: Instant;
}

/**
 * Refuses a start in the past, and for patients one outside hours, grid, notice or horizon, with VALIDATION_FAILED or
 * NOT_BOOKABLE. Whether the time is taken is for `occupy`.
 */
export async function refuseByRules(
  tx: ClinicTransaction,
  { startsAt, now, actor, providerId }: WantedTime,
  { timeZone, visitType }: Pick<VisitRules, 'timeZone' | 'visitType'>,
): Promise<void> {
  refusePast({ startsAt, now });
  if (actor === 'staff' || actor === 'office') return;
  const date = localDate(startsAt, timeZone);
  const schedule = await loadSchedule(tx, providerId, addDays(date, -1), addDays(date, 1));
  checkBookable({ schedule, visitType, startsAt, now, zone: timeZone });
}

export function refusePast({ startsAt, now }: Pick<WantedTime, 'startsAt' | 'now'>): void {
  if (startsAt > now) return;
  throw new Refusal('VALIDATION_FAILED', 'A visit can only be reserved ahead of time.', [
    { pointer: '/startsAt', detail: 'must lie in the future' },
  ]);
}
