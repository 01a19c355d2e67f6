import { sql } from 'drizzle-orm';
import type { Appointment } from '../../../domain/appointment.ts';
import type { PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Plan } from '../../../domain/plan.ts';
import { type Change, type PlanInput, planAppointment } from '../../../domain/reminder-plan.ts';
import type { ClinicTransaction } from '../../client.ts';
import type { VisitRules } from '../../queries/catalogue.ts';

interface PlanRequest extends Pick<
  PlanInput,
  'notify' | 'remind' | 'previousStartsAt' | 'settledAt' | 'previous' | 'isWon'
> {
  appointment: Appointment;
  changed: Change;
  rules: VisitRules;
  /** The moment of the planning, if it is not that of a change. */
  now?: Instant;
}

/** What is still to come after a change made at the appointment's `updatedAt`, by the clinic's rules and the patient's channels. */
export async function planAfter(tx: ClinicTransaction, request: PlanRequest): Promise<Plan> {
  const { rules, ...change } = request;
  return planAppointment({
    now: change.appointment.updatedAt,
    ...change,
    zone: rules.timeZone,
    policy: rules.policy,
    ...(await reachableBy(tx, change.appointment.patientId)),
  });
}

/** The channels on which the patient has an address and the clinic a sender. */
async function reachableBy(
  tx: ClinicTransaction,
  patientId: PatientId | null,
): Promise<{ hasMobile: boolean; hasEmail: boolean }> {
  const nothing = { hasMobile: false, hasEmail: false };
  if (patientId === null) return nothing;
  const {
    rows: [row],
  } = await tx.execute<{ hasMobile: boolean; hasEmail: boolean }>(sql`
    select
      mobile is not null and exists (select from senders where channel = 'sms' and is_active) as "hasMobile",
      email is not null and exists (select from senders where channel = 'email' and is_active) as "hasEmail"
    from patients where id = ${patientId}`);
  return row ? { hasMobile: row.hasMobile, hasEmail: row.hasEmail } : nothing;
}
