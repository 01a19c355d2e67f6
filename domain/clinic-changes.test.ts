import { describe, expect, it } from 'vitest';
import { type ClinicChange, changesOf, changesReminders, newlyClosed } from './clinic-changes.ts';
import { readClinicDescription } from './clinic-description.ts';
import { type ClinicState, type StoredClinic, describedClinicId, stateOf } from './clinic-state.ts';

type Given = Record<string, unknown>;

const rule = { id: 'sms-2d', before: '2d', at: '13:00', channels: ['sms'] };
const checkUp = { key: 'check-up', names: { fi: 'Tarkastus' }, durationMinutes: 30 };
const filling = { key: 'filling', names: { fi: 'Paikkaus' }, durationMinutes: 45, reminderRules: [rule] };
const saara = { key: 'saara', name: 'Saara', offers: ['check-up'], hours: { 'mon-tue': '08:00-12:00, 12:30-16:00' } };
const oskar = { ...saara, key: 'oskar', name: 'Oskar' };
const described: Given = {
  slug: 'satama',
  name: 'Satama',
  country: 'FI',
  timeZone: 'Europe/Helsinki',
  languages: ['fi', 'en'],
  phone: '09 1000 200',
  address: 'Satamakatu 3',
  senders: { sms: '040 1000 002' },
  visitTypes: [checkUp, filling],
  providers: [saara, oskar],
};

const derive = (name: string) => `id of ${name}`;

function state(change: Given = {}): ClinicState {
  const description = readClinicDescription({ ...described, ...change });
  return stateOf(description, describedClinicId(description, derive), derive);
}

/** As the database has it: fields of JSON in another order, everything in use but what is named. */
function stored(change: Given = {}, givenUp: readonly string[] = []): StoredClinic {
  const { clinic, senders, visitTypes, providers } = state(change);
  const keep = <Part extends { id: string }>(part: Part) => ({
    ...part,
    isActive: !givenUp.some((id) => part.id.endsWith(id)),
  });
  return {
    clinic: { ...clinic, policy: reordered(clinic.policy ?? {}) as Record<string, unknown> },
    senders: senders.map(keep),
    visitTypes: visitTypes
      .map(keep)
      .map((type) => ({ ...type, reminderRules: reordered(type.reminderRules) as never })),
    providers: providers
      .map(keep)
      .map((one) => ({ ...one, hours: one.hours.toReversed(), exceptions: one.exceptions.toReversed() })),
  };
}

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, inner]) => [name, reordered(inner)]),
  );
}

const withSaara = (change: Given): Given => ({ providers: [{ ...saara, ...change }, oskar] });

function told(changes: readonly ClinicChange[]) {
  return changes.map(({ kind, name, change, differences }) => [
    `${change} ${kind} ${name}`,
    ...differences.map(({ label, from, to }) => `${label}: ${from} → ${to}`),
  ]);
}

describe('what differs between a clinic and its description', () => {
  it('is all of it where there is none yet', () => {
    const changes = changesOf(undefined, state());
    expect(changes.map(({ change, kind, name }) => `${change} ${kind} ${name}`)).toEqual([
      'added clinic Satama',
      'added sender text messages from +358401000002',
      'added visitType Tarkastus',
      'added visitType Paikkaus',
      'added provider Saara',
      'added provider Oskar',
    ]);
    expect(told(changes).at(-1)).toEqual([
      'added provider Oskar',
      'name: null → Oskar',
      'offers: null → Tarkastus',
      'mon: null → 08:00-12:00, 12:30-16:00',
      'tue: null → 08:00-12:00, 12:30-16:00',
    ]);
  });

  it('is nothing where all is as described, in whatever order it was stored', () => {
    const whole = {
      policy: { quietHours: null, cutoffs: { moveMinutes: 60, cancelMinutes: 60 }, reminderRules: [rule] },
      closed: ['2026-12-24 to 2026-12-26', '2026-12-31 08:00-10:00, 12:00-16:00'],
      visitTypes: [{ ...checkUp, cutoffs: { cancelMinutes: null } }, filling],
    };
    const without = { ...whole, visitTypes: [{ ...checkUp, cutoffs: null }, filling] };
    expect(changesOf(stored(without), state(whole))).toEqual([]);
    expect(changesReminders(stored(without), state(whole))).toBe(false);
    expect(newlyClosed(stored(without), state(whole))).toEqual([]);
  });

  it.each<[what: string, Given, string[]]>([
    ['the name', { name: 'Satama 2' }, ['changed clinic Satama 2', 'name: Satama → Satama 2']],
    ['the languages', { languages: ['fi'] }, ['changed clinic Satama', 'languages: fi, en → fi']],
    [
      'the policy',
      { policy: { cutoffs: { cancelMinutes: 60 }, quietHours: null } },
      ['changed clinic Satama', 'policy.cutoffs.cancelMinutes: null → 60', 'policy.quietHours: null → none'],
    ],
    [
      'a visit type',
      { visitTypes: [{ ...checkUp, durationMinutes: 20, names: { fi: 'Tarkastus', en: 'Check-up' } }, filling] },
      ['changed visitType Tarkastus', 'names.en: null → Check-up', 'durationMinutes: 30 → 20'],
    ],
    [
      'reminders of a visit type',
      { visitTypes: [checkUp, { ...filling, reminderRules: [] }] },
      [
        'changed visitType Paikkaus',
        'reminderRules: null → none',
        'reminderRules.sms-2d: 2d before at 13:00 by sms → null',
      ],
    ],
    [
      'hours',
      withSaara({ hours: { mon: '08:00-12:00', wed: '08:00-12:00' } }),
      [
        'changed provider Saara',
        'mon: 08:00-12:00, 12:30-16:00 → 08:00-12:00',
        'wed: null → 08:00-12:00',
        'tue: 08:00-12:00, 12:30-16:00 → null',
      ],
    ],
    [
      'what is offered',
      withSaara({ offers: ['filling'] }),
      ['changed provider Saara', 'offers: null → Paikkaus', 'offers: Tarkastus → null'],
    ],
    [
      'dates',
      withSaara({ closed: ['2026-12-24'], extra: ['2027-01-09 09:00-13:00'] }),
      ['changed provider Saara', '2026-12-24: null → closed', '2027-01-09: null → extra 09:00-13:00'],
    ],
  ])('is told part by part: %s', (_, change, lines) => {
    expect(told(changesOf(stored(), state(change)))).toEqual([lines]);
  });

  it('is that a part which is not described any more is given up, and taken up again when it is', () => {
    const less = { visitTypes: [checkUp], providers: [saara], senders: { sms: '040 1000 003' } };
    expect(told(changesOf(stored(), state(less)))).toEqual([
      ['added sender text messages from +358401000003'],
      ['givenUp sender text messages from +358401000002'],
      ['givenUp visitType Paikkaus'],
      ['givenUp provider Oskar'],
    ]);
    const without = stored({}, ['filling', 'oskar']);
    expect(told(changesOf(without, state(less))).flat()).not.toContain('givenUp visitType Paikkaus');
    expect(told(changesOf(without, state()))).toEqual([['restored visitType Paikkaus'], ['restored provider Oskar']]);
  });
});

