import { expect, it } from 'vitest';
import { importTold } from './import-told.ts';

const report = {
  rows: 50_000,
  created: 49_800,
  updated: 100,
  unchanged: 98,
  refused: [
    { row: 17, reasons: ['mobile is not a valid phone number'] },
    { row: 50_001, reasons: ['email is not an e-mail address', 'birthDate must lie in the past'] },
  ],
};

it('tells the outcome of an import row by row', () => {
  expect(`\n${importTold(report, { isDryRun: false, unusedColumns: ['Kasse', 'Notiz'], most: 50 })}\n`).toBe(`
The patients are imported.

  rows       50,000
  new        49,800
  changed       100
  unchanged      98
  refused         2

    row  refused because
     17  mobile is not a valid phone number
  50001  email is not an e-mail address
         birthDate must lie in the past

Columns passed over: Kasse, Notiz

Put these rows right and import the file again: nothing is done twice.
`);
});

it('says of a dry run that nothing was stored, and lists no more rows than asked for', () => {
  const told = importTold(report, { isDryRun: true, unusedColumns: [], most: 1 });
  expect(told).toMatch(/^A dry run: nothing was stored\./);
  expect(told).toMatch(/ 17 {2}mobile is not a valid phone number\n +… {2}and 1 more: list them by --all$/);
});

it('is short where nothing is to be put right', () => {
  const told = importTold({ ...report, refused: [] }, { isDryRun: false, unusedColumns: [], most: 50 });
  expect(told.split('\n\n')).toHaveLength(2);
});
