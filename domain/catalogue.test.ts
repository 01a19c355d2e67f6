import { describe, expect, it } from 'vitest';
import { scheduleExceptionSchema, visitTypeSchema, weeklyHoursSchema } from './catalogue.ts';

describe('a visit type as a clinic describes it', () => {
  it('needs no more than a name and a length', () => {
    expect(visitTypeSchema.parse({ names: { fi: 'Tarkastus' }, durationMinutes: 30 })).toEqual({
      names: { fi: 'Tarkastus' },
      durationMinutes: 30,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      gridMinutes: 15,
      minimumNoticeMinutes: 120,
      horizonDays: 180,
      selfService: { cancel: 'allowed', move: 'allowed' },
      cutoffs: null,
      backfill: true,
      reminderRules: null,
    });
  });

  it.each([
    { durationMinutes: 4 },
    { durationMinutes: 481 },
    { durationMinutes: 30.5 },
    { bufferAfterMinutes: -5 },
    { gridMinutes: 0 },
    { names: {} },
    { names: { finnish: 'Tarkastus' } },
    { names: { fi: ' ' } },
    { selfService: { cancel: 'never' } },
    { length: 30 },
  ])('is refused with %j', (wrong) => {
    expect(visitTypeSchema.safeParse({ names: { fi: 'Tarkastus' }, durationMinutes: 30, ...wrong }).success).toBe(
      false,
    );
  });

  it.each([5, 480])('may last %i minutes', (durationMinutes) => {
    expect(visitTypeSchema.safeParse({ names: { fi: 'Tarkastus' }, durationMinutes }).success).toBe(true);
  });
});

describe("a provider's hours", () => {
  it('may last until midnight', () => {
    expect(weeklyHoursSchema.safeParse({ weekday: 7, opensAt: '00:00', closesAt: '24:00' }).success).toBe(true);
  });

  it.each([
    { weekday: 0, opensAt: '08:00', closesAt: '16:00' },
    { weekday: 8, opensAt: '08:00', closesAt: '16:00' },
    { weekday: 1, opensAt: '16:00', closesAt: '08:00' },
    { weekday: 1, opensAt: '08:00', closesAt: '08:00' },
    { weekday: 1, opensAt: '8:00', closesAt: '16:00' },
    { weekday: 1, opensAt: '24:00', closesAt: '24:00' },
  ])('are refused as %j', (hours) => expect(weeklyHoursSchema.safeParse(hours).success).toBe(false));

  it('differ on one date, for the whole of it unless hours are given', () => {
    expect(scheduleExceptionSchema.parse({ date: '2026-12-24', kind: 'closed' })).toEqual({
      date: '2026-12-24',
      kind: 'closed',
      opensAt: '00:00',
      closesAt: '24:00',
    });
    expect(scheduleExceptionSchema.safeParse({ date: '2027-02-29', kind: 'closed' }).success).toBe(false);
    expect(scheduleExceptionSchema.safeParse({ date: '2026-12-24', kind: 'maybe' }).success).toBe(false);
  });
});
