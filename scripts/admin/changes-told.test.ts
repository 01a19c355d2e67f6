import { expect, it } from 'vitest';
import type { ClinicChange } from '../../domain/clinic-changes.ts';
import { changesTold } from './changes-told.ts';

const part = {} as never;

it('tells what becomes of each part, and days on end as one', () => {
  const closed = (label: string, to = 'closed') => ({ label, from: null, to });
  const changes: ClinicChange[] = [
    { kind: 'sender', part, name: 'e-mail from a@b.example', change: 'added', differences: [] },
    {
      kind: 'provider',
      part,
      name: 'Saara Niemi',
      change: 'changed',
      differences: [
        { label: 'name', from: 'Saara Mäki', to: 'Saara Niemi' },
        { label: 'mon', from: '08:00-16:00', to: '09:00-16:00' },
        { label: 'tue', from: '08:00-16:00', to: null },
        ...['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-03'].map((date) => closed(date)),
        closed('2027-01-04', 'closed 12:00-16:00'),
      ],
    },
    { kind: 'visitType', part, name: 'Filling', change: 'restored', differences: [] },
    { kind: 'provider', part, name: 'Oskar Lind', change: 'givenUp', differences: [] },
    {
      kind: 'provider',
      part,
      name: 'Room',
      change: 'added',
      differences: [
        { label: 'name', from: null, to: 'Room' },
        { label: 'mon', from: null, to: '08:00-16:00' },
      ],
    },
  ];
  expect(changesTold(changes).split('\n')).toEqual([
    '+ sender e-mail from a@b.example',
    '~ provider Saara Niemi',
    '    name: Saara Mäki → Saara Niemi',
    '    mon: 08:00-16:00 → 09:00-16:00',
    '    tue: no longer 08:00-16:00',
    '    2026-12-30 to 2027-01-01: closed',
    '    2027-01-03: closed',
    '    2027-01-04: closed 12:00-16:00',
    '+ visit type Filling, taken up again',
    '- provider Oskar Lind, given up',
    '+ provider Room',
    '    mon: 08:00-16:00',
  ]);
});
