import { sql } from 'drizzle-orm';
import { check, customType, uuid } from 'drizzle-orm/pg-core';
import type { ClinicId } from '../../domain/ids.ts';
import type { Instant, Interval } from '../../domain/interval.ts';

/** An instant: milliseconds in the code, `timestamptz(3)` in the database. */
export const instant = customType<{ data: Instant; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: (value) => new Date(value).toISOString(),
  fromDriver: (value) => Date.parse(value),
});

/** A half-open range of instants. */
export const period = customType<{ data: Interval; driverData: string }>({
  dataType: () => 'tstzrange',
  toDriver: ({ start, end }) => `[${new Date(start).toISOString()},${new Date(end).toISOString()})`,
  fromDriver: (value) => {
    const [start = '', end = ''] = value.slice(1, -1).replaceAll('"', '').split(',');
    return { start: Date.parse(start), end: Date.parse(end) };
  },
});

/** A SHA-256 digest; what it is the digest of is never stored. */
export const digest = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

export const clinicId = () => uuid('clinic_id').$type<ClinicId>().notNull();

/** The column check of a closed list, made from the array that also makes the type. */
export function known(table: string, column: string, values: readonly string[]) {
  return check(`${table}_${column}_known`, sql.raw(`${column} in (${values.map((value) => `'${value}'`).join(', ')})`));
}
