import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { runAdmin } from '../../scripts/admin/run.ts';
import { APP_LOGIN, createDatabase, databaseUrl, dropDatabase, OWNER } from '../../scripts/local-stack/postgres.ts';
import { testApi } from '../support/api.ts';
import '../support/provided.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const example = 'docs/clinic.example.yaml';
const { port } = inject('postgres');
const name = `test_${randomUUID().replaceAll('-', '')}`;
const server = databaseUrl(port, OWNER, 'postgres');
await createDatabase(server, name);
const ownerUrl = databaseUrl(port, OWNER, name);
const ours = { MIGRATION_DATABASE_URL: ownerUrl };
const api = testApi(databaseUrl(port, APP_LOGIN, name));
const folder = mkdtempSync(join(tmpdir(), 'vuoro-admin-'));
afterAll(async () => {
  await dropDatabase(server, name);
  rmSync(folder, { recursive: true });
});

interface Outcome {
  isDone: boolean;
  said: string;
  complained: string;
}

/** What a person types after `npm run admin --`, and what the terminal shows then. */
async function admin(line: string | string[], env: Record<string, string> = ours): Promise<Outcome> {
  const words = typeof line === 'string' ? line.split(' ').filter(Boolean) : line;
  const shown = { log: '', error: '' };
  const real = { log: console.log, error: console.error, env: process.env };
  process.env = { ...env };
  console.log = (text: string) => void (shown.log += `${text}\n`);
  console.error = (text: string) => void (shown.error += `${text}\n`);
  try {
    const isDone = await runAdmin(words);
    return { isDone, said: shown.log, complained: shown.error };
  } finally {
    process.env = real.env;
    console.log = real.log;
    console.error = real.error;
  }
}

/** The example with one thing changed, as a file. */
function editedExample(from: string, to: string): string {
  const text = readFileSync(join(root, example), 'utf8');
  expect(text).toContain(from);
  const path = join(folder, 'clinic.yaml');
  writeFileSync(path, text.replace(from, to));
  return path;
}

const availability = async (key: string) => {
  const types = await api.call(key, 'GET', '/v1/visit-types');
  if (types.status !== 200) return types;
  return api.call(key, 'GET', `/v1/availability?visitTypeId=${types.body.items[0].id}&limit=1`);
};

it('leads from an empty database to a clinic with free times and keys', async () => {
  expect(await admin(`apply ${example} --yes`)).toMatchObject({
    isDone: false,
    complained: expect.stringContaining('-- migrate'),
  });
  expect(await admin('migrate')).toEqual({
    isDone: true,
    said: 'The database has the newest schema.\n',
    complained: '',
  });
  expect((await admin('migrate')).isDone).toBe(true);

  const dry = await admin(`apply ${example} --dry-run`);
  expect(dry).toMatchObject({ isDone: true, said: expect.stringContaining('+ provider Saara Niemi\n') });
  const unasked = await admin(`apply ${example}`);
  expect(unasked).toMatchObject({ isDone: false, complained: expect.stringContaining('--yes') });
  expect((await admin('key list satama')).complained).toBe('There is no clinic "satama".\n');
  expect(await admin(`apply ${example} --yes`)).toMatchObject({
    isDone: true,
    said: expect.stringContaining('Applied.'),
  });
  expect(await admin(`apply ${example}`)).toEqual({ isDone: true, said: 'Nothing to change.\n', complained: '' });
  const changed = await admin(`apply ${editedExample('before: 2d, at: 13:00', 'before: 2d, at: 14:00')} --yes`);
  expect(changed.said).toContain('policy.reminderRules.sms-2d: 2d before at 13:00 by sms → 2d before at 14:00 by sms');
  expect(changed.said).toContain('will be told of the reminder rules by the worker');

  const created = await admin(['key', 'create', 'satama', '--name', 'web booking', '--actors', 'patient,guardian']);
  expect(created.said).toMatch(/^vk_live_[\w-]{32}\n/);
  const key = created.said.split('\n')[0]!;
  expect((await availability(key)).body.slots).toHaveLength(1);
  expect((await api.call(key, 'GET', '/v1/tasks')).status).toBe(403);
  const test = await admin('key create satama --name desk --actors staff --test');
  expect(test.said).toMatch(/^vk_test_/);

  const listed = await admin('key list satama');
  expect(listed.said).toMatch(
    /web booking\n {4}speaks for patient, guardian; made 20\S+Z\n[^]*desk\n {4}speaks for staff;/,
  );
  expect(listed.said).not.toContain('vk_');
  const [id] = listed.said.split(' ');
  expect((await admin(`key revoke satama ${id}`)).said).toBe('The key is revoked.\n');
  expect((await availability(key)).status).toBe(401);
  expect((await availability(test.said.split('\n')[0]!)).status).toBe(200);
  expect((await admin('key list satama')).said).toContain(', revoked 20');
  expect((await admin(`key revoke satama ${id}`)).isDone).toBe(false);
});

it('keeps of a key nothing that opens anything', async () => {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  const keys = JSON.stringify(await sql`select * from api_keys`);
  await sql.end();
  expect(keys).toContain('web booking');
  expect(keys).not.toContain('vk_');
});

describe('what cannot be done', () => {
  it.each<[string, string[] | string, string, Record<string, string>?]>([
    ['an unknown command', 'fly', 'There is no command "fly"'],
    ['an unknown option', 'migrate --fast', 'Usage: npm run admin -- migrate'],
    ['a file that is not there', 'apply nowhere.yaml', 'There is no file nowhere.yaml.'],
    ['two files', 'apply a.yaml b.yaml', 'Usage: npm run admin -- apply <clinic.yaml>'],
    ['a file that is no clinic', 'apply docs/glossary.md', 'docs/glossary.md:8 Not a YAML token'],
    ['a key for nobody', 'key create satama --name desk', 'Say for whom the key may speak'],
    ['a key for strangers', 'key create satama --name desk --actors staff,time', 'time: no such actor'],
    ['a key without a name', 'key create satama --actors staff', 'Say what will use the key'],
    ['a key that is none', 'key revoke satama 17', 'no key in use with this id'],
    ['anything without a database', 'migrate', 'MIGRATION_DATABASE_URL is missing', {}],
    [
      'anything without its server',
      'key list satama',
      'Nothing answers',
      { MIGRATION_DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' },
    ],
    [
      'anything with another password',
      'key list satama',
      'does not take the login',
      { MIGRATION_DATABASE_URL: ownerUrl.replace('vuoro_owner:vuoro', 'vuoro_owner:wrong') },
    ],
    [
      'anything as the application',
      'key list satama',
      'does not own the tables',
      { MIGRATION_DATABASE_URL: databaseUrl(port, APP_LOGIN, name) },
    ],
  ])('is said in a sentence or two: %s', async (_, words, complaint, env) => {
    const { isDone, complained } = await admin(words, env);
    expect({ isDone, complained }).toEqual({ isDone: false, complained: expect.stringContaining(complaint) });
    expect(complained).not.toMatch(/^\s+at /m);
  });
});

it('says what it can do', async () => {
  const { isDone, said } = await admin('');
  expect(isDone).toBe(true);
  expect(said).toMatch(/ migrate\n.+\n {2}apply <clinic\.yaml>/);
});

it('ends with the code of a failure where it has failed, and says nothing of the code behind it', async () => {
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/admin.ts', 'apply', 'nowhere.yaml'], {
    cwd: root,
  });
  await expect(run).rejects.toMatchObject({ code: 1, stdout: '', stderr: 'There is no file nowhere.yaml.\n' });
});
