import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Refusal } from '../domain/errors.ts';

export interface CsvRow {
  /** As a spreadsheet counts: the header is row 1. */
  row: number;
  cells: string[];
}

// Longer than any header line.
const ENOUGH = 64 * 1024;

/** The rows of a CSV file as it streams in, in UTF-8 (with or without BOM) or Windows-1252; `delimiterOf` sees the header line. */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  delimiterOf: (headerLine: string) => string,
): AsyncGenerator<CsvRow> {
  const text = decode(bytes);
  let head = '';
  while (!/[\r\n]/.test(head) && head.length < ENOUGH) {
    const { done, value } = await text.next();
    if (done) break;
    head += value;
  }
  const parser = parse({
    delimiter: delimiterOf(head.split(/[\r\n]/, 1)[0] ?? ''),
    info: true,
    max_record_size: ENOUGH,
    // All of them: a file may have been put together from two.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
  });
  Readable.from(chain(head, text))
    .on('error', (error) => parser.destroy(error))
    .pipe(parser);
  let row = 0;
  try {
    for await (const { record } of parser as AsyncIterable<{ record: string[] }>) {
      row += 1;
      if (record.some((cell) => cell.trim() !== '')) yield { row, cells: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Refusal(
      'MALFORMED_REQUEST',
      `The file cannot be read as CSV after row ${row}: is a quotation mark left open?`,
    );
  }
}

async function* chain(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

/** Bytes as text. The first byte beyond ASCII decides: UTF-8 where it begins a UTF-8 character, else Windows-1252. */
async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: { decode(chunk?: Uint8Array, options?: { stream: boolean }): string } | undefined;
  let kept: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    const all = kept.length > 0 ? Buffer.concat([kept, chunk]) : chunk;
    kept = new Uint8Array();
    if (!decoder) {
      const first = all.findIndex((byte) => byte > 0x7f);
      // A character may be cut by the end of the chunk: wait for its other bytes.
      if (first >= 0 && first > all.length - 4) {
        kept = all;
        continue;
      }
      if (first >= 0) decoder = isUtf8At(all, first) ? new TextDecoder() : new Windows1252();
    }
    yield decoder ? decoder.decode(all, { stream: true }) : Buffer.from(all).toString('latin1');
  }
  const last =
    decoder ??
    (isUtf8At(
      kept,
      kept.findIndex((byte) => byte > 0x7f),
    )
      ? new TextDecoder()
      : new Windows1252());
  yield last.decode(kept);
}

function isUtf8At(bytes: Uint8Array, start: number): boolean {
  const [lead = 0, ...following] = bytes.subarray(start, start + 4);
  const length = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  const tail = following.slice(0, length);
  return lead >= 0xc2 && lead <= 0xf4 && tail.length === length && tail.every((byte) => byte >> 6 === 0b10);
}

// Some versions of Node read the label windows-1252 as Latin-1, which has control characters where these stand.
const between0x80And0x9f = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

class Windows1252 {
  decode(chunk: Uint8Array = new Uint8Array()): string {
    return Buffer.from(chunk)
      .toString('latin1')
      .replace(/[\u0080-\u009f]/g, (character) => between0x80And0x9f.charAt(character.charCodeAt(0) - 0x80));
  }
}
