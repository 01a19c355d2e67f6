import postgres from 'postgres';
import { afterAll, beforeEach, expect } from 'vitest';
import type { Transports } from '../../activities/messaging/transports/transport.ts';
import { twilioTransport } from '../../activities/messaging/transports/twilio.ts';
import { type MessageId, deliveryWorkflowId } from '../../domain/ids.ts';
import { MINUTE } from '../../domain/interval.ts';
import { account } from '../../simulator/account.ts';
import { daysAhead, outcomeOf, reserve } from '../support/bookings.ts';
import { type Wrap, eventually, startProduct } from '../support/product.ts';
import type { TestWorker } from '../support/temporal.ts';

/** Where nobody listens. */
export const nowhere = 'http://127.0.0.1:1';

interface Stored {
  id: MessageId;
  status: string;
  notification: string;
  reason: string | null;
  attempts: string[];
}

/** The whole product with a look at its messages. Call it at the top of the file; each test begins a worker of its own. */
export async function startMessages() {
  // No quiet hours, so that the tests read the same at any hour.
  const product = await startProduct({ clinic: { policy: { quietHours: null } } });
  const { temporal, clinic, simulatorUrl, apiUrl } = product;
  const sql = postgres(product.adminUrl, { max: 1, onnotice: () => {} });
  afterAll(() => sql.end());

  let days = 10;
  let worker: TestWorker | undefined;
  beforeEach(async () => {
    await fetch(`${simulatorUrl}/_sim/messages`, { method: 'DELETE' });
    days += 1;
    return () => worker?.stop();
  });

  /** Impatient with the provider; `publicUrl` is where it is told to send its receipts. */
  function transports(publicUrl = apiUrl, baseUrl = simulatorUrl): Transports {
    const { sid: accountSid, authToken } = account;
    return { sms: twilioTransport({ accountSid, authToken, baseUrl, publicUrl, timeoutMs: 1_000 }) };
  }

  async function begin(wrap: Wrap = {}) {
    worker = await product.startWorker({ transports: () => transports(), ...wrap });
  }

  async function behave(outcome: string, to = clinic.mobile) {
    const body = JSON.stringify({ to, outcome });
    await fetch(`${simulatorUrl}/_sim/behaviour`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
  }

  /** On a day of the test's own. */
  async function book(): Promise<{ id: string; workflowId: string }> {
    const { status, body } = await reserve(product, daysAhead(days));
    expect(status).toBe(201);
    return body as { id: string; workflowId: string };
  }

  async function messageOf(appointmentId: string, kind = 'booked'): Promise<Stored | undefined> {
    const [row] = await sql<Stored[]>`
    select m.id, m.status, n.status as notification, n.status_reason as reason,
      (select array_agg(coalesce(a.outcome, 'open') order by a.number) from message_attempts a where a.message_id = m.id) as attempts
    from messages m join notifications n on n.id = m.notification_id
      join notification_subjects s on s.notification_id = n.id
    where s.appointment_id = ${appointmentId} and n.kind = ${kind}`;
    return row;
  }

  async function untilMessage(appointmentId: string, wanted: Partial<Stored>, kind = 'booked'): Promise<Stored> {
    return eventually(`the message being ${JSON.stringify(wanted)}`, async () => {
      const message = await messageOf(appointmentId, kind);
      const isSo =
        message &&
        Object.entries(wanted).every(([key, value]) => String(message[key as keyof Stored]) === String(value));
      return isSo && message;
    });
  }

  async function tasksOf(appointmentId: string): Promise<string[]> {
    const rows = await sql<
      { kind: string }[]
    >`select kind from tasks where appointment_id = ${appointmentId} and status = 'open'`;
    return rows.map(({ kind }) => kind);
  }

  function deliveryOf({ id }: Pick<Stored, 'id'>): string {
    return deliveryWorkflowId(clinic.clinicId, id);
  }

  async function untilStarted(workflowId: string): Promise<void> {
    const handle = temporal.client.workflow.getHandle(workflowId);
    await eventually(`the start of ${workflowId}`, () =>
      handle.describe().then(
        () => true,
        () => false,
      ),
    );
  }

  /** Lets the delivery workflow live so long and tells what it came to. */
  async function deliver(message: Stored, by = 4 * MINUTE): Promise<unknown> {
    const workflowId = deliveryOf(message);
    await untilStarted(workflowId);
    await temporal.advance(workflowId, { by });
    return outcomeOf(product, workflowId);
  }

  const sent = () => product.phone(clinic.mobile);

  /** A text from a patient, as staff find it. */
  async function text(body: string) {
    const reply = JSON.stringify({ from: clinic.otherMobile, to: clinic.sender, body });
    const answer = await fetch(`${simulatorUrl}/_sim/reply`, {
      method: 'POST',
      body: reply,
      headers: { 'content-type': 'application/json' },
    });
    expect(await answer.json()).toMatchObject({ status: 204 });
    return eventually('the text being handled', async () => {
      const [row] = await sql<{ understood_as: string; body: string; task: string | null }[]>`
      select i.understood_as, i.body, t.kind as task from inbound_messages i
        left join tasks t on t.detail->>'inboundMessageId' = i.id::text
      where i.clinic_id = ${clinic.clinicId} and i.handled_at is not null order by i.received_at desc limit 1`;
      return row?.body === body && row;
    });
  }

  const dayOfVisit = () => Date.parse(daysAhead(days));
  return {
    product,
    sql,
    transports,
    begin,
    behave,
    book,
    messageOf,
    untilMessage,
    tasksOf,
    deliver,
    untilStarted,
    deliveryOf,
    sent,
    text,
    dayOfVisit,
  };
}
