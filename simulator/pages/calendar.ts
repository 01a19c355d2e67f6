import type { Instant } from '../../domain/interval.ts';

/** A moment of a calendar file: an instant, or what is written where it belongs to a zone of its own. */
export type CalendarMoment = { at: Instant } | { written: string };

export interface CalendarEvent {
  summary: string;
  start: CalendarMoment | null;
  end: CalendarMoment | null;
  location: string;
  status: string;
  sequence: string;
  uid: string;
}

export interface CalendarFile {
  method: string;
  events: CalendarEvent[];
}

interface Line {
  name: string;
  parameters: string;
  value: string;
}

/** What a person would want to know of a calendar file (RFC 5545). */
export function readCalendar(file: string): CalendarFile {
  const lines = linesOf(file);
  const blocks: Line[][] = [];
  for (const line of lines) {
    if (line.name === 'BEGIN' && line.value === 'VEVENT') blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return { method: valueOf(lines, 'METHOD'), events: blocks.map(eventOf) };
}

/** A line that begins with a space goes on with the one before. */
function linesOf(file: string): Line[] {
  const unfolded = file.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
  return unfolded.flatMap((text) => {
    const [, name = '', parameters = '', value = ''] =
      /^([A-Z-]+)((?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):(.*)$/i.exec(text) ?? [];
    return name ? [{ name: name.toUpperCase(), parameters, value }] : [];
  });
}

function eventOf(lines: Line[]): CalendarEvent {
  return {
    summary: valueOf(lines, 'SUMMARY'),
    start: momentOf(lines, 'DTSTART'),
    end: momentOf(lines, 'DTEND'),
    location: valueOf(lines, 'LOCATION'),
    status: valueOf(lines, 'STATUS'),
    sequence: valueOf(lines, 'SEQUENCE'),
    uid: valueOf(lines, 'UID'),
  };
}

function valueOf(lines: readonly Line[], name: string): string {
  const value = lines.find((line) => line.name === name)?.value ?? '';
  return value.replaceAll(/\\([\\,;nN])/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped));
}

function momentOf(lines: readonly Line[], name: string): CalendarMoment | null {
  const line = lines.find((each) => each.name === name);
  if (!line) return null;
  const [, date, hour = '00', minute = '00', second = '00', utc] =
    /^(\d{8})(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(line.value) ?? [];
  if (!date) return { written: line.value };
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  if (utc) return { at: Date.parse(`${day}T${hour}:${minute}:${second}Z`) };
  const zone = /TZID="?([^;"]+)/i.exec(line.parameters)?.[1] ?? '';
  return { written: `${line.value.includes('T') ? `${day} ${hour}:${minute}` : day} ${zone}`.trim() };
}
