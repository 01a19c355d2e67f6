import type { Actor, ReservationMode } from '../../../domain/appointment.ts';
import type { PatientId, ProviderId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';

/** A reservation in the model's words. */
export interface WantedReservation {
  mode: ReservationMode;
  actor: Actor;
  patientId: PatientId | null;
  providerId: ProviderId;
  startsAt: Instant;
  confirmBy: Instant | null;
  notify: boolean;
  allowPatientOverlap: boolean;
}

interface By {
  actor: Actor;
  hasReason: boolean;
}

/** What is wanted of an appointment, in the model's words. */
export type Wanted = By &
  (
    | { action: 'confirm'; patientId: PatientId | null }
    | { action: 'cancel'; notify: boolean }
    | {
        action: 'move';
        startsAt: Instant;
        /** Null: where it is then. */
        providerId: ProviderId | null;
        notify: boolean;
        remind: boolean;
        allowPatientOverlap: boolean;
      }
    | { action: 'extend'; confirmBy: Instant }
    | { action: 'release'; isHolder: boolean }
    | { action: 'complete' | 'noShow' }
  );
