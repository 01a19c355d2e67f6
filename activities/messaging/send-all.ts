import { Context } from '@temporalio/activity';
import type { ClinicId, NotificationId, OpeningId } from '../../domain/ids.ts';
import { type Instant, SECOND } from '../../domain/interval.ts';
import type { HandOverResult } from '../../domain/delivery.ts';
import type { OpeningSight } from '../../domain/opening.ts';
import { busyFailure, crowdCode } from './outcome.ts';

const AT_ONCE = 16;
const HEARTBEAT_EVERY = 5 * SECOND;

/** Tries at one message while the provider has too much to do, in one run; each pause is about twice the one before. */
const TRIES = 6;
const FIRST_PAUSE = 0.1 * SECOND;

export interface SendDirects {
  clinicId: ClinicId;
  notificationIds: readonly NotificationId[];
  /** Whose offers they are. */
  openingId?: OpeningId;
}

export interface AllSent {
  /** The earliest instant at which one is to be tried again. */
  later: Instant | null;
  /** Some did not leave and will not. */
  isIncomplete?: true;
  /** Some were no longer true when they were to leave. */
  isSuperseded?: true;
  /** How the opening stands then; null where it has ended. */
  opening?: OpeningSight | null;
}

type Send = (one: { clinicId: ClinicId; notificationId: NotificationId }) => Promise<HandOverResult>;

/**
 * Sends them side by side and answers the earliest instant at which one is to be tried again. One that fails keeps none of
 * the others waiting: it is thrown when they are done, and in the run after it what is done is skipped.
 */
export async function sendAll({ clinicId, notificationIds }: SendDirects, send: Send): Promise<AllSent> {
  const context = Context.current();
  const waiting = [...notificationIds];
  const later: Instant[] = [];
  const failures: unknown[] = [];
  let isIncomplete = false;
  let isSuperseded = false;
  const next = () => (context.cancellationSignal.aborted ? undefined : waiting.shift());
  const sendSome = async () => {
    for (let notificationId = next(); notificationId; notificationId = next()) {
      try {
        const sent = await sendPatiently(() => send({ clinicId, notificationId }), context);
        if (sent.result === 'later') later.push(sent.at);
        isIncomplete ||= sent.result === 'done' && sent.isUnsaid === true;
        isSuperseded ||= sent.result === 'superseded';
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await whileBeating(Promise.all(Array.from({ length: AT_ONCE }, sendSome)), context);
  // The worker is about to end: what is begun is done, and the others are for another worker.
  if (waiting.length > 0) await context.cancelled;
  if (failures.length > 0) throw failures[0];
  return {
    later: later.length > 0 ? Math.min(...later) : null,
    ...(isIncomplete ? { isIncomplete } : {}),
    ...(isSuperseded ? { isSuperseded } : {}),
  };
}

/** A provider that takes so many a second has room again in a moment: each try is one of its own, judged anew. */
async function sendPatiently(send: () => Promise<HandOverResult>, context: Context): Promise<HandOverResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      const errorCode = crowdCode(error);
      if (errorCode === undefined) throw error;
      if (tries === TRIES) throw busyFailure({ errorCode }, context.info.attempt);
    }
    // Not all lanes in the same moment.
    await context.sleep(FIRST_PAUSE * 2 ** (tries - 1) * (0.5 + Math.random()));
  }
}

/** A try at the provider may take longer than it should take to notice that the worker is gone. */
async function whileBeating(work: Promise<unknown>, context: Context): Promise<void> {
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY);
  try {
    await work;
  } finally {
    clearInterval(beat);
  }
}
