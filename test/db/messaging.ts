import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll } from 'vitest';
import { type MessagingDependencies, handOver } from '../../activities/messaging/hand-over.ts';
import { lookUp } from '../../activities/messaging/look-up.ts';
import type { Moment } from '../../activities/messaging/plan.ts';
import type { Outgoing, SendOutcome, Transport } from '../../activities/messaging/transports/transport.ts';
import { openDatabase } from '../../db/client.ts';
import type { AppointmentStatus } from '../../domain/appointment.ts';
import type { HandOver } from '../../domain/delivery.ts';
import { type AppointmentId, type MessageId, type PatientId, asId } from '../../domain/ids.ts';
import { HOUR, type Instant } from '../../domain/interval.ts';
import type { Channel, MessageKind, PlannedMessage } from '../../domain/plan.ts';
import { type TestClinic, addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

/** A Sunday at noon in Helsinki. */
export const noon = Date.parse('2026-11-22T10:00Z');
export const publicUrl = 'https://vuoro.test';

export interface Visit {
  appointmentId: AppointmentId;
  version: number;
}

interface RecordingTransport<C extends Channel> extends Transport<C> {
  answer: (message: Outgoing<C>) => Promise<SendOutcome>;
  find: Transport<C>['find'];
}

/** A transport in this process: keeps what it was handed and answers as it is told. */
export function recordingTransport<C extends Channel>() {
  const sent: Outgoing<C>[] = [];
  const transport: RecordingTransport<C> = {
    name: 'recording',
    answer: (message) =>
      Promise.resolve({
        outcome: 'accepted',
        providerMessageId: `SM-${message.messageId}-${message.attempt}`,
        status: 'queued',
      }),
    send: (message) => {
      sent.push(message);
      return transport.answer(message);
    },
    find: () => Promise.resolve(null),
  };
  return { sent, transport };
}

/** A database with the product's login on it, and the owner's for looking behind the scenes. */
export async function messagingDatabase() {
  const { adminUrl, appUrl } = await testDatabase();
  const db = openDatabase(appUrl);
  const sql = postgres(adminUrl, { max: 2, onnotice: () => {} });
  afterAll(async () => {
    await db.close();
    await sql.end();
  });

  async function addVisit(clinic: TestClinic, wish: Partial<NewVisit> = {}): Promise<Visit> {
    const { status, startsAt, confirmBy, version, patientId } = { ...newVisit(clinic), ...wish };
    const appointmentId = asId<AppointmentId>(randomUUID());
    const [start, end, due] = [startsAt, startsAt + HOUR / 2, confirmBy].map((at) => at && new Date(at));
    await sql`
      insert into appointments (clinic_id, id, status, patient_id, provider_id, visit_type_id, starts_at, ends_at, confirm_by,
        version, revision, plan, settled_at, created_at, updated_at)
      values (${clinic.clinicId}, ${appointmentId}, ${status}, ${patientId}, ${clinic.providerId}, ${clinic.visitTypeId},
        ${start!}, ${end!}, ${due ?? null}, ${version}, 1, '[]', now(), now(), now())`;
    return { appointmentId, version };
  }

  /** A clinic, its transports and the way to hand something over. */
  async function rig(options: Parameters<typeof addClinic>[1] = {}) {
    const clinic = await addClinic(adminUrl, options);
    const { sent, transport } = recordingTransport<'sms'>();
    const mail = recordingTransport<'email'>();
    const deps: MessagingDependencies = { db, transports: { sms: transport, email: mail.transport }, publicUrl };
    const run = (visit: Visit, step: PlannedMessage, moment: Partial<Moment> = {}) =>
      handOver(deps, handOverOf(clinic, visit, step), { now: noon, by: 'planner', ...moment });
    const find = async (messageId: MessageId) =>
      (await lookUp(deps, { clinicId: clinic.clinicId, messageId }, noon)).found;
    return {
      clinic,
      sent,
      transport,
      mail,
      deps,
      run,
      lookUp: find,
      addVisit: (wish?: Partial<NewVisit>) => addVisit(clinic, wish),
    };
  }

  return { db, sql, rig, adminUrl, appUrl };
}

/** As if the text of everything that this clinic has asked had left when it was written. */
export const asIfSaid = (sql: postgres.Sql, { clinicId }: Pick<TestClinic, 'clinicId'>) =>
  sql`update questions set known_since = asked_at where clinic_id = ${clinicId} and known_since is null`;

interface NewVisit {
  status: AppointmentStatus;
  startsAt: Instant;
  confirmBy: Instant | null;
  version: number;
  patientId: PatientId;
}

function newVisit(clinic: TestClinic): NewVisit {
  return { status: 'booked', startsAt: noon + 48 * HOUR, confirmBy: null, version: 1, patientId: clinic.patientId };
}

function handOverOf(clinic: TestClinic, { appointmentId, version }: Visit, step: PlannedMessage): HandOver {
  return { clinicId: clinic.clinicId, appointmentId, version, step };
}

export function step(kind: MessageKind, patch: Partial<PlannedMessage> = {}): PlannedMessage {
  const key = kind === 'reminder' ? 'reminder:sms-2d:v1' : `${kind}:v1`;
  return {
    at: noon,
    key,
    kind,
    usefulUntil: noon + 24 * HOUR,
    channels: ['sms', 'email'],
    local: 'Sun 22 Nov 2026 12:00',
    ...patch,
  };
}
