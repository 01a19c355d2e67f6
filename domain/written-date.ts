import type { LocalDate } from './clinic-time.ts';

/** Where a date with slashes or dashes puts the day first. Elsewhere it may have come from a program that puts the month first. */
const dayFirstCountries = 'AU BE BR CY ES FR GB GR IE IT LU MT NL NZ PT'.split(' ');

/**
 * A date as practice systems and spreadsheets write it, as 'YYYY-MM-DD'; whether the calendar has it is not asked here.
 * Undefined where it may be read in two ways; any other text comes back as it was.
 */
export function readWrittenDate(text: string, country: string): LocalDate | undefined {
  const bare = text.replace(/[T ]0{1,2}:00(:00(\.0+)?)?Z?$/, '').replace(/\s/g, '');
  const yearFirst = /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})$/.exec(bare);
  if (yearFirst) return isoDate(yearFirst[1], yearFirst[3], yearFirst[4]);
  const digits = /^(\d{4})(\d{2})(\d{2})$/.exec(bare);
  if (digits) return isoDate(digits[1], digits[2], digits[3]);
  const yearLast = /^(\d{1,2})([-./])(\d{1,2})\2(\d{4})$/.exec(bare);
  if (!yearLast) return text;
  const [, first = '', mark, second = '', year] = yearLast;
  const isDayFirst = mark === '.' || dayFirstCountries.includes(country) || Number(first) > 12 || +first === +second;
  if (isDayFirst) return isoDate(year, second, first);
  return Number(second) > 12 ? isoDate(year, first, second) : undefined;
}

function isoDate(year = '', month = '', day = ''): LocalDate {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
