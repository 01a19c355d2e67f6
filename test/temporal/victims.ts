import { createHash, randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll } from 'vitest';
import { idsOfAttempt } from '../../api/request-ids.ts';
import { type MessageId, appointmentWorkflowId, deliveryWorkflowId } from '../../domain/ids.ts';
import { MINUTE } from '../../domain/interval.ts';
import { daysAhead } from '../support/bookings.ts';
import { type CrowdMember, addCrowd } from '../support/crowd.ts';
import { type Answer, eventually, startProduct } from '../support/product.ts';

/** A patient whose one appointment somebody dies over. */
export interface Victim extends CrowdMember {
  id: string;
  workflowId: string;
  /** Under which it is booked. */
  key: string;
  startsAt: string;
}

/** One POST with its Idempotency-Key: sent again, it is the same. */
export interface Ask {
  path: string;
  body: Record<string, unknown>;
  idempotencyKey: string;
}

/** What became of an appointment: its tables, the patient's phone, what staff were asked to do. */
interface State {
  status: string;
  changes: string[];
  /** Its own time and nothing else; a time that is not its own is `wrongly`. */
  isOccupied: boolean | 'wrongly';
  /** The patient has no other one. */
  isOnlyOne: boolean;
  texts: string[];
  tasks: string[];
}

/** The whole product, with victims and a look at what became of them. Call it at the top of the file. */
export async function startAmongVictims() {
  // No quiet hours, so that the tests read the same at any hour.
  const product = await startProduct({ clinic: { policy: { quietHours: null } } });
  const { call, clinic, temporal } = product;
  const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
  afterAll(() => sql.end());

  let visits = 0;
  /** Patients with a time each, on which nobody else's lies. */
  async function newVictims(count: number): Promise<Victim[]> {
    const crowd = await addCrowd(sql, clinic, count);
    return crowd.map((member) => {
      const key = randomUUID();
      const { appointmentId: id } = idsOfAttempt(clinic.clinicId, key, 1);
      visits += 1;
      const startsAt = new Date(Date.parse(daysAhead(10)) + visits * 30 * MINUTE).toISOString();
      return { ...member, key, id, startsAt, workflowId: appointmentWorkflowId(clinic.clinicId, id) };
    });
  }

  const asks = {
    booking: ({ patientId, startsAt, key }: Victim, wish: Record<string, unknown> = {}): Ask => {
      const { visitTypeId, providerId } = clinic;
      const body = { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, startsAt, ...wish };
      return { path: '/v1/appointments', body, idempotencyKey: key };
    },
    confirmation: ({ id, key }: Victim): Ask => {
      return { path: `/v1/appointments/${id}/confirm`, body: { actor: 'patient' }, idempotencyKey: `confirm-${key}` };
    },
    /** To where nobody else's time lies. By staff, since the victims' half hours go through the night. */
    move: ({ id, key, startsAt }: Victim): Ask => {
      const to = new Date(Date.parse(startsAt) + 40 * 24 * 60 * MINUTE).toISOString();
      // Only the times of some lie in opening hours: offering those is for a test of its own.
      const body = { actor: 'staff', startsAt: to, offer: false };
      return { path: `/v1/appointments/${id}/move`, body, idempotencyKey: `move-${key}` };
    },
    release: ({ id, key }: Victim): Ask => {
      return { path: `/v1/appointments/${id}/release`, body: { holder: key }, idempotencyKey: `release-${key}` };
    },
    cancellation: ({ id, key }: Victim): Ask => {
      const body = { actor: 'staff', reason: 'ill', offer: false };
      return { path: `/v1/appointments/${id}/cancel`, body, idempotencyKey: `cancel-${key}` };
    },
  };

  const send = (ask: Ask): Promise<Answer> => call('POST', ask.path, ask);

  function book(victim: Victim, wish: Record<string, unknown> = {}): Promise<Answer> {
    return send(asks.booking(victim, wish));
  }

  /** A day to answer leaves no time for nudges. */
  function preReserve(victim: Victim): Promise<Answer> {
    const confirmBy = new Date(Date.now() + 24 * 60 * MINUTE).toISOString();
    return book(victim, { mode: 'preReserve', notify: false, confirmBy });
  }

  /** Until nothing is under way for any of them. One after the other: all of them go on meanwhile. */
  async function untilAtRest(victims: readonly Victim[]): Promise<void> {
    for (const { workflowId } of victims) await eventually('rest', () => isAtRest(workflowId), 45_000);
  }

  async function isAtRest(workflowId: string): Promise<boolean> {
    const { raw } = await temporal.client.workflow.getHandle(workflowId).describe();
    return (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask;
  }

  /** Until nobody has anything left to do, and everything uncertain has been found out. */
  async function untilQuiet(victims: readonly Victim[]): Promise<void> {
    await untilAtRest(victims);
    for (const workflowId of await deliveriesOf(victims)) {
      await temporal.advance(workflowId, { by: 30 * MINUTE });
      await temporal.client.workflow.getHandle(workflowId).result();
    }
  }

  /** The workflows that find out about an uncertain message to one of them. */
  async function deliveriesOf(victims: readonly Victim[]): Promise<string[]> {
    const messages = await sql<{ id: MessageId }[]>`
      select id from messages where patient_id in ${sql(victims.map(({ patientId }) => patientId))}`;
    const ids = messages.map(({ id }) => deliveryWorkflowId(clinic.clinicId, id));
    const exist = await Promise.all(ids.map(exists));
    return ids.filter((_, index) => exist[index]);
  }

  function exists(workflowId: string): Promise<boolean> {
    const described = temporal.client.workflow.getHandle(workflowId).describe();
    return described.then(
      () => true,
      () => false,
    );
  }

  async function stateOf(victim: Victim): Promise<State> {
    const [row] = await sql<Pick<State, 'status' | 'changes' | 'isOccupied' | 'isOnlyOne' | 'tasks'>[]>`
      select status,
        (select array_agg(action order by id) from audit_entries where appointment_id = a.id) as changes,
        (select case when array_agg(lower(during)) is null then 'false'::jsonb
            when array_agg(lower(during)) = array[a.starts_at] then 'true' else '"wrongly"' end
          from occupancies where owner_id = a.id) as "isOccupied",
        not exists (select from appointments b where b.patient_id = a.patient_id and b.id <> a.id) as "isOnlyOne",
        array(select kind from tasks where appointment_id = a.id) as tasks
      from appointments a where id = ${victim.id}`;
    return { ...row!, texts: await textsOf(victim) };
  }

  /** The kinds of the texts on the phone, each known by the digest of the whole text. */
  async function textsOf({ mobile }: Victim): Promise<string[]> {
    const texts = await product.phone(mobile);
    const rows = await sql<{ kind: string; digest: string }[]>`
      select n.kind, encode(a.body_digest, 'hex') as digest from message_attempts a
        join messages m on m.id = a.message_id join notifications n on n.id = m.notification_id
      where m.recipient = ${mobile}`;
    const kinds = new Map(rows.map(({ kind, digest }) => [digest, kind]));
    return texts.map(({ body }) => kinds.get(createHash('sha256').update(body).digest('hex')) ?? 'never recorded');
  }

  return { product, sql, newVictims, asks, send, book, preReserve, deliveriesOf, untilAtRest, untilQuiet, stateOf };
}

/** As callers are told to do it. */
export async function persist(request: () => Promise<Answer>): Promise<Answer> {
  const answer = await request();
  return answer.status === 503 ? persist(request) : answer;
}
