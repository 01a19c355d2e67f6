import { randomUUID } from 'node:crypto';
import { type Answer, type Product, eventually } from './product.ts';

const HOUR = 3_600_000;

/** Whatever answers for a clinic: the product in this process, or a stack of its own. */
type Desk = Pick<Product, 'clinic' | 'call'>;

/** An instant so many days ahead, on the hour, at a local hour at which the test clinic is open. */
export function daysAhead(days: number, extraHours = 0): string {
  const noon = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR + 10 * HOUR;
  return new Date(noon + days * 24 * HOUR + extraHours * HOUR).toISOString();
}

/** Reserves a time over HTTP as staff; the answer is the API's. */
export async function reserve(
  product: Desk,
  startsAt: string,
  body: Record<string, unknown> = {},
  key: string = randomUUID(),
): Promise<Answer> {
  const { patientId, visitTypeId, providerId } = product.clinic;
  const request = { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, startsAt, ...body };
  return product.call('POST', '/v1/appointments', { body: request, idempotencyKey: key });
}

/** The dedupe-free story of an appointment: what happened, in order, messages by kind. */
export async function story(product: Desk, id: string): Promise<string[]> {
  const { body } = await product.call('GET', `/v1/appointments/${id}/timeline`);
  const past = body.past as { what: string; kind?: string; status?: string }[];
  return past.map(({ what, kind }) => (what === 'message' ? `message:${kind}` : what));
}

/** Waits until the appointment has this status in the tables. */
export async function untilStatus(product: Desk, id: string, status: string): Promise<void> {
  await eventually(`status ${status}`, async () => {
    const { body } = await product.call('GET', `/v1/appointments/${id}`);
    return body.status === status;
  });
}

/** What a workflow came to; waits for its end. */
export function outcomeOf(product: Product, workflowId: string): Promise<unknown> {
  return product.temporal.client.workflow.getHandle(workflowId).result();
}
