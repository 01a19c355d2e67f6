import {
  ApplicationFailure,
  TimeoutFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { Changed } from '../../domain/plan.ts';
import { impatientDatabaseWrite } from '../activity-options.ts';
import { causeOf, refusalFrom } from '../refusals.ts';
import { AppointmentLife } from './life.ts';
import { type AppointmentInput, type AppointmentOutcome, reserveUpdate } from './messages.ts';
import { showRefusal } from './operators.ts';
import { type Inbox, acceptRequests } from './requests.ts';

const { reserveAppointment } = proxyLocalActivities<Activities>(impatientDatabaseWrite);

/**
 * The life of one appointment, from its reservation until it is cancelled, expired, or a week past. It ends with how the
 * life ended; a refused reservation is such an end. It fails only where a person must look.
 */
export async function appointmentWorkflow(input: AppointmentInput): Promise<AppointmentOutcome> {
  let life: AppointmentLife | undefined;
  let reservation: Reservation | undefined;
  const inbox = acceptRequests(() => life?.appointment);
  setHandler(
    reserveUpdate,
    async () => {
      await condition(() => reservation !== undefined);
      if ('refusal' in reservation!) throw reservation.refusal;
      // A later run did not reserve: it answers with what has become of the visit.
      return (input.progress ? life! : reservation!).appointment;
    },
    { description: 'Answers once the time is reserved, or refused.' },
  );

  reservation = input.progress ?? (await reserve(input));
  if ('refusal' in reservation) {
    const code = reservation.refusal.type ?? 'TEMPORARILY_UNAVAILABLE';
    showRefusal(code);
    for (const request of inbox.requests) request.settle({ failure: reservation.refusal });
    await condition(allHandlersFinished);
    return { outcome: 'refused', code };
  }
  life = new AppointmentLife(reservation, input.claim);
  await live(input, life, inbox);
  return { outcome: life.appointment.status as Exclude<AppointmentOutcome['outcome'], 'refused'> };
}

type Reservation = Changed | { refusal: ApplicationFailure };

/** Reserves the leased time, or learns that it must not. While the database is away it asks again, by a fresh clock. */
async function reserve(input: AppointmentInput): Promise<Reservation> {
  for (;;) {
    try {
      return await reserveAppointment({ ...input, now: Date.now() });
    } catch (error) {
      const refusal = refusalFrom(error);
      if (refusal) return { refusal };
      if (!isOutage(causeOf(error))) throw error;
    }
  }
}

function isOutage(cause: unknown): boolean {
  return cause instanceof TimeoutFailure || (cause instanceof ApplicationFailure && cause.type === 'FAULT');
}

/** One loop, one timer: requests first, so that an answer that came in time beats the deadline; then new rules; then what is due. */
async function live(input: AppointmentInput, life: AppointmentLife, inbox: Inbox): Promise<void> {
  try {
    while (!life.isOver || inbox.requests.length > 0) {
      const request = inbox.requests.shift();
      const isReplanned = !request && inbox.rulesChanged;
      const isStale = !request && life.mayBeBehind;
      const step = request || isStale || isReplanned ? undefined : life.takeDue();
      if (request) await life.obey(request);
      else if (isStale) await life.catchUp();
      else if (isReplanned) {
        inbox.rulesChanged = false;
        await life.followNewRules();
      } else if (step) await life.act(step);
      else if (isRunLongEnough(life))
        await continueAsNew<typeof appointmentWorkflow>({ ...input, progress: life.progress });
      else await life.rest(() => inbox.requests.length > 0 || inbox.rulesChanged || isRunLongEnough(life));
    }
  } catch (error) {
    // A handler that still waits keeps a failed life running, and nobody looks.
    for (const request of inbox.requests) request.settle({ failure: error });
    throw error;
  } finally {
    await condition(allHandlersFinished);
  }
}

/**
 * The server takes 2,000 updates for a run and no more, those that change nothing included: before that, the life goes on in
 * another run, from a moment in which nothing is in hand.
 */
function isRunLongEnough(life: AppointmentLife): boolean {
  const { continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested && life.isQuiet && allHandlersFinished() && patched('goes-on-as-new');
}
