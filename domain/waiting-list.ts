import { isDate, localDate, minutesOf } from './clinic-time.ts';
import type { LocalDate, LocalTime } from './clinic-time.ts';
import type { VisitType } from './catalogue.ts';
import type { FieldError } from './errors.ts';
import type { Instant } from './interval.ts';
import { isLocked } from './opening-rules.ts';
import type { ClinicPolicy } from './policy.ts';

/** What suits a patient who waits for a time; null: whatever it is. All of it is of the clinic's calendar and clock. */
export interface Wish {
  earliest: LocalDate | null;
  latest: LocalDate | null;
  /** 1 = Monday. */
  weekdays: readonly number[] | null;
  /** The whole visit lies between the two. */
  between: readonly [LocalTime, LocalTime] | null;
}

export interface WishRules {
  timeZone: string;
  visitType: Pick<VisitType, 'durationMinutes'>;
  policy: Pick<ClinicPolicy, 'selfService'>;
}

/** What is wrong with a wish: what can never be offered is better refused than waited for. */
export function wishProblems(
  { earliest, latest, between }: Wish,
  { timeZone, visitType, policy }: WishRules,
  now: Instant,
): FieldError[] {
  const problems: FieldError[] = [];
  const refuse = (pointer: string, detail: string) => void problems.push({ pointer, detail });
  if (isLocked(policy)) refuse('/visitTypeId', 'is a type that only staff cancel or move: its times are not offered');
  if (earliest !== null && !isDate(earliest)) refuse('/earliest', 'must be a date of the calendar, as YYYY-MM-DD');
  if (latest !== null && !isDate(latest)) refuse('/latest', 'must be a date of the calendar, as YYYY-MM-DD');
  else if (latest !== null && latest < localDate(now, timeZone)) refuse('/latest', 'must not lie in the past');
  else if (latest !== null && earliest !== null && latest < earliest)
    refuse('/latest', 'must not be before `earliest`');
  if (between !== null && minutesOf(between[1]) - minutesOf(between[0]) < visitType.durationMinutes) {
    refuse('/between', 'leaves no room for the whole visit');
  }
  return problems;
}
