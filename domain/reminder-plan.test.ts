import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appointmentStatuses } from './appointment.ts';
import { formatForOperators, localTime } from './clinic-time.ts';
import { HOUR, MINUTE } from './interval.ts';
import { isMessage } from './plan.ts';
import type { Plan, PlannedMessage } from './plan.ts';
import { resolvePolicy } from './policy.ts';
import type { ClinicPolicy } from './policy.ts';
import { handOverDecision } from './quiet-hours.ts';
import { planAppointment } from './reminder-plan.ts';
import type { Change, PlanInput } from './reminder-plan.ts';

/** Many runs on a busy machine take seconds; that is no failure. */
const PATIENCE = 30_000;

const helsinki = 'Europe/Helsinki';
const policy = resolvePolicy({});
const at = (text: string) => Date.parse(text);

const startsAt = at('2027-01-20T09:00:00+02:00');
const visit = { status: 'booked', startsAt, endsAt: startsAt + HOUR / 2, confirmBy: null, version: 1 } as const;
const noon = at('2026-11-22T12:00:00+02:00');

type Fields = Partial<Omit<PlanInput, 'appointment'>> & { appointment?: Partial<PlanInput['appointment']> };

function plan({ appointment, ...fields }: Fields): Plan {
  const base = { changed: 'booked', now: noon, zone: helsinki, policy, hasMobile: true, hasEmail: true } as const;
  return planAppointment({ ...base, ...fields, appointment: { ...visit, ...appointment } });
}

/** The plan as an operator reads it. */
const lines = (steps: Plan) => steps.map((step) => `${step.key} ${step.local}`);
const startingAt = (text: string) => ({ startsAt: at(text), endsAt: at(text) + HOUR / 2 });
const withRules = (reminderRules: ClinicPolicy['reminderRules']) => ({ ...policy, reminderRules });
const reminders = (steps: Plan) => lines(steps).filter((line) => line.startsWith('reminder'));

describe('the life of a booked visit', () => {
  it('is told at once, reminded by the rules and closed 7 days after its end', () => {
    expect(lines(plan({}))).toEqual([
      'booked:v1 Sun 22 Nov 2026 12:00',
      'reminder:mail-7d:v1 Wed 13 Jan 2027 09:00',
      'reminder:sms-2d:v1 Mon 18 Jan 2027 13:00',
      'close:v1 Wed 27 Jan 2027 09:30',
    ]);
  });

  it('states for each step its kind, its channels and how long it is of use', () => {
    expect(plan({})).toEqual([
      {
        kind: 'booked',
        key: 'booked:v1',
        at: noon,
        usefulUntil: startsAt,
        channels: ['sms', 'email'],
        local: 'Sun 22 Nov 2026 12:00',
      },
      expect.objectContaining({ kind: 'reminder', channels: ['email'], usefulUntil: startsAt }),
      expect.objectContaining({ kind: 'reminder', channels: ['sms'], usefulUntil: startsAt }),
      { kind: 'close', key: 'close:v1', at: at('2027-01-27T09:30:00+02:00'), local: 'Wed 27 Jan 2027 09:30' },
    ]);
  });

  it.each([
    ['spring', '2027-03-31T10:00:00+03:00', ['mail-7d:v1 Wed 24 Mar 2027 09:00', 'sms-2d:v1 Mon 29 Mar 2027 13:00']],
    [
      'spring, the day itself between',
      '2027-03-29T10:00:00+03:00',
      ['mail-7d:v1 Mon 22 Mar 2027 09:00', 'sms-2d:v1 Sat 27 Mar 2027 13:00'],
    ],
    ['autumn', '2027-11-01T10:00:00+02:00', ['mail-7d:v1 Mon 25 Oct 2027 09:00', 'sms-2d:v1 Sat 30 Oct 2027 13:00']],
  ])('keeps the wall-clock times of its reminders across the change in %s', (_, start, expected) => {
    expect(reminders(plan({ appointment: startingAt(start) }))).toEqual(expected.map((line) => `reminder:${line}`));
  });

  it('counts hours as they elapse: 26 h over the spring night begin an hour earlier on the clock', () => {
    const rules = withRules([{ id: 'sms-26h', before: '26h', channels: ['sms'] }]);
    const steps = plan({ policy: rules, appointment: startingAt('2027-03-28T12:00:00+03:00') });
    expect(reminders(steps)).toEqual(['reminder:sms-26h:v1 Sat 27 Mar 2027 09:00']);
  });

  it('closes at the same wall-clock time also across the clock change', () => {
    const steps = plan({ appointment: startingAt('2027-03-25T09:00:00+02:00') });
    expect(lines(steps).at(-1)).toBe('close:v1 Thu 1 Apr 2027 09:30');
  });
});

