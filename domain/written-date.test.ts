import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays } from './clinic-time.ts';
import { readWrittenDate } from './written-date.ts';

it.each([
  ['1990-02-01', 'FI', '1990-02-01'],
  ['1990-2-1', 'FI', '1990-02-01'],
  ['1990/02/01', 'SE', '1990-02-01'],
  ['19900201', 'SE', '1990-02-01'],
  ['1.2.1990', 'FI', '1990-02-01'],
  ['01.02.1990', 'DE', '1990-02-01'],
  ['1. 2. 1990', 'FI', '1990-02-01'],
  ['01/02/1990', 'IT', '1990-02-01'],
  ['1-2-1990', 'IT', '1990-02-01'],
  ['31/12/1990', 'DE', '1990-12-31'],
  ['12/31/1990', 'DE', '1990-12-31'],
  ['12/31/1990', 'US', '1990-12-31'],
  ['05/05/1990', 'US', '1990-05-05'],
  ['1990-02-01T00:00:00.000Z', 'FI', '1990-02-01'],
  ['1.2.1990 0:00', 'FI', '1990-02-01'],
])('reads %s in %s as %s', (text, country, date) => {
  expect(readWrittenDate(text, country)).toBe(date);
});

it.each([
  ['01/02/1990', 'DE'],
  ['1/2/1990', 'US'],
  ['01-02-1990', 'FI'],
])('does not guess what %s means in %s', (text, country) => {
  expect(readWrittenDate(text, country)).toBeUndefined();
});

it.each(['1.2.90', '26005', '1.2/1990', '1990-02-01T23:00:00Z', 'yesterday', '010290-123A'])(
  'leaves %s as it is',
  (text) => {
    expect(readWrittenDate(text, 'IT')).toBe(text);
  },
);

it('reads each day of the calendar in its local form', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 50_000 }), (days) => {
      const date = addDays('1880-01-01', days);
      const [year, month, day] = date.split('-').map(Number);
      for (const country of ['FI', 'DE', 'IT', 'US']) {
        expect(readWrittenDate(`${day}.${month}.${year}`, country)).toBe(date);
        expect([date, undefined]).toContain(readWrittenDate(`${month}/${day}/${year}`, 'US'));
      }
      expect(readWrittenDate(`${day}/${month}/${year}`, 'IT')).toBe(date);
    }),
  );
});
