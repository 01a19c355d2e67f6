import { describe, expect, it } from 'vitest';
import { HOUR } from './interval.ts';
import { clinicPolicySchema, leadTime, resolvePolicy } from './policy.ts';

const rule = (fields: object) => ({ id: 'r', before: '2d', channels: ['sms'], ...fields });
const pathsOf = (policy: unknown) =>
  clinicPolicySchema.safeParse(policy).error?.issues.map((i) => i.path.join('.')) ?? [];

describe("a clinic's policy", () => {
  it('has every default of the contract when nothing is stored', () => {
    const defaults = {
      cutoffs: { cancelMinutes: 1440, moveMinutes: 1440 },
      selfService: { cancel: 'allowed', move: 'allowed' },
      holdMinutes: 10,
      maxHoldsPerHolder: 3,
      confirmation: {
        daysBefore: 14,
        hoursToAnswer: 72,
        closesHoursBefore: 24,
        minimumHoursToAnswer: 2,
        nudgeDaysBefore: [7, 2],
      },
      quietHours: { from: '21:00', to: '08:00' },
      reminderRules: [
        { id: 'mail-7d', before: '7d', at: '09:00', channels: ['email'] },
        { id: 'sms-2d', before: '2d', at: '13:00', channels: ['sms'] },
        { id: 'sms-26h', before: '26h', channels: ['sms'], onlyIfMissed: 'sms-2d' },
      ],
      closeAfterDays: 7,
      caps: { messagesPerRecipientAndHour: 10, messagesPerMinute: 600 },
      openings: {
        noticeHours: 2,
        daysAhead: 14,
        waveSize: 5,
        waveMinutes: 10,
        offersPerWeek: 3,
        cascadeDepth: 3,
        isBookableOnline: false,
      },
      proposals: { holdHours: 4, afterCannotCome: 0 },
    };
    expect(resolvePolicy({})).toEqual(defaults);
    expect(resolvePolicy(null)).toEqual(defaults);
  });

  it('keeps the defaults beside what the clinic has set', () => {
    const policy = resolvePolicy({ cutoffs: { cancelMinutes: 2880 }, quietHours: { to: '09:00' }, reminderRules: [] });
    expect(policy.cutoffs).toEqual({ cancelMinutes: 2880, moveMinutes: 1440 });
    expect(policy.quietHours).toEqual({ from: '21:00', to: '09:00' });
    expect(policy.reminderRules).toEqual([]);
    expect(resolvePolicy({ quietHours: null }).quietHours).toBeNull();
  });

  it('does not let one answer change the defaults of the next', () => {
    resolvePolicy({}).reminderRules.pop();
    resolvePolicy({}).confirmation.nudgeDaysBefore.pop();
    expect(resolvePolicy({}).reminderRules).toHaveLength(3);
    expect(resolvePolicy({}).confirmation.nudgeDaysBefore).toEqual([7, 2]);
  });

  it.each([
    ['holdMinutes', { holdMinutes: 1 }],
    ['holdMinutes', { holdMinutes: 31 }],
    ['cutoffs.cancelMinutes', { cutoffs: { cancelMinutes: -1 } }],
    ['quietHours.to', { quietHours: { from: '08:00', to: '08:00' } }],
    ['quietHours.from', { quietHours: { from: '24:00' } }],
    ['reminderRules.0.before', { reminderRules: [rule({ before: '2 days' })] }],
    ['reminderRules.0.before', { reminderRules: [rule({ before: '0d' })] }],
    ['reminderRules.0.at', { reminderRules: [rule({ before: '26h', at: '13:00' })] }],
    ['reminderRules.0.channels', { reminderRules: [rule({ channels: [] })] }],
    ['reminderRules.1.id', { reminderRules: [rule({}), rule({})] }],
    ['reminderRules.0.onlyIfMissed', { reminderRules: [rule({ onlyIfMissed: 'other' })] }],
    ['reminderRules.0.onlyIfMissed', { reminderRules: [rule({ onlyIfMissed: 'r' })] }],
    ['proposals.afterCannotCome', { proposals: { afterCannotCome: 4 } }],
    ['', { reminderRule: [] }],
    ['', { selfService: { cancel: 'staffOnly' } }],
  ])('names what is wrong: %s', (path, policy) => expect(pathsOf(policy)).toEqual([path]));

  it.each([2, 30])('holds a time for %i minutes where the clinic says so', (holdMinutes) => {
    expect(resolvePolicy({ holdMinutes }).holdMinutes).toBe(holdMinutes);
  });
});

describe('a visit type', () => {
  const clinic = { cutoffs: { cancelMinutes: 600, moveMinutes: 300 } };

  it('has the rules of its clinic where it has none of its own', () => {
    const nothing = { selfService: null, cutoffs: null, reminderRules: null };
    expect(resolvePolicy(clinic, nothing)).toEqual(resolvePolicy(clinic));
    expect(resolvePolicy(clinic, { cutoffs: { cancelMinutes: null } })).toEqual(resolvePolicy(clinic));
  });

  it('may have its own cutoffs, each by itself, and none at all', () => {
    expect(resolvePolicy(clinic, { cutoffs: { moveMinutes: 0 } }).cutoffs).toEqual({
      cancelMinutes: 600,
      moveMinutes: 0,
    });
  });

  it('may be for staff only, and have its own reminders or none', () => {
    const locked = resolvePolicy(clinic, { selfService: { cancel: 'staffOnly', move: 'allowed' }, reminderRules: [] });
    expect(locked.selfService).toEqual({ cancel: 'staffOnly', move: 'allowed' });
    expect(locked.reminderRules).toEqual([]);
  });
});

describe('the distance of a reminder to the start', () => {
  it('counts days or elapsed hours', () => {
    expect(leadTime({ before: '7d' })).toEqual({ days: 7 });
    expect(leadTime({ before: '26h' })).toEqual({ elapsed: 26 * HOUR });
  });
});
