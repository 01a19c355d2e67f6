import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../../api/serve.ts';
import { importPatientsCommand } from '../../scripts/admin/import-patients.ts';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const api = testApi(appUrl);
const serving = await listen(api.app, { host: '127.0.0.1', port: 0 });
const clinic = await addClinic(adminUrl, { country: 'DE', timeZone: 'Europe/Berlin' });
const folder = await mkdtemp(join(tmpdir(), 'import-'));
afterAll(async () => {
  await serving.stop();
  await rm(folder, { recursive: true });
});

let printed: string[] = [];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    printed.push(String(line).trimEnd());
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

async function importing(file: string, ...words: string[]): Promise<string> {
  await importPatientsCommand.run([file, '--url', serving.url, ...words]);
  return printed.join('\n');
}

async function fileOf(text: string): Promise<string> {
  const file = join(folder, 'patients.csv');
  await writeFile(file, text);
  return file;
}

describe('importing patients from a terminal', () => {
  beforeEach(() => void vi.stubEnv('VUORO_API_KEY', clinic.staffKey));

  it('takes the sample of the documents, after a dry run that stores nothing', async () => {
    const promised = await importing('docs/patients-sample.csv', '--dry-run');
    expect(promised).toMatch(/A dry run: nothing was stored\.\n\n {2}rows +4\n {2}new +4\n {2}changed +0\n/);
    expect(await importing('docs/patients-sample.csv')).toMatch(
      /The patients are imported\.\n\n {2}rows +4\n {2}new +4\n/,
    );
    expect(await importing('docs/patients-sample.csv')).toMatch(
      / {2}rows +4\n {2}new +0\n {2}changed +0\n {2}unchanged +4\n/,
    );
    expect(process.exitCode).toBeUndefined();
  });

  it('lists the rows that were refused and the columns passed over, and fails', async () => {
    const wrong = Array.from({ length: 60 }, (_, n) => `Anna;Meier;${n};x\n`).join('');
    const told = await importing(await fileOf(`Vorname;Nachname;Handy;Größe\n${wrong}`));
    expect(told).toContain('Columns passed over: Größe');
    expect(told).toContain('    2  mobile is not a valid phone number');
    expect(told.match(/not a valid phone number/g)).toHaveLength(50);
    expect(told).toContain('and 10 more: list them by --all');
    expect(process.exitCode).toBe(1);
    printed = [];
    const all = await importing(join(folder, 'patients.csv'), '--all');
    expect(all.match(/not a valid phone number/g)).toHaveLength(60);
  });

  it('shows how far a larger file is', async () => {
    const many = Array.from({ length: 4_000 }, (_, n) => `Anna;Meier;01;${String(n).padEnd(100, 'x')}\n`).join('');
    const told = await importing(await fileOf(`Vorname;Nachname;Handy;Notiz\n${many}`), '--dry-run');
    const steps = [...told.matchAll(/ (\d+) % {3}([\d,]+) rows/g)].map(([, percent, rows]) => [Number(percent), rows]);
    expect(steps).toEqual([...steps].sort((a, b) => Number(a[0]) - Number(b[0])));
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.at(-1)).toEqual([100, '4,000']);
  });

  it('says at which row a file cannot be read on', async () => {
    const many = 'Anna;Meier;01\n'.repeat(2_000);
    const file = await fileOf(`Vorname;Nachname;Handy\n${many}"Anna;Meier;01\n`);
    await expect(importing(file)).rejects.toThrow(/^The API refuses the file: Row 2002 cannot be read as CSV: /);
  });

  it('says what to do when it cannot', async () => {
    const file = await fileOf('Vorname;Nachname\nAnna;Meier\n');
    await expect(importing(file)).rejects.toThrow(
      'The API refuses the file: The header has not all the columns needed.\n  no column for mobile, such as "mobile" or',
    );
    await expect(importing(join(folder, 'none.csv'))).rejects.toThrow(/^There is no file .+none\.csv\.$/);
    await expect(importing(folder)).rejects.toThrow(/^There is no file /);
    await expect(importPatientsCommand.run([])).rejects.toThrow('Name one CSV file.');
    await expect(importPatientsCommand.run([file, '--url', 'http://127.0.0.1:9'])).rejects.toThrow(
      'Nothing answers at http://127.0.0.1:9.',
    );
    vi.stubEnv('VUORO_API_KEY', clinic.webKey);
    await expect(importing(file)).rejects.toThrow("The API refuses the file: This is for the clinic's staff");
    vi.stubEnv('VUORO_API_KEY', '');
    await expect(importing(file)).rejects.toThrow('VUORO_API_KEY is missing');
  });
});

it('gets the answer to a large file that is refused at its beginning', async () => {
  vi.stubEnv('VUORO_API_KEY', clinic.staffKey);
  const file = await fileOf(`Vorname;Nachname\n${'Anna;Meier\n'.repeat(2_000_000)}`);
  await expect(importing(file)).rejects.toThrow('The header has not all the columns needed.');
  await expect.poll(() => api.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});
