import { readFile } from 'node:fs/promises';
import type { ClinicClient } from './clinic-client.ts';
import { expect } from './steps.ts';
import { tell } from './telling.ts';

interface ImportReport {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: { row: number; reasons: string[] }[];
}

/** A practice system's export is read: previewed, imported, and imported again without effect. */
export async function importPatients(clinic: ClinicClient): Promise<void> {
  tell.chapter('A patient list arrives from the practice system (CSV, semicolons, Windows-1252)');
  const file = await readFile(new URL('./patients.csv', import.meta.url));
  const preview = await clinic.importPatients<ImportReport>(file, true);
  const report = await clinic.importPatients<ImportReport>(file, false);
  expect(
    JSON.stringify(preview) === JSON.stringify(report),
    'The dry run promised something else than the import did.',
  );
  expect(
    report.rows === 7 && report.refused.length >= 1,
    `The file has 7 rows and one wrong number: ${JSON.stringify(report)}`,
  );
  tell.step(
    `${report.rows} rows: ${report.created} new, ${report.updated} changed, ${report.unchanged} unchanged, ${report.refused.length} refused`,
  );
  for (const { row, reasons } of report.refused) tell.note(`row ${row}: ${reasons.join('; ')}`);
  const again = await clinic.importPatients<ImportReport>(file, false);
  expect(again.created === 0 && again.updated === 0, 'A second import of the same file changed something.');
  tell.step('imported a second time: nothing changes');
}
