import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

export const LOCALHOST = '127.0.0.1';

/** A port of a part of the local stack: `setting` is what a person changes to choose another. */
export interface NamedPort {
  part: string;
  port: number;
  setting: string;
}

const handedOut = new Set<number>();

/**
 * `count` ports that are free now and differ from each other and from those handed out before. They lie below what
 * systems give to outgoing connections (32768 and up on Linux, 49152 elsewhere), of which one could otherwise take a
 * port before its server does.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries > 1_000) throw new Error('No free port was found between 20000 and 31999.');
    const port = randomInt(20_000, 32_000);
    if (handedOut.has(port) || !(await isPortFree(port))) continue;
    handedOut.add(port);
    ports.push(port);
  }
  return ports;
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port!;
}

/** Throws one error that names every taken port and the variable that chooses another. */
export async function requireFreePorts(wanted: readonly NamedPort[]): Promise<void> {
  const taken: NamedPort[] = [];
  for (const candidate of wanted) {
    if (!(await isPortFree(candidate.port))) taken.push(candidate);
  }
  if (taken.length > 0) throw new Error(takenPortsMessage(taken));
}

export function takenPortsMessage(taken: readonly NamedPort[]): string {
  const lines = taken.map(
    ({ part, port, setting }) =>
      `Port ${port}, wanted for ${part}, is in use by another program. ` +
      `Stop that program, or choose another port: ${setting}=${port < 50_000 ? port + 10_000 : port - 10_000}`,
  );
  return lines.join('\n');
}

export async function isPortFree(port: number): Promise<boolean> {
  try {
    const listener = await listen(port);
    await listener.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EADDRINUSE') || hasCode(error, 'EACCES')) return false;
    throw error;
  }
}

/** Whether something accepts connections there. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOCALHOST);
    const answer = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

function listen(port: number): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, LOCALHOST, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('The listener has no port.'));
      resolve({ port: address.port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
