import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const api = testApi(appUrl);
const clinic = await addClinic(adminUrl);
const other = await addClinic(adminUrl);

const call = (method: string, path: string, body?: unknown, key = clinic.staffKey) =>
  api.call(key, method, `/v1/patients${path}`, body);
const anna = { firstName: 'Anna', lastName: 'Meri' };
const add = async (more: object = {}) => (await call('POST', '', { ...anna, ...more })).body as { id: string };
const isRefusal = (status: number) => status >= 400 && status < 500;
const faults = () => api.log.filter((line) => line.includes('"level":50'));

describe('a hostile caller', () => {
  it.each<[string, unknown]>([
    ['a number for a name', { ...anna, firstName: 7 }],
    ['a number for a number', { ...anna, mobile: 401000101 }],
    ['a list', { ...anna, email: ['a@example.org'] }],
    ['an object', { ...anna, externalId: {} }],
    ['a flag', { ...anna, language: true }],
    ['a name of 300 letters', { ...anna, lastName: 'x'.repeat(300) }],
    ['a name of 60,000 letters', { ...anna, lastName: 'x'.repeat(60_000) }],
    ['an external id of 60,000 letters', { ...anna, externalId: 'x'.repeat(60_000) }],
    ['a NUL', { ...anna, externalId: 'a\0b' }],
    ['half a surrogate pair', { ...anna, lastName: 'Meri \ud83d' }],
    ['half a surrogate pair in an external id', { ...anna, externalId: '\udc00' }],
    ['nothing but an emoji', { ...anna, firstName: '🦷' }],
    ['nothing but what cannot be seen', { ...anna, firstName: '\u200b\u202e' }],
    ['a field that is not known', { ...anna, isAdmin: true }],
    ['an id', { ...anna, id: randomUUID() }],
    ['a clinic', { ...anna, clinicId: other.clinicId }],
    ['a personal identity code', { ...anna, externalId: '131052-308T' }],
    ['a day that does not exist', { ...anna, birthDate: '2023-02-29' }],
    ['a year of five digits', { ...anna, birthDate: '+12023-01-01' }],
    ['a landline', { ...anna, mobile: '09 1000100' }],
    ['a number with a script', { ...anna, mobile: '<script>0401000101</script>' }],
    ['an address with a line break', { ...anna, email: 'a@example.org\r\nBcc: b@example.org' }],
    ['two addresses', { ...anna, email: 'a@example.org, b@example.org' }],
    ['a list of patients', [anna]],
    ['a text', '"Anna"'],
    ['null', 'null'],
  ])('adds nobody with %s', async (_what, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.call(clinic.staffKey, 'POST', '/v1/patients', body, headers);
    expect([answer.status, answer.body.code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(JSON.stringify(answer.body)).not.toMatch(/131052|script|xxx/);
  });

  it.each([
    ['{"firstName": "Anna"', 'application/json', 400, 'MALFORMED_REQUEST'],
    ['', 'application/json', 400, 'MALFORMED_REQUEST'],
    ['firstName=Anna&lastName=Meri', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['{"firstName": "Anna", "lastName": "Meri"}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [`{"firstName": "${'x'.repeat(70_000)}"}`, 'application/json', 413, 'TOO_LARGE'],
  ])('is told what is wrong with a body %#', async (body, type, status, code) => {
    for (const [method, path] of [
      ['POST', ''],
      ['PATCH', `/${clinic.patientId}`],
      ['POST', '/search'],
    ] as const) {
      const answer = await api.call(clinic.staffKey, method, `/v1/patients${path}`, body, { 'content-type': type });
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, status, code]);
    }
  });

  it.each(['[]', '{"a":}'].map((pair) => [`${pair.slice(0, -1)}…`, pair] as const))(
    'meets no fault on any route by a body of thousands of nested %s',
    async (_what, pair) => {
      const open = pair.slice(0, -1);
      const times = Math.floor(60_000 / pair.length);
      const body = `${open.repeat(times)}${open.length > 1 ? '1' : ''}${pair.slice(-1).repeat(times)}`;
      const { paths } = (await (await api.request('/openapi.json')).json()) as { paths: Record<string, object> };
      const calls = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).flatMap((method) =>
          method === 'get' ? [] : ['application/json', 'text/plain'].map((type) => ({ method, path, type })),
        ),
      );
      const answers: Record<string, number> = {};
      for (const { method, path, type } of calls) {
        const headers = { 'content-type': type, 'idempotency-key': randomUUID() };
        const address = path.replace('{id}', randomUUID());
        const { status } = await api.call(clinic.staffKey, method.toUpperCase(), address, body, headers);
        answers[`${method} ${path} ${type}`] = status;
      }
      expect(Object.entries(answers).filter(([, status]) => !isRefusal(status))).toEqual([]);
      expect(answers).toMatchObject({
        'post /v1/openings/{id}/withdraw application/json': 400,
        'post /v1/openings/{id}/release text/plain': 400,
        'post /v1/messages application/json': 422,
      });
      expect(faults()).toEqual([]);
    },
  );

  it.each(['0000-01-01', '0000-02-29'])('puts nobody on the waiting list for %s, a day of no year', async (day) => {
    const { patientId, visitTypeId } = clinic;
    for (const field of ['earliest', 'latest']) {
      const answer = await api.call(clinic.staffKey, 'POST', '/v1/waiting-list', {
        patientId,
        visitTypeId,
        [field]: day,
      });
      expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([422, `/${field}`]);
    }
  });

  it("learns nothing of another clinic's patients, and changes none", async () => {
    const theirs = (await call('POST', '', { ...anna, externalId: 'OURS-1', mobile: '0401000199' }, other.staffKey))
      .body as {
      id: string;
    };
    const unknown = await call('GET', `/${randomUUID()}`);
    for (const answer of [
      await call('GET', `/${theirs.id}`),
      await call('PATCH', `/${theirs.id}`, { firstName: 'Eve' }),
      await call('PATCH', `/${theirs.id}`, { externalId: 'OURS-1' }),
      await call('PATCH', `/${theirs.id}`, {}),
      await call('GET', '/1'),
      await call('GET', `/${theirs.id}'--`),
    ]) {
      expect([answer.status, answer.body.detail]).toEqual([404, unknown.body.detail]);
    }
    for (const query of ['OURS-1', '0401000199', '+358401000199', 'Meri', '%', "' or 1=1 --"]) {
      const found = (await call('POST', '/search', { query })).body as { items: { id: string }[] };
      expect(found.items.map(({ id }) => id)).not.toContain(theirs.id);
    }
    await add({ externalId: 'OURS-1' });
    const taken = await call('PATCH', `/${theirs.id}`, { externalId: 'OURS-1' });
    expect(taken.status).toBe(404);
    expect((await call('GET', `/${theirs.id}`, undefined, other.staffKey)).body).toMatchObject(anna);
  });

  it.each<[unknown]>([
    [{}],
    [{ query: '' }],
    [{ query: ' ' }],
    [{ query: 'a\0' }],
    [{ query: 'x'.repeat(101) }],
    [{ query: 7 }],
    [{ query: 'a', limit: 0 }],
    [{ query: 'a', limit: 1_000 }],
    [{ query: 'a', limit: '5' }],
    [{ query: 'a', cursor: 'rubbish' }],
    [{ query: 'a', cursor: Buffer.from(JSON.stringify(['a', 'b', 'c'])).toString('base64url') }],
    [{ query: 'a', cursor: Buffer.from(JSON.stringify(['a\0', 'b', randomUUID()])).toString('base64url') }],
    [{ query: 'a', order: 'id' }],
  ])('searches by nothing but what a search is: %j', async (body) => {
    expect((await call('POST', '/search', body)).status).toBe(422);
  });

  it('finds and keeps whatever letters a name has', async () => {
    for (const lastName of [
      'O’Brien',
      'Ægir',
      '李',
      'Ng🦷',
      "Robert'); drop table patients;--",
      '%_\\',
      'ﬁsch',
      'محمد',
    ].filter((name) => /\p{L}/u.test(name))) {
      const { body } = await call('POST', '', { firstName: 'Letters', lastName });
      expect(body).toMatchObject({ lastName });
      const found = (await call('POST', '/search', { query: lastName.slice(0, 100) })).body as {
        items: { lastName: string }[];
      };
      expect(found.items.map((one) => one.lastName)).toContain(lastName);
    }
  });

  it('never meets a fault, whatever is asked', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ maxLength: 40 }),
      fc.constantFrom('\\', '%', '\ud800', '0', '+'),
    );
    const patient = await add();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(['POST', ''], ['PATCH', `/${patient.id}`], ['POST', '/search'], ['GET', '']),
        fc.dictionary(
          fc.constantFrom(
            'firstName',
            'lastName',
            'mobile',
            'email',
            'birthDate',
            'language',
            'externalId',
            'query',
            'cursor',
          ),
          fc.oneof(text, fc.jsonValue()),
        ),
        text,
        async ([method = '', path = ''], body, id) => {
          const answer =
            method === 'GET'
              ? await call('GET', `/${encodeURIComponent(id.replace(/\p{Cs}/gu, '?'))}`)
              : await call(method, path, body);
          expect(answer.status).toBeLessThan(500);
        },
      ),
      { numRuns: 300 },
    );
    expect(faults()).toEqual([]);
  });
});

