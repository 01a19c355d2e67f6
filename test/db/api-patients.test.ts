import { describe, expect, it } from 'vitest';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const api = testApi(appUrl);

async function berlin() {
  const { staffKey } = await addClinic(adminUrl, { country: 'DE', timeZone: 'Europe/Berlin' });
  return {
    add: (body: unknown) => api.call(staffKey, 'POST', '/v1/patients', body),
    change: (id: string, body: unknown) => api.call(staffKey, 'PATCH', `/v1/patients/${id}`, body),
    search: (query: string, more: object = {}) => api.call(staffKey, 'POST', '/v1/patients/search', { query, ...more }),
    send: (file: string | Uint8Array, query = '', type = 'text/csv') =>
      api.call(staffKey, 'POST', `/v1/imports/patients${query}`, file, { 'content-type': type }),
  };
}

const names = ({ body }: { body: { items: { lastName: string }[] } }) => body.items.map(({ lastName }) => lastName);

describe('a patient', () => {
  it('is added with the number as it is dialled from anywhere, and found again', async () => {
    const clinic = await berlin();
    const added = await clinic.add({
      firstName: ' Jörg ',
      lastName: 'Übelacker',
      mobile: '0171 3920011',
      birthDate: '1971-03-14',
    });
    expect(added).toMatchObject({
      status: 201,
      body: { firstName: 'Jörg', mobile: '+491713920011', birthDate: '1971-03-14', email: null, language: null },
    });
    for (const query of ['übel', 'jörg ÜBELACKER', '0171 3920011', '+491713920011', '920011']) {
      expect([query, ...names(await clinic.search(query))]).toEqual([query, 'Übelacker']);
    }
    for (const query of ['x', '%', '_örg', 'jörg meier', '0171 3920012']) {
      expect([query, ...names(await clinic.search(query))]).toEqual([query]);
    }
  });

  it('is refused field by field, with a pointer to each', async () => {
    const clinic = await berlin();
    const refused = await clinic.add({
      firstName: '',
      lastName: '---',
      mobile: '030 23125100',
      email: 'nobody',
      birthDate: '2031-02-30',
      language: 'klingon',
    });
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/firstName',
      '/lastName',
      '/mobile',
      '/email',
      '/birthDate',
      '/language',
    ]);
    expect((await clinic.add({ firstName: 'A', lastName: 'B\0' })).status).toBe(422);
  });

  it('is changed where something is given, cleared by null, and keeps its external id to itself', async () => {
    const clinic = await berlin();
    const first = await clinic.add({ firstName: 'A', lastName: 'One', email: 'a@example.org', externalId: 'X-1' });
    const second = await clinic.add({ firstName: 'B', lastName: 'Two' });
    const changed = await clinic.change(first.body.id, { lastName: 'Uno', email: null });
    expect(changed.body).toMatchObject({ firstName: 'A', lastName: 'Uno', email: null, externalId: 'X-1' });
    expect((await clinic.change(first.body.id, { firstName: null })).status).toBe(422);
    for (const answer of [
      await clinic.change(second.body.id, { externalId: 'X-1' }),
      await clinic.add({ firstName: 'C', lastName: 'Three', externalId: 'X-1' }),
    ]) {
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '/externalId']);
    }
    expect((await clinic.change(first.body.id, { externalId: 'X-1' })).status).toBe(200);
  });

  it('is found page by page', async () => {
    const clinic = await berlin();
    for (const lastName of ['Eins', 'Zwei', 'Drei', 'Vier', 'Acht']) await clinic.add({ firstName: 'Seite', lastName });
    const found: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await clinic.search('seite', { limit: 2, ...(cursor && { cursor }) });
      found.push(...names(page));
      cursor = page.body.nextCursor ?? undefined;
      if (cursor === undefined) break;
    }
    expect(found).toEqual(['Acht', 'Drei', 'Eins', 'Vier', 'Zwei']);
    expect((await clinic.search('seite', { cursor: 'rubbish' })).status).toBe(422);
  });
});

const german = 'Patientennummer;Vorname;Nachname;Mobiltelefon;E-Mail;Geburtsdatum;Sprache\r\n';
const rows = 'D-1;Jörg;Übelacker;0171 3920011;;14.3.1971;Deutsch\r\nD-2;Käthe;Süß;+49 171 3920012;k@example.org;;\r\n';
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const report = (created: number, updated: number, unchanged: number, refused: unknown[] = []) => ({
  rows: created + updated + unchanged + refused.length,
  created,
  updated,
  unchanged,
  refused,
});