describe('reminders are others', () => {
  const policy = (change: Given) => ({ policy: change });
  const two = [rule, { ...rule, id: 'sms-7d', before: '7d' }];

  it.each<[string, Given]>([
    ["with other rules of the clinic's", policy({ reminderRules: [rule] })],
    ['with other quiet hours', policy({ quietHours: null })],
    ['with rules of its own for a visit type', { visitTypes: [{ ...checkUp, reminderRules: [rule] }, filling] }],
    ['without them', { visitTypes: [checkUp, { ...filling, reminderRules: null }] }],
    ['in another time zone', { timeZone: 'Europe/Stockholm' }],
    ['with a mailbox to send from as well', { senders: { sms: '040 1000 002', email: 'time@satama.example' } }],
    ['with no number to send from any more', { senders: {} }],
    [
      'also of a visit type that is given up',
      {
        ...policy({ reminderRules: [rule] }),
        visitTypes: [filling],
        ...withSaara({ offers: [] }),
        providers: [{ ...saara, offers: [] }],
      },
    ],
  ])('%s', (_, change) => {
    expect(changesReminders(stored(), state(change))).toBe(true);
  });

  it.each<[string, Given, Given]>([
    ['a new clinic has none', {}, {}],
    ['a default that is spelled out', {}, policy({ quietHours: { from: '21:00' } })],
    ['another order of the rules', policy({ reminderRules: two }), policy({ reminderRules: two.toReversed() })],
    ['another number to send from', {}, { senders: { sms: '040 1000 003' } }],
    ['another cutoff', {}, policy({ cutoffs: { cancelMinutes: 60 } })],
    ['a new visit type', {}, { visitTypes: [checkUp, filling, { ...filling, key: 'new', reminderRules: [] }] }],
    [
      "rules of the clinic's where every visit type has its own",
      { visitTypes: [filling], providers: [{ ...saara, offers: [] }] },
      { visitTypes: [filling], providers: [{ ...saara, offers: [] }], ...policy({ reminderRules: [] }) },
    ],
  ])('not: %s', (what, before, after) => {
    const known = what === 'a new clinic has none' ? undefined : stored(before);
    expect(changesReminders(known, state(after))).toBe(false);
  });
});

describe('what is newly closed', () => {
  it('is what was not closed just so before, for each provider', () => {
    const before = { ...withSaara({ closed: ['2026-12-24', '2026-12-31 08:00-10:00'] }), closed: ['2027-01-01'] };
    const after = {
      ...withSaara({
        closed: ['2026-12-24 to 2026-12-25', '2026-12-31 08:00-12:00'],
        extra: ['2027-01-09 09:00-13:00'],
      }),
      closed: ['2027-01-01', '2027-01-06'],
    };
    const found = newlyClosed(stored(before), state(after));
    expect(
      found.map(({ providerId, exception }) => [providerId.split(' ').at(-1), exception.date, exception.closesAt]),
    ).toEqual([
      ['saara', '2027-01-06', '24:00'],
      ['saara', '2026-12-25', '24:00'],
      ['saara', '2026-12-31', '12:00'],
      ['oskar', '2027-01-06', '24:00'],
    ]);
  });
});

describe('the ids of a clinic', () => {
  it('follow from its slug and the keys, unless they are given', () => {
    const id = '6b616c6c-696f-4000-8000-000000000101';
    const { providers, visitTypes } = state(withSaara({ id }));
    expect(providers.map((one) => one.id)).toEqual([id, 'id of provider id of clinic satama oskar']);
    expect(visitTypes[0]?.id).toBe('id of visit type id of clinic satama check-up');
    expect(providers[0]?.visitTypeIds).toEqual([visitTypes[0]?.id]);
    const description = readClinicDescription({ ...described, id });
    expect(describedClinicId(description, derive)).toBe(id);
  });

  it('leave a holiday that is a day off as well single', () => {
    const { providers } = state({ ...withSaara({ closed: ['2026-12-24'] }), closed: ['2026-12-24'] });
    expect(providers.map(({ exceptions }) => exceptions.length)).toEqual([1, 1]);
  });
});
