import { describe, expect, it } from 'vitest';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const api = testApi(appUrl);

async function berlin() {
  const { staffKey, webKey } = await addClinic(adminUrl, { country: 'DE', timeZone: 'Europe/Berlin' });
  return {
    webKey,
    add: (body: unknown, key = staffKey) => api.call(key, 'POST', '/v1/patients', body),
    change: (id: string, body: unknown, key = staffKey) => api.call(key, 'PATCH', `/v1/patients/${id}`, body),
    search: (query: string, more: object = {}) => api.call(staffKey, 'POST', '/v1/patients/search', { query, ...more }),
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

  it.each([
    ['Cyrillic', 'Щ', 64],
    ['Chinese', '李', 100],
  ])('is found page by page by the longest name, in %s letters', async (_what, letter, length) => {
    const clinic = await berlin();
    const [firstName, lastName] = [letter.repeat(length), letter.repeat(length)];
    for (let n = 0; n < 3; n++) expect((await clinic.add({ firstName, lastName })).status).toBe(201);
    const found: string[] = [];
    for (let cursor: string | undefined; found.length < 3;) {
      const page = await clinic.search(letter, { limit: 1, ...(cursor && { cursor }) });
      expect(page.status).toBe(200);
      found.push(...page.body.items.map(({ id }: { id: string }) => id));
      cursor = page.body.nextCursor;
    }
    expect(new Set(found).size).toBe(3);
  });

  it('is marked as in care by staff alone', async () => {
    const { add, change, webKey } = await berlin();
    const names = { firstName: 'Web', lastName: 'Booked' };
    const added = await add(names, webKey);
    expect(added).toMatchObject({ status: 201, body: { inCare: false } });
    for (const inCare of [true, false]) {
      expect(await add({ ...names, inCare })).toMatchObject({ status: 201, body: { inCare } });
      expect((await change(added.body.id, { inCare: !inCare })).body.inCare).toBe(!inCare);
      for (const refused of [
        await add({ ...names, inCare }, webKey),
        await change(added.body.id, { lastName: 'Changed', inCare }, webKey),
      ]) {
        expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN', errors: [{ pointer: '/inCare' }] } });
      }
    }
    const changed = await change(added.body.id, { firstName: 'Wed' }, webKey);
    expect(changed).toMatchObject({ status: 200, body: { firstName: 'Wed', lastName: 'Booked', inCare: true } });
  });
});
