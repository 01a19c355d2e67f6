import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createSimulator } from './app.ts';
import type { SimulatorDeps } from './app.ts';

export interface RunningSimulator {
  url: string;
  close(): Promise<void>;
}

/** Listens on the loopback address; port 0 takes a free one. Rejects when the port is taken. */
export async function startSimulator(deps: SimulatorDeps & { port: number }): Promise<RunningSimulator> {
  const simulator = createSimulator(deps);
  const listener = getRequestListener(simulator.fetch);
  const server = createServer((request, response) => void listener(request, response));
  server.listen(deps.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  async function close(): Promise<void> {
    simulator.close();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
  return { url: `http://127.0.0.1:${port}`, close };
}
