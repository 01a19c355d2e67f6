import { describe, expect, it } from 'vitest';
import { appointmentStatuses } from './appointment.ts';
import { isStillTrue, repeatsAfterUnknown, stepKeyAt } from './delivery.ts';
import { messageKinds } from './plan.ts';

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

it('repeats everything but reminders after an unknown outcome', () => {
  expect(messageKinds.filter((kind) => !repeatsAfterUnknown(kind))).toEqual(['reminder']);
});

it('finds the same step in the plan of another visit', () => {
  expect(stepKeyAt('reminder:sms-2d:v1', 12)).toBe('reminder:sms-2d:v12');
});
