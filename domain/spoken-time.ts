import { localParts } from './clinic-time.ts';
import type { LocalParts } from './clinic-time.ts';
import { ELAPSED_DAY } from './interval.ts';
import type { Instant } from './interval.ts';

export const shippedLanguages = ['en', 'fi', 'sv', 'de', 'it'] as const;
export type Language = (typeof shippedLanguages)[number];

/** The first of the wished languages (BCP 47) that we ship; English where there is none. */
export function chooseLanguage(wished: readonly (string | null)[]): Language {
  const primary = wished.map((tag) => tag?.toLowerCase().split('-')[0]);
  return primary.map((tag) => shippedLanguages.find((language) => language === tag)).find(Boolean) ?? 'en';
}

interface TimeWords {
  weekdays: string;
  months?: string;
  date: (words: { weekday: string; month: string; day: number; monthNumber: number }, year: number | null) => string;
  /** Between hour and minute. */
  separator: ':' | '.';
  and: string;
  at: (date: string, times: string) => string;
  full: { weekdays: string; months: string; date: (words: { weekday: string; month: string; day: number }) => string };
}

const yearAfter = (year: number | null): string => (year === null ? '' : ` ${year}`);

/** Written out by hand: `Intl` differs between versions of Node and puts characters into texts that no SMS can carry. */
const words: Record<Language, TimeWords> = {
  en: {
    weekdays: 'Mon Tue Wed Thu Fri Sat Sun',
    months: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec',
    date: ({ weekday, day, month }, year) => `${weekday} ${day} ${month}${yearAfter(year)}`,
    separator: ':',
    and: ' and ',
    at: (date, times) => `${date} at ${times}`,
    full: {
      weekdays: 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday',
      months: 'January February March April May June July August September October November December',
      date: ({ weekday, day, month }) => `${weekday} ${day} ${month}`,
    },
  },
  fi: {
    weekdays: 'ma ti ke to pe la su',
    date: ({ weekday, day, monthNumber }, year) => `${weekday} ${day}.${monthNumber}.${year ?? ''}`,
    separator: '.',
    and: ' ja ',
    at: (date, times) => `${date} klo ${times}`,
    full: {
      weekdays: 'maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai',
      months:
        'tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta',
      date: ({ weekday, day, month }) => `${weekday} ${day}. ${month}`,
    },
  },
  sv: {
    weekdays: 'mån tis ons tors fre lör sön',
    months: 'jan feb mars april maj juni juli aug sep okt nov dec',
    date: ({ weekday, day, month }, year) => `${weekday} ${day} ${month}${yearAfter(year)}`,
    separator: '.',
    and: ' och ',
    at: (date, times) => `${date} kl. ${times}`,
    full: {
      weekdays: 'måndag tisdag onsdag torsdag fredag lördag söndag',
      months: 'januari februari mars april maj juni juli augusti september oktober november december',
      date: ({ weekday, day, month }) => `${weekday} ${day} ${month}`,
    },
  },
  de: {
    weekdays: 'Mo. Di. Mi. Do. Fr. Sa. So.',
    date: ({ weekday, day, monthNumber }, year) => `${weekday}, ${day}.${monthNumber}.${year ?? ''}`,
    separator: ':',
    and: ' und ',
    at: (date, times) => `${date} um ${times} Uhr`,
    full: {
      weekdays: 'Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag',
      months: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember',
      date: ({ weekday, day, month }) => `${weekday}, ${day}. ${month}`,
    },
  },
  it: {
    weekdays: 'lun mar mer gio ven sab dom',
    months: 'gen feb mar apr mag giu lug ago set ott nov dic',
    date: ({ weekday, day, month }, year) => `${weekday} ${day} ${month}${yearAfter(year)}`,
    separator: ':',
    and: ' e ',
    at: (date, times) => `${date}, ore ${times}`,
    full: {
      weekdays: 'lunedì martedì mercoledì giovedì venerdì sabato domenica',
      months: 'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
      date: ({ weekday, day, month }) => `${weekday} ${day} ${month}`,
    },
  },
};

/**
 * The clinic's local date and times in words, short enough for a text message: "Wed 31 Dec at 9:00 and 13:30".
 * All instants lie on one local day; weekday and date leave no doubt for most of a year, after that the year is named.
 */
export function sayTimes(instants: readonly Instant[], zone: string, language: Language, now: Instant): string {
  const { date, weekdays, months = '' } = words[language];
  const isFarOff = instants.some((instant) => Math.abs(instant - now) > 300 * ELAPSED_DAY);
  return dateAndTimes(instants, zone, language, (first) =>
    date({ ...namesOf(first, weekdays, months), monthNumber: first.month }, isFarOff ? first.year : null),
  );
}

/** The same in full, for letters: "Wednesday 31 December 2026 at 9:00 and 13:30". */
export function spellTimes(instants: readonly Instant[], zone: string, language: Language): string {
  const { date, weekdays, months } = words[language].full;
  return dateAndTimes(instants, zone, language, (first) => `${date(namesOf(first, weekdays, months))} ${first.year}`);
}

/** The clinic's local time of day: "9:00". */
export function sayTimeOfDay(instant: Instant, zone: string, language: Language): string {
  return clock(localParts(instant, zone), words[language].separator);
}

function dateAndTimes(
  instants: readonly Instant[],
  zone: string,
  language: Language,
  dateOf: (first: LocalParts) => string,
): string {
  const { at, and, separator } = words[language];
  const parts = instants.toSorted((a, b) => a - b).map((instant) => localParts(instant, zone));
  const [first] = parts;
  if (!first) return '';
  const times = parts.map((each) => clock(each, separator));
  const listed = [times.slice(0, -1).join(', '), ...times.slice(-1)].filter(Boolean).join(and);
  return at(dateOf(first), listed);
}

function namesOf({ weekday, month, day }: LocalParts, weekdays: string, months: string) {
  return { weekday: weekdays.split(' ')[weekday - 1] ?? '', month: months.split(' ')[month - 1] ?? '', day };
}

function clock({ hour, minute }: LocalParts, separator: string): string {
  return `${hour}${separator}${String(minute).padStart(2, '0')}`;
}
