import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, refusePowerfulRole, type Database } from '../../db/client.ts';
import { testDatabase } from '../support/database.ts';

const database = await testDatabase();
let app: Database;

beforeAll(() => {
  app = openDatabase(database.appUrl);
});

afterAll(() => app.close());

it('gives each test file a database in which the app is a plain member of its role', async () => {
  await expect(refusePowerfulRole(app)).resolves.toBeUndefined();
});
