import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Slot } from './availability.ts';
import { localDate } from './clinic-time.ts';
import { type ProviderId, asId } from './ids.ts';
import { ELAPSED_DAY, HOUR, type Instant, MINUTE } from './interval.ts';
import { resolvePolicy } from './policy.ts';
import { chooseTimes, proposableRange } from './proposed-times.ts';

const zone = 'Europe/Helsinki';
const at = (text: string) => Date.parse(`${text}:00+02:00`);
const own = asId<ProviderId>('b');
const other = asId<ProviderId>('a');
const visitType = { durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 };
const startsAt = at('2027-01-12T10:00');
const givenUp = { providerId: own, startsAt, endsAt: startsAt + 30 * MINUTE };

const slot = (start: string, providerId = own): Slot => ({ providerId, startsAt: at(start), endsAt: at(start) + 1 });
const byStart = (slots: readonly Slot[]) => slots.toSorted((a, b) => a.startsAt - b.startsAt);

/** What is chosen of these: the provider, day and hour of each. */
function chosen(slots: readonly Slot[], { count = 3, type = visitType } = {}): string[] {
  const times = chooseTimes({ slots: byStart(slots), count, insteadOf: givenUp, visitType: type, zone });
  return times.map((time) => {
    const clock = new Date(time.startsAt + 2 * HOUR).toISOString().slice('2027-01-'.length, '2027-01-ddThh:mm'.length);
    return `${time.providerId} ${clock}`;
  });
}

const hours = (date: string, clocks: string[], providerId = own) =>
  clocks.map((clock) => slot(`2027-01-${date}T${clock}`, providerId));
const morning = ['08:00', '08:15', '08:30', '09:00', '09:45', '10:15', '11:00'];

