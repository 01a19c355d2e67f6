import { EventEmitter, once } from 'node:events';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { ApiEnv } from './deps.ts';
import { listen } from './serve.ts';

it('finishes the requests under way when it is stopped, and takes no others', async () => {
  const signs = new EventEmitter();
  const app = new Hono<ApiEnv>().get('/', async (c) => {
    const release = once(signs, 'release');
    signs.emit('arrived');
    await release;
    return c.text('done');
  });
  const { url, stop } = await listen(app, { host: '127.0.0.1', port: 0 });
  const arrived = once(signs, 'arrived');
  const answer = fetch(url);
  await arrived;
  const stopped = stop();
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  signs.emit('release');
  expect(await (await answer).text()).toBe('done');
  await stopped;
});

it('names the port that is taken', async () => {
  const app = new Hono<ApiEnv>();
  const first = await listen(app, { host: '127.0.0.1', port: 0 });
  const port = Number(new URL(first.url).port);
  await expect(listen(app, { host: '127.0.0.1', port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`);
  await first.stop();
});
