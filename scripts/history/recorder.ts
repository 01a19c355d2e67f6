import { randomUUID } from 'node:crypto';
import type { ClinicSetUp } from '../../db/commands/clinics/set-up.ts';
import type { TemporalSettings } from '../../config/temporal.ts';
import type { ClinicId } from '../../domain/ids.ts';
import { ELAPSED_DAY, HOUR, type Instant } from '../../domain/interval.ts';
import type { Appointment, ClinicClient } from '../demo/clinic-client.ts';
import { kallio } from '../seed/kallio.ts';

/** What lives are lived with: on a stack of their own, one after another. */
export interface Recorder {
  clinic: ClinicClient;
  temporal: TemporalSettings;
  /** Moves a workflow's own clock. */
  travel: (workflowId: string, to: Instant) => Promise<unknown>;
  workflowsOf: (type: string) => Promise<string[]>;
  /** Tells an appointment that the clinic's rules are others now. */
  tellOfRules: (workflowId: string) => Promise<void>;
  /** Gives the clinic its own policy without quiet hours, and with these changes, of which no workflow is told. */
  changePolicy: (changes?: ClinicSetUp['clinic']['policy']) => Promise<void>;
  /** Lets the notice limit of what the clinic offers be past, as where nobody worked when it passed. */
  passNoticeLimit: (clinicId: ClinicId) => Promise<void>;
  /** Changes the clinic's rules, as it were, and answers with the workflow that tells of it. */
  changeRules: (clinicId: ClinicId) => Promise<string>;
}

export const HOLDER = 'web session 1';

export async function hold({ clinic }: Recorder, days: number): Promise<Appointment> {
  const { visitTypeId, providerId } = visit();
  const body = { mode: 'hold', actor: 'staff', holder: HOLDER, visitTypeId, providerId, startsAt: instant(days) };
  return clinic.post<Appointment>('/v1/appointments', body, 201, randomUUID());
}

export async function reserve({ clinic }: Recorder, mode: string, days: number, hour = 0): Promise<Appointment> {
  const body = { mode, actor: 'staff', ...visit(), startsAt: instant(days, hour) };
  return clinic.post<Appointment>('/v1/appointments', body, 201, randomUUID());
}

export async function act({ clinic }: Recorder, { id }: Appointment, action: string, body: unknown): Promise<void> {
  await clinic.post(`/v1/appointments/${id}/${action}`, body, 200);
}

export async function toTheEnd({ travel }: Recorder, { workflowId }: Appointment): Promise<string> {
  await travel(workflowId, Date.now() + 90 * ELAPSED_DAY);
  return workflowId;
}

export function instant(days: number, hour = 0): string {
  return new Date(daysAhead(days, hour)).toISOString();
}

/** The first time from then on that a patient may move to, at another provider. */
export async function freeFrom({ clinic }: Recorder, { id }: Appointment, days: number) {
  const query = new URLSearchParams({ from: instant(days), providerId: kallio.providers[1]!.id, limit: '1' });
  const { slots } = await clinic.get<{ slots: Slot[] }>(`/v1/appointments/${id}/alternatives?${query.toString()}`);
  const { startsAt, providerId } = slots[0]!;
  return { startsAt, providerId };
}

interface Slot {
  startsAt: string;
  providerId: string;
}

export function visit() {
  const [patient, visitType, provider] = [kallio.patients[0]!, kallio.visitTypes[0]!, kallio.providers[0]!];
  return { patientId: patient.id, visitTypeId: visitType.id, providerId: provider.id };
}

/** Ten o'clock, universal time, so many days from now. */
export function daysAhead(days: number, hours = 0): Instant {
  return Math.floor(Date.now() / ELAPSED_DAY) * ELAPSED_DAY + days * ELAPSED_DAY + (10 + hours) * HOUR;
}

export async function postTo(url: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}
