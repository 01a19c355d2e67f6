import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Refusal } from '../domain/errors.ts';
import { decodeText } from './text-decoding.ts';

export interface CsvRow {
  /** As a spreadsheet counts: the header is row 1, blank lines count, a cell may hold several lines. */
  row: number;
  cells: string[];
}

// Longer than any header or row.
const ENOUGH = 64 * 1024;

/** The rows of a CSV file as it streams in, blank ones left out; `delimiterOf` sees its beginning. */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  delimiterOf: (beginning: string) => string,
): AsyncGenerator<CsvRow> {
  const text = decodeText(bytes);
  const beginning = await readBeginning(text);
  refuseOtherFiles(beginning);
  const [separatorLine = '', separator] = /^sep=(.)\s*?(?:\r\n|\r|\n)/i.exec(beginning) ?? [];
  const parser = parse({
    delimiter: separator ?? delimiterOf(beginning.trimStart()),
    info: true,
    max_record_size: ENOUGH,
    // All of them: a file may have been put together from two.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
  });
  const source = Readable.from(chain(beginning.slice(separatorLine.length), text));
  // Whoever reads the rows gets the errors.
  pipeline(source, parser, () => {});
  let row = 0;
  try {
    for await (const { record } of parser as AsyncIterable<{ record: string[] }>) {
      row += 1;
      if (record.some((cell) => cell.trim() !== '')) yield { row, cells: record };
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(parser.info.records + 1) : error;
  }
}

function unreadable(row: number): Refusal {
  return new Refusal(
    'MALFORMED_REQUEST',
    `Row ${row} cannot be read as CSV: a quotation mark is left open, or the row is too long. ` +
      'Correct it and send the whole file again: nothing is done twice.',
  );
}

/** As far as the end of the header, which may have a line break between quotation marks. */
async function readBeginning(text: AsyncGenerator<string>): Promise<string> {
  let beginning = '';
  while (beginning.length < ENOUGH && !/[\r\n]/.test(beginning.replace(/"[^"]*("|$)/g, 'x').trimStart())) {
    const { done, value } = await text.next();
    if (done) break;
    beginning += value;
  }
  return beginning;
}

/** How an .xlsx and an .xls begin. */
const workbooks = ['PK\u0003\u0004', 'ÐÏ\u0011à'];

function refuseOtherFiles(beginning: string): void {
  if (workbooks.some((mark) => beginning.startsWith(mark)))
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'This is a workbook: save the sheet as CSV and send that.');
  if ((beginning.split(/[\r\n]/, 1)[0] ?? '').includes('\0'))
    throw new Refusal('MALFORMED_REQUEST', 'This is not a text file in UTF-8, UTF-16 with its mark, or Windows-1252.');
}

async function* chain(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}
