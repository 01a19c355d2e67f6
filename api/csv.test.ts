import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delimiterOf } from '../domain/patient-columns.ts';
import { readCsv } from './csv.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function rowsOf(bytes: Uint8Array, size = 1_000, delimiter = delimiterOf): Promise<[number, string[]][]> {
  const rows: [number, string[]][] = [];
  for await (const { row, cells } of readCsv(inChunks(bytes, size), delimiter)) rows.push([row, cells]);
  return rows;
}

const windows1252 = (text: string) => Buffer.from(text.replaceAll('€', '\u0080').replaceAll('’', '\u0092'), 'latin1');
const encodings: Record<string, (text: string) => Uint8Array> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a mark': (text) => Buffer.from(`\uFEFF${text}`),
  'Windows-1252': windows1252,
  'UTF-16, little end first': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16, big end first': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
};

describe('a CSV file', () => {
  it.each(Object.entries(encodings))('is read in %s, however its bytes arrive', async (_name, encode) => {
    for (let size = 1; size < 90; size++) {
      expect([size, await rowsOf(encode('Vorname;Größe;€\nJörg;1,80;D’Orta\n'), size)]).toEqual([
        size,
        [
          [1, ['Vorname', 'Größe', '€']],
          [2, ['Jörg', '1,80', 'D’Orta']],
        ],
      ]);
    }
  });

  it('is read as what most of its beginning is', async () => {
    const cells = async (bytes: Buffer) => (await rowsOf(bytes))[1]?.[1];
    expect(await cells(Buffer.concat([Buffer.from('a;b;c\nJörg;Süß;'), windows1252('ü')]))).toEqual([
      'Jörg',
      'Süß',
      '\uFFFD',
    ]);
    expect(await cells(Buffer.concat([windows1252('a;b;c\nJörg;Süß;'), Buffer.from('ü')]))).toEqual([
      'Jörg',
      'Süß',
      'Ã¼',
    ]);
    const late = `a;b\n${'x;y\n'.repeat(30_000)}`;
    for (const encode of Object.values(encodings)) {
      expect((await rowsOf(encode(`${late}Jörg;Süß`))).at(-1)).toEqual([30_002, ['Jörg', 'Süß']]);
    }
  });

  it('numbers its rows as a spreadsheet does, and passes over empty ones', async () => {
    expect(await rowsOf(Buffer.from('\n;\na;b\r\n\r\n;\nc;"d\ne"\rf;g'))).toEqual([
      [3, ['a', 'b']],
      [6, ['c', 'd\ne']],
      [7, ['f', 'g']],
    ]);
  });

  it('may name its delimiter in a line before the header, which is no row', async () => {
    expect(await rowsOf(Buffer.from('sep=|\r\na|b;c,d\r\n1|2\r\n'))).toEqual([
      [1, ['a', 'b;c,d']],
      [2, ['1', '2']],
    ]);
  });

  it('may have line breaks and delimiters in the quoted cells of its header', async () => {
    for (const size of [1, 7, 100]) {
      expect(await rowsOf(Buffer.from('"a\n;;;""b",c\n1,2\n'), size)).toEqual([
        [1, ['a\n;;;"b', 'c']],
        [2, ['1', '2']],
      ]);
    }
  });

  it.each([
    ['left open', 'a;b\n1;2\n"3;4\n5;6\n'],
    ['left open for too long', `a;b\n1;2\n"3;4\n${'5;6\n'.repeat(20_000)}`],
  ])('with a quotation mark %s is refused with the row', async (_what, text) => {
    await expect(rowsOf(Buffer.from(text))).rejects.toMatchObject({
      code: 'MALFORMED_REQUEST',
      message: expect.stringContaining('Row 3 ') as string,
    });
  });

  it('of one line without an end is refused at once', async () => {
    await expect(rowsOf(Buffer.from('x'.repeat(200_000)))).rejects.toThrow('Row 1 cannot be read');
  });

  it('that is none is refused', async () => {
    const workbook = Buffer.from('504b0304140006000800', 'hex');
    const oldWorkbook = Buffer.from('d0cf11e0a1b11ae1', 'hex');
    for (const bytes of [workbook, oldWorkbook]) {
      await expect(rowsOf(bytes)).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    }
    await expect(rowsOf(Buffer.from('Vorname;Name', 'utf16le'))).rejects.toMatchObject({ code: 'MALFORMED_REQUEST' });
  });

  it('ends the reading of its source as soon as nobody reads on', async () => {
    let isEnded = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        while (!isEnded) yield Buffer.from('a;b\n');
      } finally {
        isEnded = true;
      }
    }
    for await (const { row } of readCsv(endless(), delimiterOf)) if (row === 3) break;
    await expect.poll(() => isEnded).toBe(true);
  });

  it('is read whatever it holds, or refused', async () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.constantFrom(...Buffer.from('a;,"\n\r\t')), { maxLength: 60 }).map((bytes) => Uint8Array.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(anything, fc.integer({ min: 1, max: 20 }), async (bytes, size) => {
        const outcome = await rowsOf(bytes, size).catch((error: { code?: string }) => error.code);
        expect(Array.isArray(outcome) ? 'MALFORMED_REQUEST' : outcome).toMatch(
          /^(MALFORMED_REQUEST|UNSUPPORTED_MEDIA_TYPE)$/,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('gives back what any program wrote: separator, encoding, line ends, quotation marks', async () => {
    const cell = fc.string({ unit: fc.constantFrom(...'aÄßö ,;\t"\n\r'.split('')), maxLength: 6 });
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }),
      );
    const written = fc.record({
      table,
      delimiter: fc.constantFrom(',', ';', '\t'),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      encoding: fc.constantFrom(...Object.keys(encodings)),
      quotesAll: fc.boolean(),
      endsWithLine: fc.boolean(),
      size: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(
        written,
        async ({ table: rows, delimiter, lineEnd, encoding, quotesAll, endsWithLine, size }) => {
          const header = rows[0]!.map((_, index) => `Name ${index}`);
          const quote = (text: string) =>
            quotesAll || /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
          const lines = [header, ...rows].map((cells) => cells.map(quote).join(delimiter));
          const text = lines.join(lineEnd) + (endsWithLine ? lineEnd : '');
          const expected = [header, ...rows]
            .map((cells, index): [number, string[]] => [index + 1, cells])
            .filter(([, cells]) => cells.some((one) => one.trim() !== ''));
          expect(await rowsOf(encodings[encoding]!(text), size)).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });
});
