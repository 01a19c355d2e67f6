import { expect, it } from 'vitest';
import { readCalendar } from './calendar.ts';

const file = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'METHOD:PUBLISH', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');

it('reads who, when, where and in which state', () => {
  const { method, events } = readCalendar(
    file(
      'UID:a1@vuoro.test',
      'SEQUENCE:3',
      'DTSTART:20270104T060000Z',
      'DTEND:20270104T063000Z',
      'SUMMARY;LANGUAGE=fi:Kallion hammashoitola',
      'LOCATION:Hämeentie 1\\, 00530 Helsinki\\; 2. krs\\nSoita',
      'STATUS:CONFIRMED',
    ),
  );
  expect(method).toBe('PUBLISH');
  expect(events).toEqual([
    {
      uid: 'a1@vuoro.test',
      sequence: '3',
      start: { at: Date.parse('2027-01-04T06:00:00Z') },
      end: { at: Date.parse('2027-01-04T06:30:00Z') },
      summary: 'Kallion hammashoitola',
      location: 'Hämeentie 1, 00530 Helsinki; 2. krs\nSoita',
      status: 'CONFIRMED',
    },
  ]);
});

it('puts folded lines together again', () => {
  const { events } = readCalendar(file('SUMMARY:Kallion ham', ' mashoitola', '\t, Helsinki'));
  expect(events[0]?.summary).toBe('Kallion hammashoitola, Helsinki');
});

it.each([
  ['DTSTART;TZID=Europe/Helsinki:20270104T080000', { written: '2027-01-04 08:00 Europe/Helsinki' }],
  ['DTSTART;TZID="Europe/Helsinki":20270104T080000', { written: '2027-01-04 08:00 Europe/Helsinki' }],
  ['DTSTART;VALUE=DATE:20270104', { written: '2027-01-04' }],
  ['DTSTART:tomorrow', { written: 'tomorrow' }],
])('keeps what belongs to a zone of its own as it is written: %s', (line, start) => {
  expect(readCalendar(file(line)).events[0]?.start).toEqual(start);
});

it('reads several visits, and nothing in what is no calendar', () => {
  const two = file('SUMMARY:one', 'END:VEVENT', 'BEGIN:VEVENT', 'SUMMARY:two');
  expect(readCalendar(two).events.map(({ summary }) => summary)).toEqual(['one', 'two']);
  expect(readCalendar('Hello')).toEqual({ method: '', events: [] });
});