describe('reminder rules', () => {
  it('whose moment is past when the visit is made do not fire; the sms-26h stands in for the sms-2d', () => {
    expect(lines(plan({ now: at('2027-01-18T13:00:00+02:00') }))).toEqual([
      'booked:v1 Mon 18 Jan 2027 13:00',
      'reminder:sms-26h:v1 Mon 18 Jan 2027 20:59',
      'close:v1 Wed 27 Jan 2027 09:30',
    ]);
  });

  it('leave the sms-26h out while the moment of the sms-2d is still to come', () => {
    const justBefore = at('2027-01-18T13:00:00+02:00') - 1;
    expect(reminders(plan({ now: justBefore }))).toEqual(['reminder:sms-2d:v1 Mon 18 Jan 2027 13:00']);
  });

  it('leave the booking message as the only one when none of them is still to come', () => {
    const keys = plan({ now: at('2027-01-19T15:00:00+02:00') }).map((step) => step.key);
    expect(keys).toEqual(['booked:v1', 'close:v1']);
  });

  it('make an ordered plan in whatever order they are written', () => {
    const rules = withRules([...policy.reminderRules].reverse());
    expect(lines(plan({ policy: rules }))).toEqual(lines(plan({})));
  });

  it('that no channel can carry are left out', () => {
    expect(reminders(plan({ hasEmail: false }))).toEqual(['reminder:sms-2d:v1 Mon 18 Jan 2027 13:00']);
    expect(reminders(plan({ hasMobile: false }))).toEqual(['reminder:mail-7d:v1 Wed 13 Jan 2027 09:00']);
    const either = withRules([{ id: 'any', before: '1d', channels: ['sms', 'email'] }]);
    expect(plan({ policy: either, hasMobile: false })[1]).toMatchObject({
      key: 'reminder:any:v1',
      channels: ['sms', 'email'],
    });
  });

  it("fire at the visit's own wall-clock time where they name none", () => {
    const rules = withRules([{ id: 'day', before: '1d', channels: ['sms'] }]);
    expect(reminders(plan({ policy: rules }))).toEqual(['reminder:day:v1 Tue 19 Jan 2027 09:00']);
  });

  it('that fall into quiet hours come forward to 20:59', () => {
    const early = plan({ appointment: startingAt('2027-01-20T09:30:00+02:00'), now: at('2027-01-18T20:00:00+02:00') });
    expect(reminders(early)).toEqual(['reminder:sms-26h:v1 Mon 18 Jan 2027 20:59']);
  });

  it('that fall into quiet hours already begun are held until 08:00', () => {
    const night = plan({ appointment: startingAt('2027-01-20T09:30:00+02:00'), now: at('2027-01-18T21:30:00+02:00') });
    expect(reminders(night)).toEqual(['reminder:sms-26h:v1 Tue 19 Jan 2027 08:00']);
  });

  it('for a visit before 08:00 stay in the plan where they would be too late, so that they are marked missed', () => {
    const rules = withRules([{ id: 'two', before: '2h', channels: ['sms'] }]);
    const steps = plan({
      policy: rules,
      appointment: startingAt('2027-01-20T07:00:00+02:00'),
      now: at('2027-01-19T22:00:00+02:00'),
    });
    expect(reminders(steps)).toEqual(['reminder:two:v1 Wed 20 Jan 2027 05:00']);
  });

  it('are not followed where the caller wants none, as for a copy', () => {
    expect(plan({ remind: false }).map((step) => step.key)).toEqual(['booked:v1', 'close:v1']);
  });

  it('are followed where the patient is not told of the booking', () => {
    expect(plan({ notify: false })[0]?.key).toBe('reminder:mail-7d:v1');
  });
});

