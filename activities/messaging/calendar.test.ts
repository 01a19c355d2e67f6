import { describe, expect, it } from 'vitest';
import { type AppointmentId, asId } from '../../domain/ids.ts';
import { type CalendarFile, calendarFile } from './calendar.ts';

const now = Date.parse('2026-11-22T10:00Z');
const startsAt = Date.parse('2027-01-27T11:30Z');
const id = asId<AppointmentId>('0b5f2a52-0000-4000-8000-000000000001');
const visit = { id, status: 'booked', startsAt, endsAt: startsAt + 1_800_000, revision: 3 } as const;

function linesOf(patch: Partial<CalendarFile> = {}): string[] {
  const clinic = { name: 'Kallion "Hymy" hammashoitola, keskusta', address: 'Hämeentie 1; 00530 Helsinki, C-rappu' };
  const sender = 'vuoro@kallio.example';
  const file = calendarFile({
    visits: [visit],
    clinic,
    sender,
    domain: 'vuoro.example',
    language: 'fi',
    now,
    ...patch,
  });
  return file.replaceAll('\r\n ', '').split('\r\n');
}

function valuesOf(lines: readonly string[], name: string): string[] {
  return lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1));
}

describe('calendarFile', () => {
  it('says no more than when and where, in universal time', () => {
    const lines = linesOf();
    expect(lines).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Vuoro//appointments//FI',
      'METHOD:PUBLISH',
      'BEGIN:VEVENT',
      `UID:${id}@vuoro.example`,
      'SEQUENCE:3',
      'DTSTAMP:20261122T100000Z',
      'DTSTART:20270127T113000Z',
      'DTEND:20270127T120000Z',
      'SUMMARY:Varattu aika',
      'LOCATION:Hämeentie 1\\; 00530 Helsinki\\, C-rappu',
      `ORGANIZER;CN="Kallion 'Hymy' hammashoitola, keskusta":mailto:vuoro@kallio.example`,
      'STATUS:CONFIRMED',
      'CLASS:PRIVATE',
      'END:VEVENT',
      'END:VCALENDAR',
    ]);
  });

  it.each([
    ['pending', 'PUBLISH', 'TENTATIVE'],
    ['booked', 'PUBLISH', 'CONFIRMED'],
    ['cancelled', 'CANCEL', 'CANCELLED'],
    ['expired', 'CANCEL', 'CANCELLED'],
  ] as const)('tells the calendar what %s is', (status, method, entry) => {
    const lines = linesOf({ visits: [{ ...visit, status }] });
    expect([valuesOf(lines, 'METHOD'), valuesOf(lines, 'STATUS')]).toEqual([[method], [entry]]);
  });

  it('replaces the entry before it after a move, and takes it back after a cancel', () => {
    const files = [
      visit,
      { ...visit, revision: 4, startsAt: startsAt + 86_400_000, endsAt: startsAt + 88_200_000 },
      { ...visit, revision: 5, status: 'cancelled' as const },
    ].map((each) => linesOf({ visits: [each] }));
    expect(new Set(files.map((lines) => valuesOf(lines, 'UID')[0])).size).toBe(1);
    expect(files.map((lines) => valuesOf(lines, 'SEQUENCE')[0])).toEqual(['3', '4', '5']);
    expect(files.map((lines) => valuesOf(lines, 'METHOD')[0])).toEqual(['PUBLISH', 'PUBLISH', 'CANCEL']);
  });

  it('has an entry for each visit that it is about', () => {
    const other = asId<AppointmentId>('0b5f2a52-0000-4000-8000-000000000002');
    const lines = linesOf({ visits: [visit, { ...visit, id: other, revision: 1 }] });
    expect(valuesOf(lines, 'UID')).toEqual([`${id}@vuoro.example`, `${other}@vuoro.example`]);
  });

  it('keeps its lines as short as the format wants them', () => {
    const clinic = { name: 'Zahnärztliche Gemeinschaftspraxis '.repeat(5), address: 'Straße der Bäume 5, '.repeat(8) };
    const sender = 'vuoro@kallio.example';
    const file = calendarFile({ visits: [visit], clinic, sender, domain: 'vuoro.example', language: 'de', now });
    const longest = Math.max(...file.split('\r\n').map((line) => Buffer.byteLength(line)));
    expect(longest).toBeLessThanOrEqual(75);
  });
});
