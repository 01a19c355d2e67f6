import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiEnv } from './deps.ts';

/** Longer than any request may take. */
const PATIENCE = 25_000;

export interface Serving {
  url: string;
  /** Takes no new connection, lets the requests under way finish, and ends. */
  stop: () => Promise<void>;
}

/** Listens; port 0 takes a free one. A taken port is named in the error. */
export async function listen(app: Hono<ApiEnv>, { host, port }: { host: string; port: number }): Promise<Serving> {
  const server = await new Promise<Server>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(starting)) as Server;
    starting.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' ? new Error(`Port ${port} of ${host} is taken; set PORT to another one.`) : error,
      ),
    );
  });
  const { address, port: taken, family } = server.address() as AddressInfo;
  const name = family === 'IPv6' ? `[${address}]` : address;
  return { url: `http://${name}:${taken}`, stop: () => stopGently(server) };
}

async function stopGently(server: Server): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const giveUp = setTimeout(() => server.closeAllConnections(), PATIENCE);
  await ended;
  clearTimeout(giveUp);
}
