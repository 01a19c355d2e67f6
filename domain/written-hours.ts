import type { ScheduleException, WeeklyHours } from './catalogue.ts';
import { addDays, isDate, minutesOf } from './clinic-time.ts';
import type { LocalDate, LocalTime } from './clinic-time.ts';

export interface OpenHours {
  opensAt: LocalTime;
  closesAt: LocalTime;
}

/** What was read, or what is wrong with the text, as the end of a sentence. */
export type Reading<T> = { value: T } | { problem: string };

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const allDay: OpenHours = { opensAt: '00:00', closesAt: '24:00' };
/** A year and a day: longer is a slip of the pen, or a provider who should be taken out of the file. */
const longestRange = 366;

/** Reads "08:00-12:00, 12:30-16:00". Several stretches make a break; they may touch but not overlap. */
export function readHours(text: string): Reading<OpenHours[]> {
  const hours: OpenHours[] = [];
  for (const part of text.split(',').map((stretch) => stretch.trim())) {
    const [, from = '', to = ''] = /^(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})$/.exec(part) ?? [];
    const [opensAt, closesAt] = [from.padStart(5, '0'), to.padStart(5, '0')];
    if (!isTime(opensAt) || !(isTime(closesAt) || closesAt === '24:00')) {
      return { problem: `cannot be read: "${part}" is not written as 08:00-16:00` };
    }
    if (opensAt >= closesAt) return { problem: `close before they open: "${part}"` };
    hours.push({ opensAt, closesAt });
  }
  hours.sort((a, b) => (a.opensAt < b.opensAt ? -1 : 1));
  const overlapping = hours.find(({ opensAt }, index) => opensAt < (hours[index - 1]?.closesAt ?? ''));
  return overlapping ? { problem: `overlap at ${overlapping.opensAt}` } : { value: hours };
}

/** Reads "mon", "mon-thu" or "mon-wed, fri": the days of the week as 1 = Monday … 7 = Sunday. */
export function readDays(text: string): Reading<number[]> {
  const days: number[] = [];
  for (const part of text.toLowerCase().split(',')) {
    const [first = -1, last = first, ...more] = part.split(/[-–]/).map((name) => dayNumber(name.trim()));
    if (first < 1 || last < first || more.length > 0) {
      return { problem: `is no day of the week: write ${dayNames.join(', ')}, or mon-fri` };
    }
    for (let day = first; day <= last; day++) days.push(day);
  }
  return { value: days };
}

function dayNumber(name: string): number {
  return dayNames.findIndex((day) => day === name) + 1;
}

/** Reads a week written as day → hours, as `{ 'mon-wed': '08:00-12:00', fri: '08:00-16:00' }`, each day named once. */
export function readWeek(week: Readonly<Record<string, string>>): { hours: WeeklyHours[]; problems: DayProblem[] } {
  const hours: WeeklyHours[] = [];
  const problems: DayProblem[] = [];
  const named = new Set<number>();
  for (const [key, text] of Object.entries(week)) {
    const [days, stretches] = [readDays(key), readHours(text)];
    if ('problem' in days) problems.push({ key, problem: days.problem });
    else if ('problem' in stretches) problems.push({ key, problem: stretches.problem });
    else if (days.value.some((day) => named.has(day))) problems.push({ key, problem: 'names a day a second time' });
    else {
      for (const day of days.value) named.add(day);
      hours.push(...days.value.flatMap((weekday) => stretches.value.map((open) => ({ weekday, ...open }))));
    }
  }
  return { hours: hours.sort((a, b) => a.weekday - b.weekday || (a.opensAt < b.opensAt ? -1 : 1)), problems };
}

interface DayProblem {
  key: string;
  problem: string;
}

/** Reads "2026-12-24", "2026-12-24 to 2027-01-01" or "2026-12-31 12:00-16:00": an exception for each date and stretch. */
export function readException(kind: ScheduleException['kind'], text: string): Reading<ScheduleException[]> {
  const [, first = '', last = first, rest = ''] = /^(\S+)(?:\s+to\s+(\S+))?(?:\s+(.+))?$/.exec(text.trim()) ?? [];
  if (!isDate(first) || !isDate(last)) {
    return { problem: `has no date: write 2026-12-24, 2026-12-24 to 2027-01-01 or 2026-12-31 12:00-16:00` };
  }
  if (last < first) return { problem: `ends on ${last}, before it begins` };
  if (kind === 'extra' && rest === '') return { problem: 'says no hours: write 2027-01-09 09:00-13:00' };
  const hours = rest === '' ? { value: [allDay] } : readHours(rest);
  if ('problem' in hours) return { problem: `has hours that ${hours.problem}` };
  const dates: LocalDate[] = [];
  for (let date = first; date <= last && dates.length <= longestRange; date = addDays(date, 1)) dates.push(date);
  if (dates.length > longestRange) return { problem: 'is longer than a year' };
  return { value: dates.flatMap((date) => hours.value.map((open) => ({ date, kind, ...open }))) };
}

/** The hours as `readHours` reads them. */
export function writeHours(hours: readonly OpenHours[]): string {
  const inOrder = [...hours].sort((a, b) => minutesOf(a.opensAt) - minutesOf(b.opensAt));
  return inOrder.map(({ opensAt, closesAt }) => `${opensAt}-${closesAt}`).join(', ');
}

/** "mon" for 1 … "sun" for 7. */
export function dayName(weekday: number): string {
  return dayNames[weekday - 1] ?? '';
}

/** What holds on a date in words: "closed", "closed 12:00-16:00; extra 17:00-19:00". */
export function writeExceptions(exceptions: readonly ScheduleException[]): string {
  return (['closed', 'extra'] as const)
    .flatMap((kind) => {
      const stretches = exceptions.filter((exception) => exception.kind === kind);
      if (stretches.length === 0) return [];
      const isWholeDay = stretches.some((one) => one.opensAt === allDay.opensAt && one.closesAt === allDay.closesAt);
      return isWholeDay ? [kind] : [`${kind} ${writeHours(stretches)}`];
    })
    .join('; ');
}

function isTime(text: string): text is LocalTime {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}
