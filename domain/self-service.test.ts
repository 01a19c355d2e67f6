import { describe, expect, it } from 'vitest';
import type { Actor } from './appointment.ts';
import { HOUR } from './interval.ts';
import type { Instant } from './interval.ts';
import { resolvePolicy } from './policy.ts';
import { cancelUntil, checkSelfService, moveUntil } from './self-service.ts';
import type { SelfServiceRequest } from './self-service.ts';

const startsAt = Date.parse('2027-03-29T06:00:00Z');
const endsAt = startsAt + HOUR / 2;
const cutoff = startsAt - 24 * HOUR;
const open = { endsAt, cancelUntil: cutoff, moveUntil: cutoff };
const locked = { endsAt, cancelUntil: null, moveUntil: null };

function ask(request: Partial<SelfServiceRequest> & { now: Instant }) {
  return () =>
    checkSelfService({ action: 'cancel', actor: 'patient', appointment: open, hasReason: false, ...request });
}
const refusedWith = (code: string) => expect.objectContaining({ name: 'Refusal', code });

describe('the last moment for a patient', () => {
  it('is so many elapsed hours before the start, also across a clock change', () => {
    const policy = resolvePolicy({ cutoffs: { cancelMinutes: 1440, moveMinutes: 90 } });
    expect(cancelUntil(startsAt, policy)).toBe(Date.parse('2027-03-28T06:00:00Z'));
    expect(moveUntil(startsAt, policy)).toBe(Date.parse('2027-03-29T04:30:00Z'));
  });

  it('does not exist where only staff may', () => {
    const policy = resolvePolicy({}, { selfService: { cancel: 'staffOnly', move: 'allowed' } });
    expect(cancelUntil(startsAt, policy)).toBeNull();
    expect(moveUntil(startsAt, policy)).toBe(cutoff);
  });
});

describe.each([
  ['cancel', 'TOO_LATE_TO_CANCEL'],
  ['move', 'TOO_LATE_TO_MOVE'],
] as const)('to %s', (action, tooLate) => {
  const patients: Actor[] = ['patient', 'guardian'];
  const clinic: Actor[] = ['staff', 'office'];

  it.each(patients)('is open to a %s up to and including the cutoff, and not a millisecond longer', (actor) => {
    expect(ask({ action, actor, now: cutoff - 1 })()).toBeNull();
    expect(ask({ action, actor, now: cutoff })()).toBeNull();
    expect(ask({ action, actor, now: cutoff + 1 })).toThrow(refusedWith(tooLate));
  });

  it.each(patients)('is never open to a %s where the type is locked, reason or not', (actor) => {
    expect(ask({ action, actor, now: 0, appointment: locked })).toThrow(refusedWith('STAFF_ONLY'));
    expect(ask({ action, actor, now: 0, appointment: locked, hasReason: true })).toThrow(refusedWith('STAFF_ONLY'));
  });

  it.each(patients)('is not opened to a %s by giving a reason', (actor) => {
    expect(ask({ action, actor, now: cutoff + 1, hasReason: true })).toThrow(refusedWith(tooLate));
  });

  it.each(clinic)('needs no reason of %s while the patient could do it as well', (actor) => {
    expect(ask({ action, actor, now: cutoff })()).toBeNull();
  });

  it.each(clinic)(
    'is open to %s against the rules with a reason, until the end; the rule is named for the audit',
    (actor) => {
      expect(ask({ action, actor, now: cutoff + 1 })).toThrow(refusedWith('REASON_REQUIRED'));
      expect(ask({ action, actor, now: 0, appointment: locked })).toThrow(refusedWith('REASON_REQUIRED'));
      expect(ask({ action, actor, now: cutoff + 1, hasReason: true })()).toBe(tooLate);
      expect(ask({ action, actor, now: endsAt, hasReason: true })()).toBe(tooLate);
      expect(ask({ action, actor, now: 0, appointment: locked, hasReason: true })()).toBe('STAFF_ONLY');
    },
  );

  it.each(clinic)('is not open to %s after the end', (actor) => {
    expect(ask({ action, actor, now: endsAt + 1, hasReason: true })).toThrow(refusedWith(tooLate));
  });
});

it('judges cancel and move each by its own deadline', () => {
  const appointment = { endsAt, cancelUntil: cutoff, moveUntil: startsAt };
  expect(ask({ action: 'move', now: cutoff + 1, appointment })()).toBeNull();
  expect(ask({ action: 'cancel', now: cutoff + 1, appointment })).toThrow(refusedWith('TOO_LATE_TO_CANCEL'));
});

it('tells the caller where the missing reason belongs', () => {
  expect(ask({ actor: 'staff', now: cutoff + 1 })).toThrow(
    expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/reason' })] }),
  );
});
