import { expect, it } from 'vitest';
import { createLog } from '../../config/log.ts';
import type { Database } from '../../db/client.ts';
import { asId } from '../../domain/ids.ts';
import { answerError } from '../faults.ts';
import { MOST_REFUSED } from '../import-patients.ts';
import { routes } from '../openapi.ts';
import { importRoutes } from './imports.ts';

const header = 'Vorname;Nachname;Handy\n';

/** The route alone, for files with nobody in them: of at most 10,000 bytes, or as many as are said. */
function sent(pieces: () => AsyncGenerator<string>, headers: Record<string, string> = {}, most = 10_000) {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const app = routes();
  app.onError(answerError({ log }));
  app.use((c, next) => {
    c.set('caller', {
      clinicId: asId('c'),
      scopes: ['staff'],
      country: 'DE',
      timeZone: 'Europe/Berlin',
      languages: [],
      phone: '',
    });
    return next();
  });
  app.route('/', importRoutes({ db: {} as Database, now: () => 0, log }, most));
  const body = ReadableStream.from(pieces()).pipeThrough(new TextEncoderStream());
  const init = { method: 'POST', headers: { 'content-type': 'text/csv', ...headers }, body, duplex: 'half' };
  return { lines, answer: app.request('/imports/patients', init as RequestInit) };
}

it('refuses a file that grows too large, though it has not said its size', async () => {
  let given = 0;
  const { answer, lines } = sent(async function* () {
    yield header;
    for (; given < 1_000_000; given += 1_000) yield `${';'.repeat(999)}\n`;
  });
  expect((await answer).status).toBe(413);
  expect(given).toBeLessThan(100_000);
  expect(lines).toEqual([]);
});

it('lists so many refused rows, and reads no further than the one that is too many', async () => {
  let given = 0;
  const refused = (rows: number) =>
    sent(
      async function* () {
        yield header;
        for (given = 0; given < rows; given += 100) yield 'A;B;1\n'.repeat(100);
      },
      {},
      Infinity,
    ).answer;
  const listed = await (await refused(MOST_REFUSED)).json();
  expect(listed).toMatchObject({ rows: MOST_REFUSED, refused: { length: MOST_REFUSED } });
  const answer = await refused(MOST_REFUSED * 10);
  expect(answer.status).toBe(422);
  const { code, detail, errors } = (await answer.json()) as { code: string; detail: string; errors: object[] };
  expect([code, detail]).toEqual(['VALIDATION_FAILED', expect.stringContaining(`More than ${MOST_REFUSED} rows`)]);
  expect(errors[0]).toEqual({ pointer: '', detail: 'row 2: mobile is not a valid phone number' });
  expect(given).toBeLessThan(MOST_REFUSED * 2);
});

it('refuses at once a file that says it is too large', async () => {
  const { answer } = sent(
    async function* () {
      yield header;
    },
    { 'content-length': '10001' },
  );
  expect((await answer).status).toBe(413);
});

it('takes a broken connection for no fault of its own', async () => {
  const { answer, lines } = sent(async function* () {
    yield header;
    throw new Error('Client connection prematurely closed.');
  });
  expect((await answer).status).toBe(400);
  expect(lines).toEqual([]);
});

it('passes over so many columns as a header of the answer can name', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `Spalte ${n} ${'ä'.repeat(200)}`);
  const { answer } = sent(async function* () {
    yield `${header.trim()};${names.join(';')}\n`;
  });
  const { status, headers } = await answer;
  expect(status).toBe(200);
  expect(headers.get('vuoro-unused-columns')).toMatch(/^Spalte%200%20(%C3%A4){91}, Spalte.*, \.\.\.$/);
  expect(headers.get('vuoro-unused-columns')!.length).toBeLessThan(2_100);
});

it('tells how far it is while the file is still arriving, if asked to', async () => {
  let isWhole = false;
  let goOn = () => {};
  const { answer } = sent(
    async function* () {
      yield header + 'A;B;1\n'.repeat(1_100);
      await new Promise<void>((resolve) => (goOn = resolve));
      isWhole = true;
      yield 'A;B;1\n';
    },
    { accept: 'application/x-ndjson' },
  );
  const { status, headers, body } = await answer;
  expect([status, headers.get('content-type'), isWhole]).toEqual([200, 'application/x-ndjson', false]);
  const lines: object[] = [];
  for await (const text of body!.pipeThrough(new TextDecoderStream())) {
    lines.push(
      ...text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    );
    if (lines.length === 2) goOn();
  }
  expect(lines.map((line) => Object.keys(line))).toEqual([['progress'], ['progress'], ['report']]);
  expect(lines[1]).toEqual({ progress: { rows: 1_000, bytes: 6_623 } });
  expect(lines[2]).toMatchObject({ report: { rows: 1_101 } });
});

it('ends the telling with the problem, if there is one', async () => {
  const { answer, lines: log } = sent(
    async function* () {
      yield `${header}${'A;B;1\n'.repeat(600)}"A;`;
    },
    { accept: 'application/x-ndjson' },
  );
  const lines = (await (await answer).text()).trim().split('\n');
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ problem: { code: 'MALFORMED_REQUEST', status: 400 } });
  expect(log).toEqual([]);
});

it('answers with the status of a problem that comes first, whatever is asked for', async () => {
  const { answer } = sent(
    async function* () {
      yield 'A;B;C\n';
    },
    { accept: 'application/x-ndjson' },
  );
  expect((await answer).status).toBe(422);
});
