import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { ClinicId, NotificationId } from '../domain/ids.ts';
import type { Instant } from '../domain/interval.ts';
import { stubbornHandOver } from './activity-options.ts';

const { sendDirects } = proxyActivities<Activities>(stubbornHandOver);

interface ToSay {
  clinicId: ClinicId;
  notificationIds: readonly NotificationId[];
  /** For operators. */
  summary: string;
  /** Before it there is no use in trying. */
  from?: Instant;
}

/**
 * Says what was planned by itself; waits, and tries again, for as long as it may not leave yet. Answers whether any of it was
 * no longer true when it was to leave.
 */
export async function sayDirectly({ clinicId, notificationIds, summary, from = 0 }: ToSay): Promise<boolean> {
  let at: Instant | null = from;
  let isSuperseded = false;
  while (at !== null) {
    if (at > Date.now()) await sleep(at - Date.now(), { summary: `${summary} waits until it may leave` });
    const sent: Awaited<ReturnType<Activities['sendDirects']>> = await sendDirects.executeWithOptions({ summary }, [
      { clinicId, notificationIds },
    ]);
    isSuperseded ||= sent.isSuperseded === true;
    at = sent.later === null ? null : Math.max(sent.later, Date.now() + 1);
  }
  return isSuperseded;
}
