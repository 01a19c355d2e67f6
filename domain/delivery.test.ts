import { describe, expect, it } from 'vitest';
import { appointmentStatuses } from './appointment.ts';
import { directObstacle, isForStaff, isStillTrue, repeatsAfterUnknown, shownStatus, stepKeyAt } from './delivery.ts';
import { HOUR } from './interval.ts';
import { messageStatuses, notificationKinds } from './message.ts';
import { offerStatuses, openingStatuses } from './opening.ts';
import { messageKinds } from './plan.ts';
import { type ProposalStatus, proposalStatuses } from './proposal.ts';

const confirmBy = 1_000;
const truths = (status: (typeof appointmentStatuses)[number], now = confirmBy) =>
  messageKinds.filter((kind) => isStillTrue(kind, 2, { status, confirmBy, version: 2 }, now));

describe('isStillTrue', () => {
  it('holds only where the visit is what the message says', () => {
    expect(Object.fromEntries(appointmentStatuses.map((status) => [status, truths(status)]))).toEqual({
      held: [],
      pending: ['ask', 'nudge'],
      booked: ['booked', 'confirmed', 'moved', 'reminder', 'offerWon'],
      completed: [],
      noShow: [],
      cancelled: ['cancelled'],
      expired: ['expired'],
    });
  });

  it('asks for an answer up to and including the last moment to give it', () => {
    expect(truths('pending', confirmBy)).toEqual(['ask', 'nudge']);
    expect(truths('pending', confirmBy + 1)).toEqual([]);
  });

  it('says nothing about a time that was changed since', () => {
    expect(messageKinds.some((kind) => isStillTrue(kind, 1, { status: 'booked', confirmBy, version: 2 }, 0))).toBe(
      false,
    );
  });
});

describe('the status that people see', () => {
  const seen = (channel: 'sms' | 'email', now: number) =>
    messageStatuses.filter((status) => shownStatus({ channel, status, statusAt: 0 }, now) === 'noReceipt');

  it('tells of a text that was taken three hours ago that it has no receipt', () => {
    expect(seen('sms', 3 * HOUR)).toEqual(['accepted', 'queued', 'sent']);
    expect(seen('sms', 3 * HOUR - 1)).toEqual([]);
  });

  it('is that of a mail at any time', () => {
    expect(seen('email', 300 * HOUR)).toEqual([]);
  });
});

it('repeats after an unknown outcome all but what hurts more when it is said twice', () => {
  const once = notificationKinds.filter((kind) => !repeatsAfterUnknown(kind));
  expect(once).toEqual(['reminder', 'offer', 'proposal', 'freeText']);
});

it('asks staff to look after all that does not arrive but what is said about an opening before it is won', () => {
  expect(notificationKinds.filter((kind) => !isForStaff(kind))).toEqual(['offer', 'offerGone']);
});

describe('directObstacle', () => {
  const offer = { kind: 'offer', status: 'planned', opening: 'offering', offerUntil: 1_000, hasConsent: true } as const;
  const obstacleOf = (patch: object, isBegun = false, now = 999) =>
    directObstacle({ ...offer, ...patch }, isBegun, now);

  it('lets an offer leave once, as long as the time may still be taken', () => {
    expect(obstacleOf({})).toBeNull();
    expect(obstacleOf({}, false, 1_000)).toBe('superseded');
    expect(offerStatuses.filter((status) => obstacleOf({ status }) === null)).toEqual(['planned']);
    expect(offerStatuses.filter((status) => obstacleOf({ status }, true) === null)).toEqual(['planned', 'asked']);
    expect(openingStatuses.filter((opening) => obstacleOf({ opening }) === null)).toEqual(['offering']);
  });

  it('lets no offer leave to somebody who did not agree to any', () => {
    expect(obstacleOf({ hasConsent: false })).toBe('noConsent');
  });

  it('lets a proposal leave while it waits and its visit is as it was; one that expired unsaid was missed; all else leaves at any time', () => {
    const ofProposal = (status: ProposalStatus, isOfVisit = true) =>
      directObstacle({ kind: 'proposal', status, isOfVisit }, false, 0);
    expect(proposalStatuses.map((status) => ofProposal(status))).toEqual([null, 'superseded', null]);
    expect(ofProposal('waiting', false)).toBe('superseded');
    const others = (['offerGone', 'reply', 'freeText'] as const).map((kind) => directObstacle({ kind }, false, 0));
    expect(others).toEqual([null, null, null]);
  });
});

it('finds the same step in the plan of another visit', () => {
  expect(stepKeyAt('reminder:sms-2d:v1', 12)).toBe('reminder:sms-2d:v12');
});
