import { and, between, eq, gte, inArray, isNull, ne, notExists, or, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Calendar } from '../../domain/availability.ts';
import type { VisitType } from '../../domain/catalogue.ts';
import { addDays, localDate } from '../../domain/clinic-time.ts';
import type { AppointmentId, ProviderId, VisitTypeId } from '../../domain/ids.ts';
import { ELAPSED_DAY, type Instant, type Interval } from '../../domain/interval.ts';
import { resolvePolicy } from '../../domain/policy.ts';
import type { ClinicTransaction } from '../client.ts';
import {
  clinics,
  occupancies,
  openings,
  providerExceptions,
  providerHours,
  providers,
  providerVisitTypes,
  visitTypes,
} from '../schema/index.ts';
import { toVisitType } from './catalogue.ts';

export interface CalendarsQuery {
  visitTypeId: VisitTypeId;
  /** Undefined: everybody who offers the visit type. */
  providerId: ProviderId | undefined;
  range: Interval;
  timeZone: string;
  now: Instant;
  /** An appointment whose own time does not stand in its way. */
  except?: AppointmentId;
}

export interface Calendars {
  visitType: VisitType;
  calendars: Calendar[];
}

/** Hours and taken time of those who offer the visit type; undefined where there is no such type or such a provider. */
export async function loadCalendars(tx: ClinicTransaction, query: CalendarsQuery): Promise<Calendars | undefined> {
  const [found] = await tx
    .select({ type: visitTypes, policy: clinics.policy })
    .from(visitTypes)
    .innerJoin(clinics, eq(clinics.clinicId, visitTypes.clinicId))
    .where(eq(visitTypes.id, query.visitTypeId));
  const offering = await offeringProviders(tx, query);
  if (!found || (query.providerId !== undefined && !(await isKnown(tx, query.providerId)))) return undefined;
  const { type, policy } = found;
  const visitType = toVisitType(type);
  if (offering.length === 0 || !type.isActive) return { visitType, calendars: [] };

  const hours = await tx.select().from(providerHours).where(inArray(providerHours.providerId, offering));
  const exceptions = await exceptionsOf(tx, offering, query);
  const { isBookableOnline } = resolvePolicy(policy).openings;
  const taken = await takenTime(tx, offering, query, isBookableOnline);
  const calendars = offering.map((providerId) => ({
    providerId,
    hours: hours.filter((row) => row.providerId === providerId),
    exceptions: exceptions.filter((row) => row.providerId === providerId),
    occupied: taken.filter((row) => row.providerId === providerId).map((row) => row.during),
  }));
  return { visitType, calendars };
}

async function offeringProviders(tx: ClinicTransaction, query: CalendarsQuery): Promise<ProviderId[]> {
  const rows = await tx
    .select({ id: providers.id })
    .from(providers)
    .innerJoin(
      providerVisitTypes,
      and(eq(providerVisitTypes.clinicId, providers.clinicId), eq(providerVisitTypes.providerId, providers.id)),
    )
    .where(
      and(
        eq(providerVisitTypes.visitTypeId, query.visitTypeId),
        eq(providers.isActive, true),
        query.providerId === undefined ? undefined : eq(providers.id, query.providerId),
      ),
    );
  return rows.map((row) => row.id);
}

async function isKnown(tx: ClinicTransaction, id: ProviderId): Promise<boolean> {
  const rows = await tx.select({ id: providers.id }).from(providers).where(eq(providers.id, id));
  return rows.length > 0;
}

async function exceptionsOf(tx: ClinicTransaction, ids: ProviderId[], { range, timeZone }: CalendarsQuery) {
  const first = addDays(localDate(range.start, timeZone), -1);
  const last = addDays(localDate(range.end, timeZone), 2);
  const { providerId, kind, opensAt, closesAt, heldOn } = providerExceptions;
  return tx
    .select({ providerId, kind, opensAt, closesAt, date: heldOn })
    .from(providerExceptions)
    .where(and(inArray(providerId, ids), between(heldOn, first, last)));
}

// A day on either side: no visit with its buffers is longer, so whatever reaches into the range is among them.
async function takenTime(
  tx: ClinicTransaction,
  ids: ProviderId[],
  { range, now, except }: CalendarsQuery,
  isBookableOnline: boolean,
) {
  const { providerId, ownerId, during, leasedUntil } = occupancies;
  const around = { start: range.start - ELAPSED_DAY, end: range.end + ELAPSED_DAY };
  const byOpening = tx.select({ id: openings.id }).from(openings).where(eq(openings.id, ownerId));
  const occupied = tx
    .select({ providerId, during })
    .from(occupancies)
    .where(
      and(
        inArray(providerId, ids),
        sql`${during} && ${sql.param(around, during)}`,
        or(isNull(leasedUntil), gte(leasedUntil, now)),
        except && ne(ownerId, except),
        notExists(byOpening),
      ),
    );
  if (isBookableOnline) return occupied;
  // While it is offered it is taken, also where a lease that came to nothing has its place.
  const offered = tx
    .select({ providerId: openings.providerId, during: openings.during })
    .from(openings)
    .where(
      and(
        inArray(openings.providerId, ids),
        eq(openings.status, 'offering'),
        eq(openings.isReleased, false),
        sql`${openings.during} && ${sql.param(around, openings.during)}`,
      ),
    );
  return unionAll(occupied, offered);
}
