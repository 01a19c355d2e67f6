import { languageNamed } from './language-name.ts';
import { type Columns, requiredFields } from './patient-columns.ts';
import { type PatientDetails, type PatientField, type ReadingRules, readPatient } from './patient.ts';
import { readWrittenDate } from './written-date.ts';

/** What a row says of a patient; an empty cell says nothing. */
export type ImportedPatient = Pick<PatientDetails, 'firstName' | 'lastName'> & {
  mobile: string;
} & Partial<PatientDetails>;

/** The patient of one row, or all the reasons why it is refused; a reason never quotes a cell. */
export function readRow(
  cells: readonly string[],
  columns: Columns,
  rules: ReadingRules,
): { patient: ImportedPatient } | { reasons: string[] } {
  const broken = brokenCells(cells, columns);
  if (broken !== undefined) return { reasons: [broken] };
  const given: Partial<Record<PatientField, string>> = {};
  const reasons: string[] = [];
  for (const [field, index] of Object.entries(columns.indexOf) as [PatientField, number][]) {
    const cell = unguarded(cells[index] ?? '');
    if (cell === '' && !requiredFields.includes(field)) continue;
    const written = readWritten(field, cell, rules);
    if ('problem' in written) reasons.push(`${field} ${written.problem}`);
    else given[field] = written.text;
  }
  const { details, errors } = readPatient(given, rules);
  reasons.push(...errors.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`));
  if (details.mobile === null) reasons.push('mobile is required');
  return reasons.length > 0 ? { reasons } : { patient: details as ImportedPatient };
}

/** Cells that cannot stand under their columns any more: better no patient than one with another's number. */
function brokenCells(cells: readonly string[], { count }: Columns): string | undefined {
  // Where a closing quotation mark is followed by more, the parser leaves the opening one in the cell.
  if (cells.some((cell) => /^"[^]*[\r\n]/.test(cell)))
    return 'a quotation mark is open or out of place, so that lines run into one another';
  if (cells.slice(count).some((cell) => cell.trim() !== ''))
    return 'has more cells than the header: a cell with the delimiter in it needs quotation marks';
  return undefined;
}

/** Spreadsheets guard numbers by ="0401000101" and formulas by an apostrophe. */
function unguarded(cell: string): string {
  return cell
    .trim()
    .replace(/^="([^"]*)"$/, '$1')
    .replace(/^'(?=[-=+@\d])/, '')
    .trim();
}

/** Practice systems write dates and languages for people: 14.3.1971, 14/03/1971, Deutsch. */
function readWritten(
  field: PatientField,
  cell: string,
  { country }: ReadingRules,
): { text: string } | { problem: string } {
  if (field === 'language') return { text: languageNamed(cell) ?? cell };
  if (field === 'mobile' && /^\d([.,]\d+)?E\+?\d+$/i.test(cell))
    return { problem: 'was rounded by a spreadsheet: format its column as text' };
  if (field !== 'birthDate') return { text: cell };
  const date = readWrittenDate(cell, country);
  return date === undefined ? { problem: 'can be read in two ways: write it as YYYY-MM-DD' } : { text: date };
}
