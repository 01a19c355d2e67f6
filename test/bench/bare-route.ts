import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import pg from 'pg';
import { type TwilioEnv, verifySignature } from '../../api/webhooks/twilio-signature.ts';

/** The least that a webhook can do: the same check of the signature, and one insert. A process of its own, as the API is. */
const [databaseUrl = '', port = '', authToken = ''] = process.argv.slice(2);

const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
await pool.query('create table if not exists bare_texts (id text primary key, body text not null)');

const app = new Hono<TwilioEnv>();
app.get('/', (c) => c.body(null, 200));
app.post(
  '/messages',
  verifySignature({ publicUrl: `http://127.0.0.1:${port}`, authTokens: [authToken] }),
  async (c) => {
    const field = (name: string) => c.get('form').get(name) ?? '';
    const row = [field('MessageSid'), field('Body')];
    await pool.query('insert into bare_texts (id, body) values ($1, $2) on conflict do nothing', row);
    return c.body(null, 204);
  },
);
app.onError((_, c) => c.body(null, 403));

const listener = getRequestListener(app.fetch);
createServer((request, response) => void listener(request, response)).listen(Number(port), '127.0.0.1');
