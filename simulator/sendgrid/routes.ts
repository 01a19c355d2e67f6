import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { mailAccount } from '../account.ts';
import type { Carrier } from '../carrier.ts';
import { untilHungUp } from '../hang-up.ts';
import { SendGridError, sendGridErrors } from './errors.ts';
import { followUp } from './events.ts';
import { readMailRequest } from './mail-request.ts';
import { sendMail } from './send-mail.ts';

const LARGEST = 30 * 1024 * 1024;

/** The part of SendGrid's API that a sender of mails needs. */
export function sendGridRoutes(carrier: Carrier): Hono {
  const routes = new Hono().basePath('/v3');
  routes.use('*', async (c, next) => {
    const authorization = c.req.header('authorization');
    if (!authorization) throw sendGridErrors.noKey();
    if (authorization !== `Bearer ${mailAccount.apiKey}`) throw sendGridErrors.wrongKey();
    await next();
  });
  routes.post('/mail/send', bodyLimit({ maxSize: LARGEST, onError: refuseSize }), (c) => send(carrier, c));
  routes.all('*', () => {
    throw sendGridErrors.notFound();
  });
  routes.onError((error, c) => {
    if (!(error instanceof SendGridError)) throw error;
    return c.json({ errors: error.errors }, error.status, error.headers);
  });
  return routes;
}

function refuseSize(): never {
  throw sendGridErrors.tooLarge();
}

async function send(carrier: Carrier, c: Context): Promise<Response> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) throw sendGridErrors.mediaType();
  const json: unknown = await c.req.json().catch(() => {
    throw sendGridErrors.notJson();
  });
  const request = readMailRequest(json);
  if (request.mail_settings?.['sandbox_mode']?.enable) return c.body(null, 200);
  const { messageId, sent } = sendMail(carrier, request);
  for (const { mail, outcome } of sent) void followUp(carrier, mail, outcome);
  const kinds = sent.map(({ outcome }) => outcome.kind);
  if (kinds.includes('acceptThenTimeout')) await untilHungUp(c, carrier.closing);
  if (kinds.includes('acceptThenTimeout') || kinds.includes('errorButSent')) throw sendGridErrors.internal();
  return c.body(null, 202, { 'x-message-id': messageId });
}