describe('changes at once', () => {
  it('of different fields all stay', async () => {
    const { id } = await add();
    const changes = [
      { firstName: 'Aino' },
      { lastName: 'Virta' },
      { mobile: '0401000177' },
      { email: 'aino@example.org' },
      { birthDate: '1990-02-01' },
      { language: 'sv' },
      { externalId: 'AT-ONCE' },
    ];
    await Promise.all(changes.map((change) => call('PATCH', `/${id}`, change)));
    expect((await call('GET', `/${id}`)).body).toMatchObject({
      ...Object.assign({}, ...changes),
      mobile: '+358401000177',
    });
  });

  it('give one external id to one patient, and refuse the others', async () => {
    const patients = await Promise.all(Array.from({ length: 8 }, () => add()));
    const answers = await Promise.all([
      ...patients.map(({ id }) => call('PATCH', `/${id}`, { externalId: 'ONE' })),
      ...patients.map(() => call('POST', '', { ...anna, externalId: 'ONE' })),
    ]);
    const count = (statuses: number[]) => answers.filter(({ status }) => statuses.includes(status)).length;
    expect([count([200, 201]), count([422])]).toEqual([1, 15]);
    expect(faults()).toEqual([]);
  });

  it('that swap two external ids are refused, never stuck', async () => {
    const [one, two] = [await add({ externalId: 'SWAP-1' }), await add({ externalId: 'SWAP-2' })];
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all([
        call('PATCH', `/${one.id}`, { externalId: 'SWAP-2' }),
        call('PATCH', `/${two.id}`, { externalId: 'SWAP-1' }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([422, 422]);
    }
    expect(faults()).toEqual([]);
  });

  it('leave a patient alone where nothing is given', async () => {
    const { id } = await add();
    const before = (await call('GET', `/${id}`)).body as object;
    expect(await call('PATCH', `/${id}`, {})).toMatchObject({ status: 200, body: before });
  });
});

it('keeps names, numbers and codes out of the log', () => {
  expect(api.log.join('')).not.toMatch(/Anna|Meri|Letters|04010001|131052-/);
});
