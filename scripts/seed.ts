import { openDatabase } from '../db/client.ts';
import { setUpClinic } from '../db/commands/clinics/set-up.ts';
import { kallio, kallioId } from './seed/kallio.ts';
import { markt, marktId } from './seed/markt.ts';

const SEEDED_AT = Date.UTC(2026, 0, 1);

/** The demonstration clinics, with the same ids at every seeding. What is there already is left as it is. */
export async function seed(adminUrl: string): Promise<void> {
  const db = openDatabase(adminUrl, { connections: 1 });
  try {
    await setUpClinic(db, kallioId, kallio, SEEDED_AT);
    await setUpClinic(db, marktId, markt, SEEDED_AT);
  } finally {
    await db.close();
  }
}
