import { Hono } from 'hono';
import type { Context } from 'hono';
import { account, apiVersion } from '../account.ts';
import type { Carrier } from '../carrier.ts';
import { untilHungUp } from '../hang-up.ts';
import { followUp } from './callbacks.ts';
import { createMessage } from './create-message.ts';
import { TwilioError, twilioErrors } from './errors.ts';
import { listMessages } from './list-messages.ts';
import { messageResource } from './message-resource.ts';

const credentials = `Basic ${Buffer.from(`${account.sid}:${account.authToken}`).toString('base64')}`;

/** The part of Twilio's REST API that a sender of texts needs. */
export function twilioRoutes(carrier: Carrier): Hono {
  const routes = new Hono().basePath(`/${apiVersion}/Accounts`);
  routes.use('*', async (c, next) => {
    if (c.req.header('authorization') !== credentials) throw twilioErrors.authenticate();
    await next();
  });
  routes.post(`/${account.sid}/Messages.json`, (c) => create(carrier, c));
  routes.get(`/${account.sid}/Messages.json`, (c) =>
    c.json(listMessages(carrier.store.texts.all(), new URL(c.req.url).searchParams)),
  );
  routes.get(`/${account.sid}/Messages/:file{SM[0-9a-f]+\\.json}`, (c) => {
    const message = carrier.store.texts.get(c.req.param('file').slice(0, -'.json'.length));
    if (!message) throw twilioErrors.notFound(c.req.path);
    return c.json(messageResource(message));
  });
  routes.all('*', (c) => {
    throw twilioErrors.notFound(c.req.path);
  });
  routes.onError((error, c) => {
    if (!(error instanceof TwilioError)) throw error;
    return c.json(error.toJSON(), error.status);
  });
  return routes;
}

async function create(carrier: Carrier, c: Context): Promise<Response> {
  const { message, outcome } = createMessage(carrier, new URLSearchParams(await c.req.text()));
  void followUp(carrier, message, outcome);
  if (outcome.kind === 'acceptThenTimeout') await untilHungUp(c, carrier.closing);
  if (outcome.kind === 'acceptThenTimeout' || outcome.kind === 'errorButSent') throw twilioErrors.internal();
  return c.json(messageResource(message), 201);
}
