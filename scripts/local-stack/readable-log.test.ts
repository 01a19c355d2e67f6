import { expect, it } from 'vitest';
import { paintFor, readableLine } from './readable-log.ts';

const plain = paintFor(false);

it('shows a log line as a sentence with its ids behind it', () => {
  const time = '2026-11-22T10:00:00.000Z';
  const line = JSON.stringify({ level: 30, time, requestId: 'r1', status: 200, msg: 'request' });
  const shown = new Date(time).toTimeString().slice(0, 8);
  expect(readableLine('API', line, plain)).toBe(`API         ${shown}  request  requestId=r1 status=200`);
});

it.each(['a plain sentence', '{ not JSON', '{"level":30,"msg":"no time"}', 'null'])('leaves alone: %s', (line) => {
  expect(readableLine('PostgreSQL', line, plain)).toBe(`PostgreSQL  ${line}`);
});

it('marks warnings and errors by colour', () => {
  const line = JSON.stringify({ level: 50, time: '2026-11-22T10:00:00.000Z', msg: 'it broke' });
  expect(readableLine('worker', line, paintFor(true))).toContain('\u001B[31mit broke\u001B[39m');
});
