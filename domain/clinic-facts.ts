import type { Provider, VisitType } from './catalogue.ts';
import type { ClinicDetails, Sender } from './clinic-state.ts';
import type { ReminderRule } from './policy.ts';
import { dayName, writeExceptions, writeHours } from './written-hours.ts';

/** One thing that can be said of a part of a clinic, in words; two parts are alike if all their facts are. */
export interface Fact {
  key: string;
  label: string;
  value: string;
}

export function factsOfClinic({ policy, languages, ...clinic }: ClinicDetails): Fact[] {
  return factsOf({ ...clinic, languages: languages.join(', '), policy });
}

export function factsOfVisitType(type: VisitType): Fact[] {
  const { names, durationMinutes, selfService, cutoffs, reminderRules, backfill } = type;
  const { bufferBeforeMinutes, bufferAfterMinutes, gridMinutes, minimumNoticeMinutes, horizonDays } = type;
  const buffers = { bufferBeforeMinutes, bufferAfterMinutes };
  const booking = { gridMinutes, minimumNoticeMinutes, horizonDays };
  return factsOf({ names, durationMinutes, ...buffers, ...booking, selfService, cutoffs, backfill, reminderRules });
}

export function factsOfProvider(
  { name, visitTypeIds, hours, exceptions }: Provider,
  visitTypes: readonly VisitType[],
  languages: readonly string[],
): Fact[] {
  const weekdays = distinct(hours.map(({ weekday }) => weekday)).toSorted((a, b) => a - b);
  const dates = distinct(exceptions.map(({ date }) => date)).toSorted();
  return [
    ...factsOf({ name }),
    ...visitTypeIds.map((id) => {
      const type = visitTypes.find((one) => one.id === id);
      return { key: `offers ${id}`, label: 'offers', value: type ? nameOfVisitType(type, languages) : id };
    }),
    ...weekdays.map((weekday) => ({
      key: `hours ${weekday}`,
      label: dayName(weekday),
      value: writeHours(hours.filter((open) => open.weekday === weekday)),
    })),
    ...dates.map((date) => ({
      key: `on ${date}`,
      label: date,
      value: writeExceptions(exceptions.filter((exception) => exception.date === date)),
    })),
  ];
}

/** Its name in the clinic's first language that it has one in. */
export function nameOfVisitType({ id, names }: VisitType, languages: readonly string[]): string {
  return [...languages, ...Object.keys(names)].map((language) => names[language]).find(Boolean) ?? id;
}

export function nameOfSender({ channel, address }: Sender): string {
  return `${channel === 'sms' ? 'text messages' : 'e-mail'} from ${address}`;
}

/** A fact for each value, however deep it lies. Null says nothing, but in a policy: there it is "no quiet hours". */
function factsOf(fields: object, prefix = ''): Fact[] {
  return Object.entries(fields).flatMap(([field, value]: [string, unknown]): Fact[] => {
    const key = `${prefix}${field}`;
    if (value === undefined || (value === null && !key.startsWith('policy.'))) return [];
    if (field === 'reminderRules' && Array.isArray(value)) return factsOfRules(value as ReminderRule[], key);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return factsOf(value, `${key}.`);
    const text = typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value);
    return [{ key, label: key, value: text }];
  });
}

/** A fact for each rule. An empty list is something else than no list, which leaves the rules to the clinic. */
function factsOfRules(rules: readonly ReminderRule[], key: string): Fact[] {
  if (rules.length === 0) return [{ key, label: key, value: 'none' }];
  return rules.map(({ id, before, at, channels, onlyIfMissed }) => {
    const time = at === undefined ? '' : ` at ${at}`;
    const condition = onlyIfMissed === undefined ? '' : `, only if ${onlyIfMissed} was missed`;
    const label = `${key}.${id}`;
    return { key: label, label, value: `${before} before${time} by ${channels.join(', ')}${condition}` };
  });
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