describe('a pre-reservation', () => {
  const confirmBy = at('2027-01-06T09:00:00+02:00');
  const pending = { status: 'pending', confirmBy } as const;

  it('is asked about at once, nudged 7 and 2 days before the answer is due, and expires right after', () => {
    const steps = plan({ changed: 'preReserved', appointment: pending });
    expect(lines(steps)).toEqual([
      'ask:v1 Sun 22 Nov 2026 12:00',
      'nudge-7d:v1:2027-01-06 Wed 30 Dec 2026 09:00',
      'nudge-2d:v1:2027-01-06 Mon 4 Jan 2027 09:00',
      'expire:v1 Wed 6 Jan 2027 09:00',
    ]);
    expect(steps.at(-1)?.at).toBe(confirmBy + 1);
    for (const step of steps.slice(0, 3))
      expect(step).toMatchObject({ usefulUntil: confirmBy, channels: ['sms', 'email'] });
  });

  it('made in the night is asked about in the morning, and the nudges keep a day from that', () => {
    const now = at('2026-12-29T22:00:00+02:00');
    const due = at('2027-01-07T07:00:00+02:00');
    const steps = plan({ changed: 'preReserved', now, appointment: { status: 'pending', confirmBy: due } });
    expect(lines(steps)).toEqual([
      'ask:v1 Wed 30 Dec 2026 08:00',
      'nudge-2d:v1:2027-01-07 Tue 5 Jan 2027 08:00',
      'expire:v1 Thu 7 Jan 2027 07:00',
    ]);
  });

  it('becomes a booked visit by its confirmation: told, reminded, closed', () => {
    expect(lines(plan({ changed: 'confirmed', now: at('2027-01-05T10:00:00+02:00') }))).toEqual([
      'confirmed:v1 Tue 5 Jan 2027 10:00',
      'reminder:mail-7d:v1 Wed 13 Jan 2027 09:00',
      'reminder:sms-2d:v1 Mon 18 Jan 2027 13:00',
      'close:v1 Wed 27 Jan 2027 09:30',
    ]);
  });

  it('that staff moved is asked about anew, in messages of their own', () => {
    const keys = plan({ changed: 'moved', appointment: { ...pending, version: 2 } }).map((step) => step.key);
    expect(keys).toEqual(['ask:v2', 'nudge-7d:v2:2027-01-06', 'nudge-2d:v2:2027-01-06', 'expire:v2']);
  });

  it('whose patient is not to be told still expires, and is nudged', () => {
    const keys = plan({ changed: 'preReserved', notify: false, appointment: pending }).map((step) => step.key);
    expect(keys).toEqual(['nudge-7d:v1:2027-01-06', 'nudge-2d:v1:2027-01-06', 'expire:v1']);
  });

  it('that was extended is nudged before the new deadline, although it was before the old one', () => {
    const now = at('2027-01-05T12:00:00+02:00');
    const extended = { status: 'pending', confirmBy: at('2027-01-18T09:00:00+02:00') } as const;
    expect(lines(plan({ changed: 'extended', now, settledAt: noon, appointment: extended }))).toEqual([
      'nudge-7d:v1:2027-01-18 Mon 11 Jan 2027 09:00',
      'nudge-2d:v1:2027-01-18 Sat 16 Jan 2027 09:00',
      'expire:v1 Mon 18 Jan 2027 09:00',
    ]);
  });

  it('that was extended in the night keeps the question that waits for the morning, useful until the new deadline', () => {
    const made = at('2026-12-29T22:00:00+02:00');
    const previous = plan({ changed: 'preReserved', now: made, appointment: pending });
    const later = at('2027-01-10T09:00:00+02:00');
    const steps = plan({
      changed: 'extended',
      now: made + HOUR,
      settledAt: made,
      previous,
      appointment: { status: 'pending', confirmBy: later },
    });
    expect(steps[0]).toMatchObject({ key: 'ask:v1', local: 'Wed 30 Dec 2026 08:00', usefulUntil: later });
    expect(steps.map((step) => step.key)).toEqual([
      'ask:v1',
      'nudge-7d:v1:2027-01-10',
      'nudge-2d:v1:2027-01-10',
      'expire:v1',
    ]);
  });
});

