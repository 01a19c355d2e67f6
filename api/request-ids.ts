import { createHash } from 'node:crypto';
import {
  type AppointmentId,
  type ClinicId,
  type FreeTextId,
  type OpeningId,
  type ProposalId,
  type RequestId,
  asId,
  uuidOf,
} from '../domain/ids.ts';

/** The ids of one attempt under an Idempotency-Key: the same key leads to the same ids, whoever computes them. */
export interface AttemptIds {
  requestId: RequestId;
  appointmentId: AppointmentId;
  openingId: OpeningId;
  proposalId: ProposalId;
  freeTextId: FreeTextId;
}

export function idsOfAttempt(clinicId: ClinicId, key: string, attempt: number): AttemptIds {
  const name = JSON.stringify([clinicId, key, attempt]);
  return {
    requestId: asId<RequestId>(uuidFrom(`request ${name}`)),
    appointmentId: asId<AppointmentId>(uuidFrom(`appointment ${name}`)),
    openingId: asId<OpeningId>(uuidFrom(`opening ${name}`)),
    proposalId: asId<ProposalId>(uuidFrom(`proposal ${name}`)),
    freeTextId: asId<FreeTextId>(uuidFrom(`text ${name}`)),
  };
}

/** SHA-256 of method, path and body; the order of a body's fields does not matter. */
export function fingerprintOf(method: string, path: string, body: unknown): string {
  return createHash('sha256')
    .update(`${method} ${path}\n${canonicalJson(body)}`)
    .digest('hex');
}

function uuidFrom(name: string): string {
  return uuidOf(createHash('sha256').update(name).digest());
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
