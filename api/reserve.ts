import { inClinic } from '../db/client.ts';
import { joinHold } from '../db/commands/idempotency-keys/claim.ts';
import { endAttempt } from '../db/commands/idempotency-keys/end-attempt.ts';
import { findStandingHold } from '../db/commands/occupancies/hold.ts';
import { leaseTime } from '../db/commands/occupancies/lease.ts';
import { findReserved } from '../db/queries/answer.ts';
import type { Caller } from '../db/queries/api-key.ts';
import type { Appointment } from '../domain/appointment.ts';
import { formatForOperators } from '../domain/clinic-time.ts';
import type { Refusal } from '../domain/errors.ts';
import type { AppointmentInput } from '../workflows/appointment/messages.ts';
import { beginAttempt } from './attempt.ts';
import type { ApiDeps } from './deps.ts';
import type { AttemptIds } from './request-ids.ts';
import { unavailable } from './temporal-outcomes.ts';
import { timeLimit } from './time-limit.ts';

export interface ReservationRequest extends Omit<AppointmentInput, 'clinicId' | 'appointmentId' | 'requestId'> {
  actorRef: string | null;
  /** Who holds the time, for a hold. */
  holder: string | null;
  key: string;
  fingerprint: string;
}

interface Attempt extends AttemptIds {
  number: number;
  /** What this attempt led to, where it has been made before. */
  answer: Appointment | undefined;
}

type Deps = Pick<ApiDeps, 'db' | 'temporal' | 'now'>;

// The second try is for a key whose first attempt came to nothing, long ago perhaps: its lease had lapsed by then.
const TRIES = 2;

/**
 * Reserves a time once for each key: leases it, starts the appointment's workflow and waits for its answer. A repeat joins
 * the first request or answers what came of it; after a refusal the same key may be tried again.
 */
export async function reserve(deps: Deps, caller: Caller, request: ReservationRequest): Promise<Appointment> {
  const timeLeft = timeLimit();
  for (let tries = 1; ; tries++) {
    const attempt = await begin(deps, caller, request);
    const result = attempt.answer ?? (await carryOut(deps, caller, request, attempt, timeLeft()));
    if (!(result instanceof Error)) return result;
    await inClinic(deps.db, caller.clinicId, (tx) =>
      endAttempt(tx, { key: request.key, attempt: attempt.number, appointmentId: attempt.appointmentId }),
    );
    if (result.code !== 'TEMPORARILY_UNAVAILABLE' || tries === TRIES) throw result;
  }
}

/** One transaction: takes the key and leases the time, or finds what the key has led to. A refused lease leaves no key. */
async function begin({ db, now }: Deps, { clinicId }: Caller, request: ReservationRequest): Promise<Attempt> {
  const at = now();
  return inClinic(db, clinicId, async (tx) => {
    const { key, fingerprint, holder, mode: action } = request;
    const asking = { ...request, clinicId, action, repeatable: { key, fingerprint }, now: at };
    const { isFirst, joinedId, ...ids } = await beginAttempt(tx, asking);
    const isHold = isFirst && action === 'hold' && holder !== null;
    const standing = isHold ? await findStandingHold(tx, { ...request, clinicId, holder, now: at }) : undefined;
    if (standing) await joinHold(tx, key, standing);
    const appointmentId = standing ?? joinedId ?? ids.appointmentId;
    const isNew = isFirst && !standing;
    if (isNew) await leaseTime(tx, { ...request, clinicId, appointmentId, now: at });
    return { ...ids, appointmentId, answer: isNew ? undefined : await findReserved(tx, appointmentId) };
  });
}

/** The appointment, or the refusal with which the attempt ended. */
async function carryOut(
  { db, temporal }: Deps,
  { clinicId, timeZone }: Caller,
  request: ReservationRequest,
  { requestId, appointmentId }: Attempt,
  withinMs: number,
): Promise<Appointment | Refusal> {
  const { actorRef: _, key: __, fingerprint: ___, holder: ____, ...reservation } = request;
  const input: AppointmentInput = { ...reservation, clinicId, appointmentId, requestId };
  const outcome = await temporal.reserve(input, summaryOf(input, timeZone), withinMs);
  if (outcome.outcome === 'done') return outcome.appointment;
  if (outcome.outcome === 'refused') return outcome.refusal;
  return (await inClinic(db, clinicId, (tx) => findReserved(tx, appointmentId))) ?? unavailable();
}

const done = { book: 'Booked', hold: 'Held', preReserve: 'Pre-reserved' };

function summaryOf({ mode, actor, startsAt }: AppointmentInput, timeZone: string): string {
  return `${done[mode]} by ${actor} for ${formatForOperators(startsAt, timeZone)} clinic time`;
}
