import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function rowsOf(bytes: Uint8Array, size = 1_000): Promise<[number, string[]][]> {
  const rows: [number, string[]][] = [];
  for await (const { row, cells } of readCsv(inChunks(bytes, size), () => ';')) rows.push([row, cells]);
  return rows;
}

describe('a CSV file', () => {
  const text = 'Vorname;Größe;€\nJörg;1,80;Straße\n';
  const windows1252 = Buffer.from(text.replace('€', '\u0080'), 'latin1');

  it('reads the same in UTF-8 and Windows-1252, however its bytes arrive', async () => {
    const expected = [
      [1, ['Vorname', 'Größe', '€']],
      [2, ['Jörg', '1,80', 'Straße']],
    ];
    for (let size = 1; size < 60; size++) {
      expect([size, await rowsOf(Buffer.from(text), size)]).toEqual([size, expected]);
      expect([size, await rowsOf(Buffer.from(`\uFEFF${text}`), size)]).toEqual([size, expected]);
      expect([size, await rowsOf(windows1252, size)]).toEqual([size, expected]);
    }
  });

  it('numbers its rows as a spreadsheet does, and passes over empty ones', async () => {
    expect(await rowsOf(Buffer.from('a;b\r\n\r\n;\nc;"d\ne"\rf;g'))).toEqual([
      [1, ['a', 'b']],
      [4, ['c', 'd\ne']],
      [5, ['f', 'g']],
    ]);
  });

  it('is read whatever it holds, or refused as malformed', async () => {
    const anything = fc.uint8Array({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(anything, fc.integer({ min: 1, max: 20 }), async (bytes, size) => {
        const outcome = await rowsOf(bytes, size).catch((error: unknown) => error);
        expect(Array.isArray(outcome) || (outcome as { code?: string }).code === 'MALFORMED_REQUEST').toBe(true);
      }),
    );
  });
});