describe('a hold', () => {
  it('only expires: nobody is written to', () => {
    const confirmBy = noon + 10 * MINUTE;
    const steps = plan({ changed: 'held', appointment: { status: 'held', confirmBy } });
    expect(steps).toEqual([{ kind: 'expire', key: 'expire:v1', at: confirmBy + 1, local: 'Sun 22 Nov 2026 12:10' }]);
  });

  it('that ended has nothing to come', () => {
    expect(plan({ changed: 'released', appointment: { status: 'expired' } })).toEqual([]);
    expect(plan({ changed: 'released', appointment: { status: 'cancelled' } })).toEqual([]);
  });
});

describe('a move', () => {
  it('is told, and stands in for the rules that are already past at the new time', () => {
    const steps = plan({
      changed: 'moved',
      now: at('2027-01-10T12:00:00+02:00'),
      previousStartsAt: startsAt,
      appointment: { version: 2, ...startingAt('2027-01-15T09:00:00+02:00') },
    });
    expect(lines(steps)).toEqual([
      'moved:v2 Sun 10 Jan 2027 12:00',
      'reminder:sms-2d:v2 Wed 13 Jan 2027 13:00',
      'close:v2 Fri 22 Jan 2027 09:30',
    ]);
  });

  it('in the night is told in the morning, but at once where the old or the new time is near', () => {
    const now = at('2027-01-19T22:00:00+02:00');
    const moved = (to: string, from: string) =>
      lines(
        plan({ changed: 'moved', now, previousStartsAt: at(from), appointment: { version: 2, ...startingAt(to) } }),
      )[0];
    expect(moved('2027-02-10T09:00:00+02:00', '2027-02-01T09:00:00+02:00')).toBe('moved:v2 Wed 20 Jan 2027 08:00');
    expect(moved('2027-02-10T09:00:00+02:00', '2027-01-20T09:00:00+02:00')).toBe('moved:v2 Tue 19 Jan 2027 22:00');
    expect(moved('2027-01-20T15:00:00+02:00', '2027-02-01T09:00:00+02:00')).toBe('moved:v2 Tue 19 Jan 2027 22:00');
  });
});

describe('a time that was won', () => {
  const night = at('2026-11-22T23:30:00+02:00');
  it.each(['booked', 'moved'] as const)('is told as that, at any hour, where the visit is %s by it', (changed) => {
    const steps = plan({ changed, now: night, isWon: true, appointment: { version: 2 } });
    expect(lines(steps)[0]).toBe('offerWon:v2 Sun 22 Nov 2026 23:30');
    expect(steps.filter(isMessage).map(({ kind }) => kind)).toEqual(['offerWon', 'reminder', 'reminder']);
  });
});

describe('the end of a life', () => {
  it.each([
    ['cancelled', 'cancelled'],
    ['expired', 'expired'],
  ] as const)('by being %s is told, useful until the old start, and nothing else comes', (changed, status) => {
    const steps = plan({ changed, appointment: { status } });
    expect(steps).toEqual([expect.objectContaining({ key: `${changed}:v1`, usefulUntil: startsAt, at: noon })]);
  });

  it('at night is told in the morning, but at once when the visit is tomorrow', () => {
    const cancelled = (now: string) =>
      lines(plan({ changed: 'cancelled', now: at(now), appointment: { status: 'cancelled' } }));
    expect(cancelled('2027-01-18T22:00:00+02:00')).toEqual(['cancelled:v1 Tue 19 Jan 2027 08:00']);
    expect(cancelled('2027-01-19T22:00:00+02:00')).toEqual(['cancelled:v1 Tue 19 Jan 2027 22:00']);
  });

  it('is not told where the caller says so, nor once the visit would have begun', () => {
    expect(plan({ changed: 'cancelled', notify: false, appointment: { status: 'cancelled' } })).toEqual([]);
    expect(plan({ changed: 'cancelled', now: startsAt, appointment: { status: 'cancelled' } })).toEqual([]);
  });

  it.each(['noShow', 'completed'] as const)('as %s needs no word', (status) => {
    expect(plan({ changed: status, now: startsAt + HOUR, appointment: { status } })).toEqual([]);
  });
});

