import { createHash } from 'node:crypto';
import { type Actor, actors } from '../../domain/appointment.ts';
import { type Provider, type VisitType, type WeeklyHours, visitTypeSchema } from '../../domain/catalogue.ts';
import { type ProviderId, type VisitTypeId, asId } from '../../domain/ids.ts';

export type NumberedId = (number: number) => string;

/** Ids that are the same at every seeding: the clinic's prefix and a number. */
export function numberedIds(prefix: string): NumberedId {
  return (number) => `${prefix}-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A visit type with everything that is not said at its default. */
export function visitType(id: string, described: Partial<VisitType> & Pick<VisitType, 'names' | 'durationMinutes'>) {
  return { id: asId<VisitTypeId>(id), ...visitTypeSchema.parse(described) };
}

export function provider(
  id: string,
  name: string,
  hours: readonly WeeklyHours[],
  types: readonly VisitType[],
): Provider {
  const closed = ['2026-12-24', '2026-12-25', '2027-01-01', '2027-01-06'];
  const exceptions = closed.map((date) => ({ date, kind: 'closed' as const, opensAt: '00:00', closesAt: '24:00' }));
  return { id: asId<ProviderId>(id), name, hours, exceptions, visitTypeIds: types.map((type) => type.id) };
}

/** The same hours on several weekdays; two pairs make a lunch break. */
export function hours(weekdays: readonly number[], ...open: readonly (readonly [string, string])[]): WeeklyHours[] {
  return weekdays.flatMap((weekday) => open.map(([opensAt, closesAt]) => ({ weekday, opensAt, closesAt })));
}

/** A key of the demonstration: public on purpose, and stored as a digest like any other. */
export function apiKey(id: string, key: string, scopes: readonly Actor[] = actors) {
  return { id, name: key, digest: createHash('sha256').update(key).digest(), scopes };
}
