import { MockActivityEnvironment } from '@temporalio/testing';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { messagingActivities } from '../../activities/messaging/index.ts';
import { twilioTransport } from '../../activities/messaging/transports/twilio.ts';
import { inClinic } from '../../db/client.ts';
import { planDirect } from '../../db/commands/notifications/plan-direct.ts';
import type { NotificationId } from '../../domain/ids.ts';
import { HOUR } from '../../domain/interval.ts';
import { account } from '../../simulator/account.ts';
import { startRig } from '../../simulator/testing.ts';
import { messagingDatabase } from './messaging.ts';

/** Ahead of the real clock, as a workflow's may be. */
const noon = Date.parse('2100-11-21T10:00Z');
const world = await messagingDatabase();
const carrier = await startRig();
afterAll(() => carrier.close());

const { sid: accountSid, authToken } = account;
const sms = twilioTransport({ accountSid, authToken, baseUrl: carrier.url, publicUrl: carrier.api.url });

const phoneOf = (index: number) => `+35840555${1_000 + index}`;
const turnedAwayTwice = (index: number) => ({ to: phoneOf(index), outcome: 'rateLimited:2' });

function planReplies({ clinic }: Awaited<ReturnType<typeof world.rig>>, count: number): Promise<NotificationId[]> {
  const { clinicId } = clinic;
  const planned = { clinicId, content: { kind: 'reply', variant: 'help' }, patientId: null, now: noon } as const;
  return inClinic(world.db, clinicId, async (tx) => {
    const ids: NotificationId[] = [];
    for (let index = 0; index < count; index++) {
      const one = { dedupeKey: randomUUID(), address: phoneOf(index), usefulUntil: noon + HOUR };
      ids.push(await planDirect(tx, { ...planned, ...one }));
    }
    return ids;
  });
}

it('hands a wave over in one run to a carrier that turns some away at first, each try on record and each text once', async () => {
  const rig = await world.rig();
  const { clinicId } = rig.clinic;
  const notificationIds = await planReplies(rig, 40);
  for (let index = 0; index < 40; index += 2) await carrier.control('/behaviour', turnedAwayTwice(index));

  const { sendDirects } = messagingActivities({ ...rig.deps, transports: { sms } });
  const activity = new MockActivityEnvironment({ currentAttemptScheduledTimestampMs: noon });
  expect(await activity.run(sendDirects, { clinicId, notificationIds })).toEqual({ later: null });

  const handedOver = (await (await fetch(`${carrier.url}/_sim/messages`)).json()) as { to: string }[];
  expect(handedOver).toHaveLength(40);
  expect(new Set(handedOver.map(({ to }) => to)).size).toBe(40);
  const tries = await world.sql<{ outcomes: string[] }[]>`
    select array_agg(outcome order by number) as outcomes from message_attempts
    where clinic_id = ${clinicId} group by message_id`;
  const stories = tries.map(({ outcomes }) => outcomes.join()).toSorted();
  expect(stories).toEqual([...Array(20).fill('accepted'), ...Array(20).fill('busy,busy,accepted')]);
});
