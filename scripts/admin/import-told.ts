/** What the API answers to an import. */
export interface ImportReport {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: readonly { row: number; reasons: readonly string[] }[];
}

interface Telling {
  isDryRun: boolean;
  /** Names of columns that the import passed over. */
  unusedColumns: readonly string[];
  /** How many refused rows are listed. */
  most: number;
}

/** The outcome of an import for the person who has to put right what was refused. */
export function importTold(report: ImportReport, { isDryRun, unusedColumns, most }: Telling): string {
  const { refused } = report;
  const paragraphs = [isDryRun ? 'A dry run: nothing was stored.' : 'The patients are imported.', counts(report)];
  if (refused.length > 0) paragraphs.push(refusedTold(refused.slice(0, most), refused.length));
  if (unusedColumns.length > 0) paragraphs.push(`Columns passed over: ${unusedColumns.join(', ')}`);
  if (refused.length > 0 && !isDryRun)
    paragraphs.push('Put these rows right and import the file again: nothing is done twice.');
  return paragraphs.join('\n\n');
}

function counts({ rows, created, updated, unchanged, refused }: ImportReport): string {
  const lines = { rows, new: created, changed: updated, unchanged, refused: refused.length };
  const figures = Object.entries(lines).map(([name, count]) => [name, count.toLocaleString('en')] as const);
  const width = Math.max(...figures.map(([, figure]) => figure.length));
  return figures.map(([name, figure]) => `  ${name.padEnd(9)}  ${figure.padStart(width)}`).join('\n');
}

function refusedTold(refused: ImportReport['refused'], count: number): string {
  const width = Math.max(3, ...refused.map(({ row }) => String(row).length));
  const lines = refused.flatMap(({ row, reasons }) =>
    reasons.map((reason, index) => `  ${(index === 0 ? String(row) : '').padStart(width)}  ${reason}`),
  );
  const left = count - refused.length;
  const more = left > 0 ? [`  ${'…'.padStart(width)}  and ${left.toLocaleString('en')} more: list them by --all`] : [];
  return [`  ${'row'.padStart(width)}  refused because`, ...lines, ...more].join('\n');
}
