import { describe, expect, it } from 'vitest';
import { type ClinicDescription, pointerTo, readClinicDescription } from './clinic-description.ts';
import { Refusal } from './errors.ts';

const checkUp = { key: 'check-up', names: { fi: 'Tarkastus' }, durationMinutes: 30 };
const saara = { key: 'saara', name: 'Saara Niemi', offers: ['check-up'], hours: { mon: '08:00-16:00' } };
const least = {
  slug: 'satama',
  name: 'Satama',
  country: 'FI',
  timeZone: 'Europe/Helsinki',
  languages: ['fi'],
  phone: '09 1000 200',
  address: 'Satamakatu 3',
  visitTypes: [checkUp],
  providers: [saara],
};

const read = (change: object = {}): ClinicDescription => readClinicDescription({ ...least, ...change });

/** Where it is wrong, as pointers. */
function wrong(change: object): string[] {
  return problems(change).map(({ pointer }) => pointer);
}

function problems(change: object) {
  try {
    read(change);
  } catch (error) {
    if (error instanceof Refusal) return error.errors;
    throw error;
  }
  throw new Error('was read');
}

describe('the description of a clinic', () => {
  it('needs no more than what cannot be guessed', () => {
    expect(read()).toMatchObject({ policy: {}, senders: {}, closed: [] });
    expect(read({ policy: null, senders: null, closed: null })).toEqual(read());
    expect(read({ providers: [{ ...saara, hours: null }] }).providers[0]).toMatchObject({
      hours: [],
      closed: [],
      extra: [],
    });
  });

  it('has its numbers read by the country', () => {
    expect(read({ senders: { sms: '040 1000 002', email: 'Ajat@Satama.example' } })).toMatchObject({
      phone: '+35891000200',
      senders: { sms: '+358401000002', email: 'ajat@satama.example' },
    });
  });

  it('keeps of the policy what was written, without the defaults', () => {
    expect(read({ policy: { quietHours: null, cutoffs: { cancelMinutes: 60 } } }).policy).toEqual({
      quietHours: null,
      cutoffs: { cancelMinutes: 60 },
    });
  });

  it.each([
    [{ slug: 'Satama!' }, '/slug'],
    [{ name: ' ' }, '/name'],
    [{ country: 'fi' }, '/country'],
    [{ country: 'XX' }, '/country'],
    [{ timeZone: 'Helsinki' }, '/timeZone'],
    [{ timeZone: '+02:00' }, '/timeZone'],
    [{ languages: [] }, '/languages'],
    [{ languages: ['fi', 'ee'] }, '/languages/1'],
    [{ phone: '12' }, '/phone'],
    [{ phone: '+49 30 1' }, '/phone'],
    [{ id: '17' }, '/id'],
    [{ senders: { sms: '12' } }, '/senders/sms'],
    [{ senders: { email: 'ajat' } }, '/senders/email'],
    [{ senders: { fax: '09 1000 201' } }, '/senders/fax'],
    [{ closed: ['2026-12-24', 'Christmas'] }, '/closed/1'],
    [{ policy: { holdMinutes: 1 } }, '/policy/holdMinutes'],
    [{ policy: { reminders: [] } }, '/policy/reminders'],
    [
      { policy: { reminderRules: [{ id: 'a', before: '2d', channels: ['fax'] }] } },
      '/policy/reminderRules/0/channels/0',
    ],
    [{ visitTypes: [] }, '/visitTypes'],
    [{ visitTypes: [{ ...checkUp, durationMinutes: 1 }] }, '/visitTypes/0/durationMinutes'],
    [{ visitTypes: [{ ...checkUp, length: 30 }] }, '/visitTypes/0/length'],
    [{ visitTypes: [{ ...checkUp, names: { en: 'Check-up' } }] }, '/visitTypes/0/names'],
    [{ visitTypes: [checkUp, checkUp] }, '/visitTypes/1/key'],
    [{ providers: [{ ...saara, offers: ['check-up', 'filling'] }] }, '/providers/0/offers/1'],
    [{ providers: [{ ...saara, hours: { mon: '08:00-12:00, 11:00-16:00' } }] }, '/providers/0/hours/mon'],
    [{ providers: [{ ...saara, closed: ['2026-12-32'] }] }, '/providers/0/closed/0'],
    [{ providers: [{ ...saara, extra: ['2026-12-31'] }] }, '/providers/0/extra/0'],
    [{ providers: [saara, { ...saara, name: 'Another' }] }, '/providers/1/key'],
    [{ patients: [] }, '/patients'],
  ])('is refused with %j, and says where: %s', (change, pointer) => {
    expect(wrong(change)).toEqual([pointer]);
  });

  it('is refused with two providers of one id', () => {
    const id = '6b616c6c-696f-4000-8000-000000000101';
    const providers = [
      { ...saara, id },
      { ...saara, key: 'other', id },
    ];
    expect(wrong({ providers })).toEqual(['/providers/1/id']);
  });

  it('is refused with everything that is wrong at once', () => {
    expect(wrong({ name: undefined, country: 'XX', providers: [{}] })).toEqual([
      '/name',
      '/country',
      '/providers/0/key',
      '/providers/0/name',
      '/providers/0/offers',
    ]);
    expect(problems({ name: undefined })[0]?.detail).toBe('is missing');
  });

  it.each([null, undefined, 'slug: x', []])('is refused where it is %j', (given) => {
    expect(() => readClinicDescription(given)).toThrow(Refusal);
  });
});

it('points to what has strange names', () => {
  expect(pointerTo(['providers', 0, 'hours', 'mon/tue~'])).toBe('/providers/0/hours/mon~1tue~0');
});
