import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { channelOf, outcomeKindsOf, outcomeWord, parseOutcome } from './behaviour.ts';
import type { Carrier } from './carrier.ts';
import { mailboxOf } from './mail.ts';
import type { SimMail } from './mail.ts';
import type { SimMessage } from './message.ts';
import { parseDuration, parseInstant } from './time-travel.ts';
import type { Advance } from './time-travel.ts';
import { receiveText } from './twilio/inbound.ts';

const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number like +358401234567');
const replyBody = z.strictObject({ from: phone, to: z.string().min(1), body: z.string().min(1).max(1_600) });
const recipient = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$|^[^\s@]+@[^\s@]+$/, 'must be a number like +358401234567 or a mail address');
const behaviourBody = z
  .strictObject({ to: recipient, outcome: z.string() })
  .transform(({ to, outcome: text }, context) => {
    const channel = channelOf(to);
    const outcome = parseOutcome(text, channel);
    const words = outcomeKindsOf(channel).map((kind) => outcomeWord(kind, channel));
    if (!outcome)
      context.addIssue({ code: 'custom', path: ['outcome'], message: `must be one of: ${words.join(', ')}` });
    return outcome ? { to, outcome } : z.NEVER;
  });
const settingsBody = z.strictObject({
  textsPerSecond: z.int().min(1).max(100_000).nullable().exactOptional(),
  advancedOptOut: z.boolean().exactOptional(),
});
const timeTravelBody = z.strictObject({
  workflowId: z.string().min(1),
  by: z.string().optional(),
  to: z.string().optional(),
});

/** A plus sign that was not encoded arrives as a blank, which neither number nor address has. */
const withPlus = (to: string | undefined) => to?.replaceAll(' ', '+');

/** The simulator's own controls, under `/_sim`: what tests and the demo use to look, answer, misbehave and travel. */
export function controlRoutes(carrier: Carrier, advance: Advance | undefined): Hono {
  const routes = new Hono().basePath('/_sim');
  routes.get('/messages', (c) => {
    const handedOver = carrier.store.texts.all().filter((message) => message.direction === 'outbound-api');
    const to = withPlus(c.req.query('to'));
    return c.json(handedOver.filter((message) => to === undefined || message.to === to).map(handedOverMessage));
  });
  routes.get('/emails', (c) => {
    const to = withPlus(c.req.query('to'));
    const mails = carrier.store.mails.all();
    return c.json(mails.filter((mail) => to === undefined || mailboxOf(mail.to) === mailboxOf(to)).map(handedOverMail));
  });
  routes.delete('/messages', (c) => {
    carrier.store.forget();
    carrier.blocks.forget();
    carrier.behaviours.forget();
    carrier.switches.forget();
    return c.body(null, 204);
  });
  routes.post('/reply', async (c) => {
    const { message, answer } = await receiveText(carrier, await read(c, replyBody));
    if (!answer) return c.json({ id: message.id, error: `Nobody answers at ${carrier.apiUrl}.` }, 502);
    return c.json({ id: message.id, status: answer.status, body: answer.body });
  });
  routes.post('/behaviour', async (c) => {
    const { to, outcome } = await read(c, behaviourBody);
    carrier.behaviours.tell(to, outcome);
    return c.body(null, 204);
  });
  routes.post('/carrier', async (c) => {
    carrier.switches.set(await read(c, settingsBody));
    return c.json(carrier.switches.settings);
  });
  routes.post('/time-travel', (c) => timeTravel(c, advance));
  routes.onError((error, c) => {
    if (!(error instanceof BadRequest)) throw error;
    return c.json({ error: error.message }, 400);
  });
  return routes;
}

class BadRequest extends Error {}

async function read<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const json: unknown = await c.req.json().catch(() => {
    throw new BadRequest('The body must be JSON.');
  });
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BadRequest(`${issue?.path.join('.') || 'body'}: ${issue?.message}`);
}

// gRPC's numbers.
const notFound = 5;
const unavailable = 14;

async function timeTravel(c: Context, advance: Advance | undefined): Promise<Response> {
  const { workflowId, by, to } = await read(c, timeTravelBody);
  if ((by === undefined) === (to === undefined)) throw new BadRequest('Give either "by" or "to".');
  const target = by !== undefined ? { workflowId, by: readBy(by) } : { workflowId, to: readTo(to ?? '') };
  if (!advance) return c.json({ error: 'There is no Temporal development server to travel on.' }, 501);
  try {
    return c.json({ workflowId, now: new Date(await advance(target)).toISOString() });
  } catch (error) {
    const grpc = error instanceof Error && 'code' in error ? error.code : null;
    if (grpc === notFound) return c.json({ error: `There is no workflow ${workflowId}.` }, 404);
    if (grpc === unavailable) return c.json({ error: 'The Temporal server cannot be reached.' }, 503);
    return c.json({ error: error instanceof Error ? error.message : String(error) }, 409);
  }
}

function readBy(text: string): number {
  const by = parseDuration(text);
  if (by === null)
    throw new BadRequest('"by" must be an ISO 8601 duration above zero, in weeks or smaller: P39D, PT36H, P1DT2H30M.');
  return by;
}

function readTo(text: string): number {
  const to = parseInstant(text);
  if (to === null)
    throw new BadRequest('"to" must be an instant with its offset: 2027-01-04T08:00:00Z, 2027-01-04T10:00:00+02:00.');
  return to;
}

function handedOverMessage(message: SimMessage): Record<string, unknown> {
  const { id, to, from, body, segments, status, validityPeriod, createdAt } = message;
  return { id, to, from, body, segments, status, validityPeriod, at: new Date(createdAt).toISOString() };
}

function handedOverMail(mail: SimMail): Record<string, unknown> {
  const { id, to, from, fromName, subject, text, html, attachments, headers, customArgs, status, createdAt } = mail;
  const content = { subject, text, html, attachments, headers, customArgs };
  return { id, to, from, fromName, ...content, status, at: new Date(createdAt).toISOString() };
}
