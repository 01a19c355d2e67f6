import { Context } from '@temporalio/activity';
import type { ClinicId, NotificationId } from '../../domain/ids.ts';
import { type Instant, SECOND } from '../../domain/interval.ts';
import type { HandOverResult } from '../../domain/delivery.ts';

const AT_ONCE = 16;
const HEARTBEAT_EVERY = 5 * SECOND;

export interface SendDirects {
  clinicId: ClinicId;
  notificationIds: readonly NotificationId[];
}

export interface AllSent {
  /** The earliest instant at which one is to be tried again. */
  later: Instant | null;
  /** Some did not leave and will not. */
  isIncomplete?: true;
}

/**
 * Sends them side by side and answers the earliest instant at which one is to be tried again. One that fails keeps none of
 * the others waiting: it is thrown when they are done, and in the run after it what is done is skipped.
 */
export async function sendAll(
  { clinicId, notificationIds }: SendDirects,
  send: (one: { clinicId: ClinicId; notificationId: NotificationId }) => Promise<HandOverResult>,
): Promise<AllSent> {
  const waiting = [...notificationIds];
  const later: Instant[] = [];
  const failures: unknown[] = [];
  let isIncomplete = false;
  const sendSome = async () => {
    for (let notificationId = waiting.shift(); notificationId; notificationId = waiting.shift()) {
      try {
        const sent = await send({ clinicId, notificationId });
        if (sent.result === 'later') later.push(sent.at);
        isIncomplete ||= sent.result === 'done' && sent.isUnsaid === true;
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await whileBeating(Promise.all(Array.from({ length: AT_ONCE }, sendSome)));
  if (failures.length > 0) throw failures[0];
  return { later: later.length > 0 ? Math.min(...later) : null, ...(isIncomplete ? { isIncomplete } : {}) };
}

/** A try at the provider may take longer than it should take to notice that the worker is gone. */
async function whileBeating(work: Promise<unknown>): Promise<void> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY);
  try {
    await work;
  } finally {
    clearInterval(beat);
  }
}
