import { sql } from 'drizzle-orm';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { testDatabase } from '../support/database.ts';

const { appUrl } = await testDatabase();
const db = openDatabase(appUrl, { connections: 1 });
afterAll(() => db.close());

async function prepared(mark: string): Promise<number> {
  const { rows } = await db.drizzle.transaction((tx) =>
    tx.execute(sql.raw(`select from pg_prepared_statements where statement like '%${mark}%'`)),
  );
  return rows.length;
}

const ask = (mark: string, values: readonly number[]) => {
  const list = sql.join(
    values.map((value) => sql`${value}::int`),
    sql`, `,
  );
  return db.drizzle.transaction(async (tx) => {
    const { rows } = await tx.execute<{ greatest: number }>(sql`select greatest(${list}) as ${sql.identifier(mark)}`);
    return rows[0];
  });
};

it('is prepared once on a connection, and answers by the values of each time', async () => {
  expect(await ask('often', [1, 2])).toEqual({ often: 2 });
  expect(await ask('often', [4, 3])).toEqual({ often: 4 });
  expect(await prepared('often')).toBe(1);
});

it('is not kept where it has a long list of values, of which each length is another statement', async () => {
  const long = Array.from({ length: 50 }, (_, index) => index);
  expect(await ask('rare', long)).toEqual({ rare: 49 });
  expect(await prepared('rare')).toBe(0);
});

it('stays prepared after a transaction that failed', async () => {
  const failing = db.drizzle.transaction(async (tx) => {
    await tx.execute(sql`select ${1}::int as failing`);
    throw new Error('thrown');
  });
  await expect(failing).rejects.toThrow('thrown');
  const again = db.drizzle.transaction((tx) => tx.execute(sql`select ${1}::int as failing`));
  expect((await again).rows).toEqual([{ failing: 1 }]);
});
