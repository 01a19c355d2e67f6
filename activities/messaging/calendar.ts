import ical, { ICalCalendarMethod, ICalEventClass, ICalEventStatus } from 'ical-generator';
import type { Appointment } from '../../domain/appointment.ts';
import type { Instant } from '../../domain/interval.ts';
import type { Language } from '../../domain/spoken-time.ts';
import { letters } from './templates/letters/index.ts';

export interface CalendarFile {
  visits: readonly Pick<Appointment, 'id' | 'status' | 'startsAt' | 'endsAt' | 'revision'>[];
  clinic: { name: string; address: string };
  /** The clinic's e-mail address: whoever takes an entry back must be the one who gave it. */
  sender: string;
  /** Ours, for good: an entry is found again by it. */
  domain: string;
  language: Language;
  now: Instant;
}

const statuses: Partial<Record<Appointment['status'], ICalEventStatus>> = {
  pending: ICalEventStatus.TENTATIVE,
  booked: ICalEventStatus.CONFIRMED,
};

/**
 * An iCalendar file with an entry for each visit, as it now is. Each entry replaces the one before it: it keeps its id
 * for the life of the appointment, and its sequence is the appointment's revision.
 */
export function calendarFile({ visits, clinic, sender, domain, language, now }: CalendarFile): string {
  const isOver = visits.every(({ status }) => statuses[status] === undefined);
  const calendar = ical({
    prodId: { company: 'Vuoro', product: 'appointments', language: language.toUpperCase() },
    method: isOver ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  });
  for (const { id, status, startsAt, endsAt, revision } of visits) {
    calendar.createEvent({
      id: `${id}@${domain}`,
      sequence: revision,
      stamp: new Date(now),
      start: new Date(startsAt),
      end: new Date(endsAt),
      status: statuses[status] ?? ICalEventStatus.CANCELLED,
      class: ICalEventClass.PRIVATE,
      // No more than that there is an appointment: many people show their calendar to others.
      summary: letters[language].words.calendarEntry,
      location: clinic.address,
      // In a quoted parameter there is no way to write a quotation mark.
      organizer: { name: clinic.name.replaceAll('"', "'"), email: sender },
    });
  }
  return calendar.toString();
}