describe('a change of the rules', () => {
  const before = plan({});
  const replan = (now: number, fields: Fields = {}) =>
    plan({ changed: 'rulesChanged', now, settledAt: noon, previous: before, ...fields });

  it('changes the reminders still to come, and says nothing to the patient', () => {
    const rules = withRules([{ id: 'sms-1d', before: '1d', at: '10:00', channels: ['sms'] }]);
    expect(lines(replan(at('2026-12-01T12:00:00+02:00'), { policy: rules, previous: before.slice(1) }))).toEqual([
      'reminder:sms-1d:v1 Tue 19 Jan 2027 10:00',
      'close:v1 Wed 27 Jan 2027 09:30',
    ]);
  });

  it('brings back no reminder that was already sent, nor the one that only stands in for it', () => {
    const afterSms = at('2027-01-18T14:00:00+02:00');
    expect(replan(afterSms, { previous: before.slice(3) }).map((step) => step.key)).toEqual(['close:v1']);
  });

  it('holds until morning what could have come forward only to an evening that is past; its key tells whether it did', () => {
    const rules = withRules([{ id: 'late', before: '1d', at: '22:00', channels: ['sms'] }]);
    const evening = plan({ policy: rules });
    expect(reminders(evening)).toEqual(['reminder:late:v1 Tue 19 Jan 2027 20:59']);
    expect(reminders(replan(at('2027-01-19T21:30:00+02:00'), { policy: rules, previous: [] }))).toEqual([
      'reminder:late:v1 Wed 20 Jan 2027 08:00',
    ]);
  });

  it('at night loses no reminder that the patient can only now be sent', () => {
    const early = { appointment: startingAt('2027-01-20T09:30:00+02:00') };
    const made = at('2027-01-18T18:00:00+02:00');
    const previous = plan({ ...early, now: made, hasMobile: false, hasEmail: false });
    expect(reminders(previous)).toEqual([]);
    const steps = replan(at('2027-01-18T22:00:00+02:00'), { ...early, settledAt: made, previous });
    expect(reminders(steps)).toEqual(['reminder:sms-26h:v1 Tue 19 Jan 2027 08:00']);
  });

  it('brings back no nudge that has gone', () => {
    const confirmBy = at('2027-01-06T09:00:00+02:00');
    const steps = replan(at('2027-01-01T12:00:00+02:00'), {
      previous: [],
      appointment: { status: 'pending', confirmBy },
    });
    expect(steps.map((step) => step.key)).toEqual(['nudge-2d:v1:2027-01-06', 'expire:v1']);
  });

  it('does not fire a new rule whose moment has passed', () => {
    const rules = withRules([{ id: 'sms-40d', before: '40d', channels: ['sms'] }]);
    expect(reminders(replan(at('2026-12-15T12:00:00+02:00'), { policy: rules }))).toEqual([]);
  });

  it('says at once what was still to come and is past by the new rules', () => {
    const now = at('2027-01-18T10:00:00+02:00');
    const rules = policy.reminderRules.map((rule) => (rule.id === 'sms-2d' ? { ...rule, before: '3d' } : rule));
    const changed = { policy: withRules(rules), previous: before.slice(2) };
    expect(reminders(replan(now, changed))).toEqual(['reminder:sms-2d:v1 Mon 18 Jan 2027 10:00']);
    expect(reminders(replan(at('2027-01-17T23:00:00+02:00'), changed))).toEqual([
      'reminder:sms-2d:v1 Mon 18 Jan 2027 08:00',
    ]);
    expect(reminders(replan(now, { ...changed, previous: before.slice(3) }))).toEqual([]);
  });

  it('loses no question repeated at the end of quiet hours that have become shorter', () => {
    const confirmBy = at('2027-01-06T07:00:00+02:00');
    const pending = { status: 'pending', confirmBy } as const;
    const previous = plan({ changed: 'preReserved', appointment: pending });
    const early = { ...policy, quietHours: { from: '21:00', to: '07:15' } };
    const now = at('2027-01-04T07:30:00+02:00');
    const steps = replan(now, { policy: early, appointment: pending, previous: previous.slice(-2) });
    expect(lines(steps)[0]).toBe('nudge-2d:v1:2027-01-06 Mon 4 Jan 2027 07:30');
  });

  it('loses no message that waits for the morning, nor one that was due and has not gone yet', () => {
    const madeAt = at('2026-12-01T22:00:00+02:00');
    const waiting = plan({ now: madeAt });
    const inTheNight = replan(madeAt + HOUR, { settledAt: madeAt, previous: waiting });
    expect(inTheNight).toEqual(waiting);
    const overdue = replan(at('2027-01-18T13:05:00+02:00'), { previous: before.slice(2) });
    expect(overdue).toEqual(before.slice(2));
  });

  it('loses no reminder that has been put off, and follows where its rule has moved since', () => {
    const now = at('2027-01-18T13:05:00+02:00');
    const [due, close] = before.slice(2);
    const previous = [{ ...due, at: now + MINUTE, dueAt: due!.at } as PlannedMessage, close!];
    expect(reminders(replan(now, { previous }))).toEqual(['reminder:sms-2d:v1 Mon 18 Jan 2027 13:06']);
    const rules = policy.reminderRules.map((rule) => (rule.id === 'sms-2d' ? { ...rule, at: '18:00' } : rule));
    expect(reminders(replan(now, { policy: withRules(rules), previous }))).toEqual([
      'reminder:sms-2d:v1 Mon 18 Jan 2027 18:00',
    ]);
  });

  it('keeps nothing that belongs to an earlier version of the time', () => {
    expect(replan(noon + 1, { appointment: { version: 2 } })[0]?.key).toBe('reminder:mail-7d:v2');
  });
});

