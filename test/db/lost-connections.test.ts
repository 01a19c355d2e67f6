import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, expect, it } from 'vitest';
import { type ClinicTransaction, inClinic, openDatabase } from '../../db/client.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const database = await testDatabase();
const { clinicId } = await addClinic(database.adminUrl);
const owner = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
const db = openDatabase(database.appUrl, { connections: 2 });
afterAll(async () => {
  await db.close();
  await owner.end();
});

async function pidOf(tx: ClinicTransaction): Promise<number> {
  const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  return rows[0]!.pid;
}

/** Ends the connection as the loss of the server would. */
async function cut(pid: number): Promise<void> {
  await owner`select pg_terminate_backend(${pid}, 5000)`;
}

it('a statement that failed cannot be ignored: nothing of its transaction is kept, and the caller learns it', async () => {
  const ignoring = inClinic(db, clinicId, async (tx) => {
    await tx.execute(sql`update patients set first_name = 'Changed'`);
    await tx.execute(sql`select 1 / 0`).catch(() => {});
  });
  await expect(ignoring).rejects.toThrow('rolled back');
  expect(await owner`select from patients where first_name = 'Changed'`).toHaveLength(0);
});

const works = () => inClinic(db, clinicId, pidOf);

// Much more often than there are connections: none of them may be kept for ever.
const lives = Array.from({ length: 8 }, (_, life) => [life]);

it.each(lives)('a connection that is cut while it waits for an answer fails that transaction alone, %i', async () => {
  const lost = inClinic(db, clinicId, async (tx) => {
    const pid = await pidOf(tx);
    const [answer] = await Promise.allSettled([tx.execute(sql`select pg_sleep(60)`), cut(pid)]);
    if (answer.status === 'rejected') throw answer.reason;
  });
  await expect(lost).rejects.toMatchObject({ cause: { code: '57P01' } });
  expect(await works()).toBeGreaterThan(0);
});

it.each(lives)('a connection that is cut between two statements fails that transaction alone, %i', async () => {
  const lost = inClinic(db, clinicId, async (tx) => {
    await cut(await pidOf(tx));
    await tx.execute(sql`select 1`);
  });
  await expect(lost).rejects.toThrow('Failed query: select 1');
  expect(await works()).toBeGreaterThan(0);
});

it.each(lives)('a connection that is cut while nobody uses it is replaced, %i', async () => {
  const pid = await works();
  await cut(pid);
  // The news of it may still be on its way to us, which a caller takes for an outage and asks again.
  const next = await works().catch(works);
  expect(next).not.toBe(pid);
});