describe('an import', () => {
  it.each([
    ['UTF-8', german + rows],
    ['UTF-8 with a BOM', `\uFEFF${german}${rows}`],
    ['Windows-1252', latin1(german + rows)],
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
    const { body } = await clinic.search('D-1');
    expect(body.items[0]).toMatchObject({
      firstName: 'Jörg',
      lastName: 'Übelacker',
      mobile: '+491713920011',
      birthDate: '1971-03-14',
      language: 'de',
    });
    expect(names(await clinic.search('Süß'))).toEqual(['Süß']);
  });

  it('says beforehand what it will do, does it, and does nothing a second time', async () => {
    const clinic = await berlin();
    await clinic.add({ firstName: 'Jörg', lastName: 'Übelacker', mobile: '0171 3920011' });
    const file = `${german}${rows}D-3;Emma;Falsch;0171 39;;;\nD-1;Jörg;Übelacker;0171 3920011;;;\n\n;;;;;;\nD-4;Nur;Name;;;;\n`;
    const refused = [
      { row: 4, reasons: ['mobile is not a valid phone number'] },
      { row: 5, reasons: ['is the same patient as row 2'] },
      { row: 8, reasons: ['mobile is required'] },
    ];
    const promised = await clinic.send(file, '?dryRun=true');
    expect(promised.body).toEqual(report(1, 1, 0, refused));
    expect(names(await clinic.search('Süß'))).toEqual([]);
    expect((await clinic.send(file)).body).toEqual(promised.body);
    expect((await clinic.send(file)).body).toEqual(report(0, 0, 2, refused));
    const { body } = await clinic.search('Übelacker');
    expect(body.items).toMatchObject([{ externalId: 'D-1', birthDate: '1971-03-14' }]);
  });

  it('leaves alone what the file does not say', async () => {
    const clinic = await berlin();
    await clinic.send(german + rows);
    const update =
      'Vorname;Nachname;Handy;E-Mail\nKäthe;Süß;0171 3920012;\nJörg;Übelacker;0171 3920011;neu@example.org\n';
    expect((await clinic.send(update)).body).toEqual(report(0, 1, 1));
    expect((await clinic.search('Süß')).body.items[0]).toMatchObject({ email: 'k@example.org', externalId: 'D-2' });
  });

  it('keeps two namesakes of one number apart by their external ids', async () => {
    const clinic = await berlin();
    const twins = `${german}T-1;Max;Muster;0171 3920015;;;\nT-2;Max;Muster;0171 3920015;;;\n`;
    expect((await clinic.send(twins)).body).toEqual(report(2, 0, 0));
    expect((await clinic.send(twins)).body).toEqual(report(0, 0, 2));
    const nameless = await clinic.send('Vorname;Nachname;Handy\nMax;Muster;0171 3920015\n');
    expect(nameless.body.refused[0].reasons[0]).toContain('several patients');
  });

  it('streams a large file', async () => {
    const clinic = await berlin();
    const many = Array.from(
      { length: 3_000 },
      (_, n) => `B-${n};Vorname${n};Nachname;01713920${String(n % 1000).padStart(3, '0')};;;`,
    );
    expect((await clinic.send(german + many.join('\n'))).body).toEqual(report(3_000, 0, 0));
  });

  it.each([
    ['nothing at all', '', 'text/csv', 422, 'VALIDATION_FAILED'],
    ['a header that misses a column', 'Vorname;Nachname\nA;B\n', 'text/csv', 422, 'VALIDATION_FAILED'],
    ['an open quotation mark', `${german}"D-1;A;B`, 'text/csv', 400, 'MALFORMED_REQUEST'],
    ['a spreadsheet', 'PK', 'application/vnd.openxmlformats', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('refuses %s', async (_what, file, type, status, code) => {
    const answer = await (await berlin()).send(file, '', type);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it("is for the clinic's staff", async () => {
    const { webKey } = await addClinic(adminUrl);
    const answer = await api.call(webKey, 'POST', '/v1/imports/patients', german, { 'content-type': 'text/csv' });
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN']);
  });
});