describe('every plan', () => {
  const changes: Change[] = [
    'booked',
    'held',
    'preReserved',
    'confirmed',
    'extended',
    'moved',
    'cancelled',
    'expired',
    'released',
    'noShow',
    'completed',
    'rulesChanged',
  ];
  const anyInput = fc.record({
    now: fc.integer({ min: at('2026-10-01T00:00:00Z'), max: at('2027-11-10T00:00:00Z') }),
    hoursAhead: fc.integer({ min: -24, max: 24 * 60 }),
    status: fc.constantFrom(...appointmentStatuses),
    changed: fc.constantFrom(...changes),
    zone: fc.constantFrom(helsinki, 'Europe/Berlin'),
    hasMobile: fc.boolean(),
    hasEmail: fc.boolean(),
  });

  it(
    'is in order, has unique keys, nothing before now, and no message after it is of use',
    () => {
      fc.assert(
        fc.property(anyInput, ({ hoursAhead, status, ...input }) => {
          const start = input.now + hoursAhead * HOUR;
          const confirmBy =
            status === 'held' || status === 'pending' ? input.now + Math.max(1, hoursAhead / 2) * HOUR : null;
          const appointment = { status, startsAt: start, endsAt: start + HOUR, confirmBy, version: 3 };
          const steps = planAppointment({ ...input, policy, appointment });
          expect(new Set(steps.map((step) => step.key)).size).toBe(steps.length);
          expect(steps.map((step) => step.at)).toEqual(steps.map((step) => step.at).sort((a, b) => a - b));
          for (const step of steps.filter(({ kind }) => kind !== 'close')) {
            expect(step.at).toBeGreaterThanOrEqual(input.now);
            expect(step.at).toBeLessThanOrEqual('usefulUntil' in step ? step.usefulUntil : Infinity);
            expect(step.local).toBe(formatForOperators(step.at, input.zone));
          }
        }),
        { numRuns: 1000 },
      );
    },
    PATIENCE,
  );

  it(
    'sends each reminder by day, or knows that it will be missed',
    () => {
      fc.assert(
        fc.property(anyInput, ({ hoursAhead, zone, now }) => {
          const start = now + hoursAhead * HOUR;
          const appointment = { ...visit, startsAt: start, endsAt: start + HOUR };
          const rules = { zone, quietHours: policy.quietHours, starts: [start] };
          const sent = planAppointment({
            appointment,
            changed: 'booked',
            now,
            zone,
            policy,
            hasMobile: true,
            hasEmail: true,
          })
            .filter(isMessage)
            .filter((step) => step.kind === 'reminder')
            .filter((step) => handOverDecision(step, step.at, rules) === 'send');
          for (const step of sent) {
            const clock = localTime(step.at, zone);
            expect(clock >= '08:00' && clock < '21:00').toBe(true);
          }
        }),
        { numRuns: 500 },
      );
    },
    PATIENCE,
  );
});
