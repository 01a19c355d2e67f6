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

/** Says what was planned by itself; waits, and tries again, for as long as it may not leave yet. */
export async function sayDirectly({ clinicId, notificationIds, summary, from = 0 }: ToSay): Promise<void> {
  let at: Instant | null = from;
  while (at !== null) {
    if (at > Date.now()) await sleep(at - Date.now(), { summary: `${summary} waits until it may leave` });
    const sent: { later: Instant | null } = await sendDirects.executeWithOptions({ summary }, [
      { clinicId, notificationIds },
    ]);
    at = sent.later === null ? null : Math.max(sent.later, Date.now() + 1);
  }
}
