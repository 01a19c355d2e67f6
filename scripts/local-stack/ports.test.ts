import { createServer, type AddressInfo, type Server } from 'node:net';
import { expect, it } from 'vitest';
import { freePorts, isListening, isPortFree, requireFreePorts, takenPortsMessage } from './ports.ts';

it('hands out ports that differ and are free', async () => {
  const ports = await freePorts(5);
  expect(new Set(ports).size).toBe(5);
  expect(await Promise.all(ports.map(isPortFree))).toEqual([true, true, true, true, true]);
});

it('names every taken port, what it was for and how to choose another', async () => {
  const { server, port } = await occupied();
  const [free] = await freePorts(1);
  const wanted = [
    { part: 'the API', port, setting: 'API_PORT' },
    { part: 'the simulator', port: free!, setting: 'SIMULATOR_PORT' },
  ];
  await expect(requireFreePorts(wanted)).rejects.toThrow(
    new RegExp(`^Port ${port}, wanted for the API.*API_PORT=\\d+$`),
  );
  await close(server);
  await expect(requireFreePorts(wanted)).resolves.toBeUndefined();
});

it('proposes a port that exists', () => {
  const message = (port: number) => takenPortsMessage([{ part: 'PostgreSQL', port, setting: 'POSTGRES_PORT' }]);
  expect(message(5433)).toContain('POSTGRES_PORT=15433');
  expect(message(60_000)).toContain('POSTGRES_PORT=50000');
});

it('knows whether something listens', async () => {
  const { server, port } = await occupied();
  expect(await isListening(port)).toBe(true);
  await close(server);
  expect(await isListening(port)).toBe(false);
});

async function occupied(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
