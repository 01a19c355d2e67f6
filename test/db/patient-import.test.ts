import { request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { MOST_REFUSED } from '../../api/import-patients.ts';
import { type Serving, listen } from '../../api/serve.ts';
import { inClinic } from '../../db/client.ts';
import { createPatient } from '../../db/commands/patients/create.ts';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const api = testApi(appUrl);
const serving: Serving = await listen(api.app, { host: '127.0.0.1', port: 0 });
afterAll(() => serving.stop());

interface Found {
  firstName: string;
  lastName: string;
  mobile: string;
  email: string | null;
  externalId: string | null;
}

async function berlin() {
  const { staffKey, webKey, clinicId } = await addClinic(adminUrl, { country: 'DE', timeZone: 'Europe/Berlin' });
  const search = async (query: string, more: object = {}) => {
    const { body } = await api.call(staffKey, 'POST', '/v1/patients/search', { query, ...more });
    return body as { items: Found[]; nextCursor: string | null };
  };
  return {
    clinicId,
    staffKey,
    webKey,
    add: (body: unknown) => api.call(staffKey, 'POST', '/v1/patients', body),
    send: (file: string | Uint8Array, query = '', headers: Record<string, string> = {}) =>
      api.call(staffKey, 'POST', `/v1/imports/patients${query}`, file, { 'content-type': 'text/csv', ...headers }),
    search,
    named: async (lastName: string) => {
      const all: Found[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await search(lastName, { limit: 50, ...(cursor && { cursor }) });
        all.push(...page.items);
        cursor = page.nextCursor;
      }
      return all;
    },
  };
}

const german = 'Patientennummer;Vorname;Nachname;Mobiltelefon;E-Mail;Geburtsdatum;Sprache\r\n';
const rows = 'D-1;Jörg;Übelacker;0171 3920011;;14.3.1971;Deutsch\r\nD-2;Käthe;Süß;+49 171 3920012;k@example.org;;\r\n';
const report = (created: number, updated: number, unchanged: number, refused: unknown[] = []) => ({
  rows: created + updated + unchanged + refused.length,
  created,
  updated,
  unchanged,
  refused,
});
const numbered = (n: number) => `N-${n};Vorname${n};Nachname;0171392${String(n % 10_000).padStart(4, '0')};;;\n`;
const many = (count: number) => Array.from({ length: count }, (_, n) => numbered(n)).join('');

describe('an import', () => {
  it.each<[string, string | Uint8Array]>([
    ['UTF-8', german + rows],
    ['UTF-8 with a BOM', `\uFEFF${german}${rows}`],
    ['Windows-1252', Buffer.from(german + rows, 'latin1')],
    ['UTF-16 with tabs', Buffer.from(`\uFEFF${german}${rows}`.replaceAll(';', '\t'), 'utf16le')],
    ['commas and quotes', (german + rows).replaceAll(';', ',').replace('Süß', '"Süß"')],
    [
      'English names',
      rows.replace(/^/, 'Patient ID;First name;Last name;Mobile phone;E-mail;Date of birth;Language\n'),
    ],
    ['Finnish names', rows.replace(/^/, 'Potilasnumero;Etunimi;Sukunimi;Matkapuhelin;Sähköposti;Syntymäaika;Kieli\n')],
    ['Swedish names', rows.replace(/^/, 'Patientnummer;Förnamn;Efternamn;Mobiltelefon;E-post;Födelsedatum;Språk\n')],
    [
      'Italian names',
      rows.replace(/^/, 'Codice paziente;Nome;Cognome;Cellulare;Indirizzo e-mail;Data di nascita;Lingua\n'),
    ],
  ])('reads %s', async (_what, file) => {
    const clinic = await berlin();
    expect(await clinic.send(file)).toMatchObject({ status: 200, body: report(2, 0, 0) });
    const { items } = await clinic.search('D-1');
    expect(items[0]).toMatchObject({
      firstName: 'Jörg',
      lastName: 'Übelacker',
      mobile: '+491713920011',
      birthDate: '1971-03-14',
      language: 'de',
    });
    expect(await clinic.named('Süß')).toHaveLength(1);
  });

  it('says beforehand what it will do, does it, and does nothing a second time', async () => {
    const clinic = await berlin();
    await clinic.add({ firstName: 'JORG', lastName: 'Ubelacker', mobile: '0171 3920011' });
    const file = `${german}${rows}D-3;Emma;Falsch;0171 39;;;\nD-1;Jörg;Übelacker;0171 3920011;;;\n\n;;;;;;\nD-4;Nur;Name;;;;\n`;
    const refused = [
      { row: 4, reasons: ['mobile is not a valid phone number'] },
      { row: 5, reasons: ['is the same patient as row 2'] },
      { row: 8, reasons: ['mobile is required'] },
    ];
    const promised = await clinic.send(file, '?dryRun=true');
    expect(promised.body).toEqual(report(1, 1, 0, refused));
    expect(await clinic.named('Süß')).toEqual([]);
    expect((await clinic.send(file)).body).toEqual(promised.body);
    expect((await clinic.send(file)).body).toEqual(report(0, 0, 2, refused));
    const { items } = await clinic.search('Übelacker');
    expect(items).toMatchObject([{ firstName: 'Jörg', externalId: 'D-1', birthDate: '1971-03-14' }]);
  });

  it('keeps its promise across its batches', async () => {
    const clinic = await berlin();
    const file = `${german}${many(1_200)}N-3;Neuer;Name;0171 3920000;;;\nX;Vorname7;NACHNAME;01713920007;;;\n;Vorname9;Nachname;01713920009;;;\n`;
    const refused = [{ row: 1202, reasons: ['is the same patient as row 5'] }];
    const twin = { row: 1204, reasons: ['is the same patient as row 1203'] };
    const promised = await clinic.send(file, '?dryRun=true');
    expect(promised.body).toEqual(
      report(1_201, 0, 0, [...refused, { ...twin, reasons: ['is the same patient as row 11'] }]),
    );
    expect((await clinic.send(file)).body).toEqual(promised.body);
    expect((await clinic.send(file)).body).toEqual({ ...promised.body, created: 0, unchanged: 1_201 });
    const changed = file.replaceAll(/(Vorname\d+;Nachname;\d+);/g, '$1;new@example.org');
    const second = await clinic.send(changed, '?dryRun=true');
    expect(second.body).toMatchObject({ created: 0, updated: 1_200, unchanged: 1 });
    expect((await clinic.send(changed)).body).toEqual(second.body);
    expect((await clinic.named('Nachname')).filter(({ email }) => email === 'new@example.org')).toHaveLength(1_200);
  });

  it('leaves alone what the file does not say', async () => {
    const clinic = await berlin();
    await clinic.send(german + rows);
    const update =
      'Vorname;Nachname;Handy;E-Mail\nKäthe;Süß;0171 3920012;\nJörg;Übelacker;0171 3920011;neu@example.org\n';
    expect((await clinic.send(update)).body).toEqual(report(0, 1, 1));
    expect(await clinic.named('Süß')).toMatchObject([{ email: 'k@example.org', externalId: 'D-2' }]);
    expect(await clinic.named('Übelacker')).toMatchObject([
      { email: 'neu@example.org', externalId: 'D-1', birthDate: '1971-03-14' },
    ]);
  });

  it('changes every field of a patient whom the external id names', async () => {
    const clinic = await berlin();
    await clinic.send(german + rows);
    const changed = `${german}D-1;Georg;Neumann;0171 3920019;g@example.org;1.2.1972;suomi\n`;
    expect((await clinic.send(changed)).body).toEqual(report(0, 1, 0));
    expect((await clinic.search('D-1')).items).toMatchObject([
      {
        firstName: 'Georg',
        lastName: 'Neumann',
        mobile: '+491713920019',
        email: 'g@example.org',
        birthDate: '1972-02-01',
        language: 'fi',
      },
    ]);
  });

  it('keeps two namesakes of one number apart by their external ids', async () => {
    const clinic = await berlin();
    const twins = `${german}T-1;Max;Muster;0171 3920015;;;\nT-2;Max;Muster;0171 3920015;;;\n`;
    expect((await clinic.send(twins)).body).toEqual(report(2, 0, 0));
    expect((await clinic.send(twins)).body).toEqual(report(0, 0, 2));
    const nameless = await clinic.send('Vorname;Nachname;Handy\nMax;Muster;0171 3920015\n');
    expect(nameless.body.refused[0].reasons[0]).toContain('several patients');
  });

  it('names the columns that it passes over', async () => {
    const clinic = await berlin();
    const file = 'Vorname;Nachname;Handy;Kasse;Größe, in cm;🦷\nA;B;01713920011;AOK;180;x\n';
    const { headers, body } = await clinic.send(file, '?dryRun=true');
    expect(body).toEqual(report(1, 0, 0));
    const names = headers.get('vuoro-unused-columns')?.split(', ').map(decodeURIComponent);
    expect(names).toEqual(['Kasse', 'Größe, in cm', '🦷']);
  });

  it.each<[string, string | Uint8Array, object, number, string]>([
    ['nothing at all', '', {}, 422, 'VALIDATION_FAILED'],
    ['blank lines', '\n\r\n;;\n', {}, 422, 'VALIDATION_FAILED'],
    ['a header that misses a column', 'Vorname;Nachname\nA;B\n', {}, 422, 'VALIDATION_FAILED'],
    ['no header', 'Jörg;Übelacker;0171 3920011\n', {}, 422, 'VALIDATION_FAILED'],
    ['an open quotation mark', `${german}"D-1;A;B`, {}, 400, 'MALFORMED_REQUEST'],
    ['JSON', '{}', { 'content-type': 'application/json' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['no content type', german, { 'content-type': '' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a compressed file', gzipSync(german), { 'content-encoding': 'gzip' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a workbook', Buffer.from('504b030414000600', 'hex'), {}, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['what says it is too large', german, { 'content-length': '999999999' }, 413, 'TOO_LARGE'],
  ])('refuses %s', async (_what, file, headers, status, code) => {
    const answer = await (await berlin()).send(file, '', headers as Record<string, string>);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toMatch(/Jörg|3920011/);
  });

  it('ends at too many refused rows with whole batches stored, as its dry run says', async () => {
    const clinic = await berlin();
    const file = `${german}${many(600)}${numbered(3).repeat(MOST_REFUSED + 1)}`;
    const promised = await clinic.send(file, '?dryRun=true');
    expect([promised.status, promised.body.code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(promised.body.errors[0].detail).toBe('row 602: is the same patient as row 5');
    expect(await clinic.named('Nachname')).toEqual([]);
    expect((await clinic.send(file)).body).toEqual(promised.body);
    expect((await clinic.send(german + many(600))).body).toEqual(report(0, 0, 600));
  });

  it('takes a file with nothing but a header', async () => {
    expect((await (await berlin()).send(german)).body).toEqual(report(0, 0, 0));
  });

  it('refuses rows with what cannot be stored, and goes on', async () => {
    const clinic = await berlin();
    const bad = Buffer.concat([
      Buffer.from(`${german}A\0B;A;B;01713920011;;;\nD-2;J\u0001;B;01713920012;;;\nD-3;`),
      Buffer.from('ff', 'hex'),
      Buffer.from(';B;01713920013;;;\nD-4;131052-308T;B;01713920014;;;\nD-5;Ä;Ö;01713920015;;;\nD-6;C;"D"x\nE;01;;;\n'),
    ]);
    const unreadable = 'has characters that cannot be read';
    expect((await clinic.send(bad)).body).toEqual(
      report(1, 0, 0, [
        { row: 2, reasons: [`externalId ${unreadable}`] },
        { row: 3, reasons: [`firstName ${unreadable}`] },
        { row: 4, reasons: [`firstName ${unreadable}`] },
        { row: 5, reasons: ['firstName has a personal identity code in it, which is never kept here'] },
        { row: 7, reasons: ['mobile is required'] },
        { row: 8, reasons: ['firstName has no letter in it', 'lastName is required', 'mobile is required'] },
      ]),
    );
  });

  it("is for the clinic's staff", async () => {
    const { webKey } = await berlin();
    const answer = await api.call(webKey, 'POST', '/v1/imports/patients', german, { 'content-type': 'text/csv' });
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('never sees the patients of another clinic', async () => {
    const [one, other] = [await berlin(), await berlin()];
    await one.send(german + rows);
    const changed = (german + rows).replace('0011;;', '0011;other@example.org;');
    expect((await other.send(changed)).body).toMatchObject({ created: 2, updated: 0 });
    expect(await one.named('Übelacker')).toMatchObject([{ email: null }]);
  });

  it('tells the log how far it is, with counts and ids alone', async () => {
    const clinic = await berlin();
    const start = api.log.length;
    await clinic.send(german + many(10_500), '?dryRun=true');
    const lines = api.log
      .slice(start)
      .map((line) => JSON.parse(line) as { msg: string; count?: number; clinicId?: string });
    expect(lines.map(({ msg, count }) => [msg, count])).toEqual([
      ['rows of a file looked at', 5_000],
      ['rows of a file looked at', 10_000],
      ['a file of patients was looked through', 10_500],
      ['request', undefined],
    ]);
    expect(lines.every(({ clinicId }) => clinicId === clinic.clinicId)).toBe(true);
    // Not fewer digits of a number: ids have some by chance.
    expect(api.log.join('')).not.toMatch(/Nachname|Vorname|1713920/);
  });
});

describe('imports at once', () => {
  it('of one file make no patient twice', async () => {
    const clinic = await berlin();
    const file = german + many(2_000);
    const answers = await Promise.all([clinic.send(file), clinic.send(file), clinic.send(file)]);
    const total = (what: 'created' | 'updated' | 'unchanged') =>
      answers.reduce((sum, { body }) => sum + (body[what] as number), 0);
    expect([total('created'), total('updated'), total('unchanged')]).toEqual([2_000, 0, 4_000]);
    expect(await clinic.named('Nachname')).toHaveLength(2_000);
  });

  it('and patients added with the same external ids meanwhile never fail', async () => {
    const clinic = await berlin();
    const { clinicId } = clinic;
    let isRunning = true;
    const importing = clinic.send(german + many(3_000)).finally(() => (isRunning = false));
    const lanes = Array.from({ length: 4 }, async (_, lane) => {
      for (let n = 3_000 - lane; isRunning && n > 0; n -= 4) {
        const details = {
          firstName: 'A',
          lastName: 'Nachname',
          mobile: null,
          email: null,
          birthDate: null,
          language: null,
        };
        await inClinic(api.db, clinicId, (tx) =>
          createPatient(tx, { clinicId, details: { ...details, externalId: `N-${n}` }, now: 0 }),
        ).catch((error: { code?: string }) => {
          if (error.code !== 'VALIDATION_FAILED') throw error;
        });
      }
    });
    const [answer] = await Promise.all([importing, ...lanes]);
    expect(answer.body).toMatchObject({ rows: 3_000, refused: [] });
    expect((answer.body as { updated: number }).updated).toBeGreaterThan(0);
  });
});

describe('a file on its way', () => {
  const upload = (staffKey: string, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${staffKey}`;
    const options = {
      method: 'POST',
      agent: false,
      headers: { authorization, 'content-type': 'text/csv', ...headers },
    };
    return request(`${serving.url}/v1/imports/patients`, options);
  };
  const answerOf = (sending: ReturnType<typeof upload>) =>
    new Promise<number | undefined>((resolve) => {
      sending.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      // Whoever answers before it has read the whole may close the way for the rest.
      sending.on('error', () => {});
    });

  it('that breaks off leaves whole batches, and nothing to repair: the next import does the rest', async () => {
    const clinic = await berlin();
    const start = api.log.length;
    const sending = upload(clinic.staffKey);
    void answerOf(sending);
    sending.write(german + many(1_700));
    await expect.poll(async () => (await clinic.named('Nachname')).length).toBe(1_500);
    sending.destroy();
    await expect.poll(() => api.log.slice(start).join('')).toContain('MALFORMED_REQUEST');
    expect(await clinic.named('Nachname')).toHaveLength(1_500);
    expect((await clinic.send(german + many(1_700))).body).toEqual(report(200, 0, 1_500));
    expect(api.log.slice(start).filter((line) => !line.includes('"level":30'))).toEqual([]);
  });

  it('is refused by its header before the rest of it has arrived', async () => {
    const { staffKey } = await berlin();
    const sending = upload(staffKey);
    const answered = answerOf(sending);
    sending.write('Vorname;Nachname\nA;B\n');
    expect(await answered).toBe(422);
    sending.destroy();
  });
});

describe('a large file', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heapInMegabytes = () => {
    collect();
    return process.memoryUsage().heapUsed / 1024 ** 2;
  };

  it('streams: after 50,000 rows no more memory is held than what tells the rows apart', async () => {
    const { staffKey } = await berlin();
    const heaps: number[] = [];
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent % 10_000 === 0) heaps.push(heapInMegabytes());
        if (sent === 0) controller.enqueue(Buffer.from(german));
        const piece = Array.from({ length: 500 }, (_, n) => numbered(sent + n)).join('');
        controller.enqueue(Buffer.from(piece));
        sent += 500;
        if (sent >= 50_000) controller.close();
      },
    });
    const headers = { authorization: `Bearer ${staffKey}`, 'content-type': 'text/csv' };
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    const answer = await api.request('/v1/imports/patients', init);
    expect(await answer.json()).toEqual(report(50_000, 0, 0));
    expect(Math.max(...heaps.slice(1)) - heaps[1]!).toBeLessThan(20);
  }, 120_000);
});