describe('times to choose from', () => {
  it('lie on the soonest days, one on each, near the hour that the visit had', () => {
    const slots = ['13', '15', '18', '19'].flatMap((date) => hours(date, morning));
    expect(chosen(slots)).toEqual(['b 13T09:45', 'b 15T09:45', 'b 18T09:45']);
    expect(chosen(slots, { count: 1 })).toEqual(['b 13T09:45']);
  });

  it("are the visit's own provider's, where there are enough days with them", () => {
    const slots = ['13', '20', '27'].flatMap((date) => [...hours(date, ['15:00']), ...hours(date, morning, other)]);
    expect(chosen([...hours('14', morning, other), ...slots])).toEqual(['b 13T15:00', 'b 20T15:00', 'b 27T15:00']);
  });

  it("are others' on other days, before a second time of one day", () => {
    const slots = [...hours('14', morning), ...hours('13', ['10:00'], other), ...hours('15', ['10:00'], other)];
    expect(chosen(slots)).toEqual(['a 13T10:00', 'b 14T09:45', 'a 15T10:00']);
  });

  it('are of the day of the visit only where no other day has one, and then not right beside it', () => {
    const thatDay = hours('12', ['10:30', '11:45', '12:00', '15:00']);
    expect(chosen([...thatDay, ...hours('13', ['10:00'])])).toEqual(['b 12T12:00', 'b 12T15:00', 'b 13T10:00']);
    expect(chosen([...thatDay, ...hours('13', ['10:00'])], { count: 1 })).toEqual(['b 13T10:00']);
  });

  it('of one day are no neighbours, and fewer where the day has no more', () => {
    expect(chosen(hours('13', [...morning, '13:00']))).toEqual(['b 13T09:45', 'b 13T13:00']);
    expect(chosen(hours('13', ['08:00', ...morning, '15:30']))).toEqual(['b 13T09:45', 'b 13T15:30']);
    expect(chosen(hours('13', morning).concat(hours('13', ['12:00', '10:00'], other)))).toEqual([
      'b 13T09:45',
      'a 13T12:00',
    ]);
  });

  it('never stand in the way of each other, however long the visit is', () => {
    const type = { ...visitType, durationMinutes: 150, bufferAfterMinutes: 30 };
    expect(chosen(hours('13', ['10:00', '12:00', '12:45', '13:00']), { type })).toEqual(['b 13T10:00', 'b 13T13:00']);
    const overMidnight = [slot('2027-01-13T22:30'), slot('2027-01-14T00:30'), slot('2027-01-14T01:30')];
    expect(chosen(overMidnight, { type })).toEqual(['b 13T22:30', 'b 14T01:30']);
  });

  it('count days by the wall clock, also where it changes', () => {
    const summer = Date.parse('2027-03-28T00:00:00+02:00');
    const slots = [1, 22.5, 23.5].map((hour) => ({
      providerId: own,
      startsAt: summer + hour * HOUR,
      endsAt: summer + (hour + 0.5) * HOUR,
    }));
    // The day of the change has 23 hours: the last of the three lies on the day after.
    const two = chooseTimes({
      slots,
      count: 2,
      insteadOf: { ...givenUp, startsAt: summer - 23 * HOUR },
      visitType,
      zone,
    });
    expect(two.map((time) => localDate(time.startsAt, zone))).toEqual(['2027-03-28', '2027-03-29']);
  });

  it('are none where there are none, or none is wanted', () => {
    expect(chosen([])).toEqual([]);
    expect(chosen(hours('13', morning), { count: 0 })).toEqual([]);
  });

  it('are always some of the given ones, in order and apart, and at least one where there is one', () => {
    const anySlots = fc.uniqueArray(fc.tuple(fc.nat(300), fc.constantFrom(own, other)), {
      selector: ([index, providerId]) => `${index} ${providerId}`,
    });
    fc.assert(
      fc.property(anySlots, fc.integer({ min: 0, max: 3 }), (places, count) => {
        const slots = byStart(
          places.map(([index, providerId]) => {
            const start: Instant = startsAt + index * 15 * MINUTE;
            return { providerId, startsAt: start, endsAt: start + 30 * MINUTE };
          }),
        );
        const times = chooseTimes({ slots, count, insteadOf: givenUp, visitType, zone });
        const known = (time: Slot) =>
          slots.some((slot) => slot.startsAt === time.startsAt && slot.providerId === time.providerId);
        expect(times.every(known)).toBe(true);
        expect(
          times.filter((time, index) => index > 0 && time.startsAt - times[index - 1]!.startsAt < 2 * HOUR),
        ).toEqual([]);
        const isAnyFar = slots.some((slot) => slot.startsAt >= startsAt + 2 * HOUR);
        expect(times.length).toBeGreaterThanOrEqual(isAnyFar ? Math.min(count, 1) : 0);
      }),
    );
  });
});

describe('a time that the clinic proposes by itself', () => {
  const rules = {
    timeZone: zone,
    visitType: { minimumNoticeMinutes: 120, horizonDays: 30 },
    policy: resolvePolicy({ proposals: { holdHours: 4 } }),
  };

  it('starts after the visit that was given up', () => {
    const now = at('2027-01-11T09:00');
    expect(proposableRange(givenUp, rules, now).start).toBe(givenUp.endsAt);
  });

  it('keeps the notice after the last answer, also where the text waits for the morning', () => {
    expect(proposableRange(givenUp, rules, at('2027-01-12T10:00')).start).toBe(at('2027-01-12T16:00'));
    expect(proposableRange(givenUp, rules, at('2027-01-12T22:00')).start).toBe(at('2027-01-13T14:00'));
  });

  it('lies within the horizon, and not further ahead than two months', () => {
    const now = at('2027-01-11T09:00');
    expect(proposableRange(givenUp, rules, now).end).toBe(at('2027-02-11T00:00'));
    const farSighted = { ...rules, visitType: { ...rules.visitType, horizonDays: 365 } };
    expect(proposableRange(givenUp, farSighted, now).end).toBe(givenUp.endsAt + 62 * ELAPSED_DAY);
  });
});
