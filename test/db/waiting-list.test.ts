import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HOUR } from '../../domain/interval.ts';
import { addClinic } from '../support/clinic.ts';
import { NOW, THURSDAY, openingDesk } from './opening-desk.ts';

const DAY = 24 * HOUR;
const desk = await openingDesk();
const { api, clinic, sql } = desk;
const { clinicId, patientId, otherPatientId, visitTypeId, lockedVisitTypeId, providerId, otherProviderId } = clinic;
const stranger = await addClinic(desk.adminUrl);

const call = (method: string, path: string, body?: unknown, key = clinic.staffKey) => api.call(key, method, path, body);
const add = (changes: Record<string, unknown> = {}, key?: string) =>
  call('POST', '/v1/waiting-list', { patientId, visitTypeId, ...changes }, key);
const pointers = ({ body }: { body: { errors?: { pointer: string }[] } }) => body.errors?.map(({ pointer }) => pointer);

/** What another clinic has is answered as what is not there at all. */
async function expectUnknown(method: string, path: (id: string) => string, id: string): Promise<void> {
  const ask = async (asked: string) => {
    const { status, body } = await call(method, path(asked), undefined, stranger.staffKey);
    return { status, body: { ...body, requestId: null } };
  };
  const [foreign, unknown] = [await ask(id), await ask(randomUUID())];
  expect(foreign).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  expect(foreign).toEqual(unknown);
}

describe('the waiting list', () => {
  it('keeps a wish as it was given', async () => {
    const later = await desk.booked(THURSDAY + 60 * DAY);
    const wish = {
      providerIds: [providerId, otherProviderId],
      earliest: '2027-01-13',
      latest: '2027-02-28',
      weekdays: [1, 4],
      between: ['08:00', '24:00'],
      insteadOf: later,
    };
    const added = await add(wish);
    expect(added).toMatchObject({
      status: 201,
      body: { patientId, visitTypeId, ...wish, createdAt: '2027-01-12T10:00:00Z' },
    });
    const { items } = (await call('GET', `/v1/waiting-list?patientId=${patientId}`)).body;
    expect(items).toEqual([added.body]);
    expect((await call('DELETE', `/v1/waiting-list/${added.body.id}`)).status).toBe(204);
  });

  it('needs no more than a patient and a type, from whoever books for patients', async () => {
    const { status, body } = await add({ patientId: otherPatientId }, clinic.webKey);
    expect(status).toBe(201);
    const nothing = { providerIds: null, earliest: null, latest: null, weekdays: null, between: null, insteadOf: null };
    expect(body).toMatchObject(nothing);
    expect((await call('DELETE', `/v1/waiting-list/${body.id}`)).status).toBe(204);
  });

  it('is read page by page, longest waiting first, without what was taken off it', async () => {
    const added: string[] = [];
    for (let minutes = 0; minutes < 5; minutes++) {
      api.clock.at = NOW + minutes * 60_000;
      added.push((await add()).body.id);
    }
    api.clock.at = NOW;
    const [removed] = added.splice(1, 1);
    expect((await call('DELETE', `/v1/waiting-list/${removed}`)).status).toBe(204);
    expect((await call('DELETE', `/v1/waiting-list/${removed}`)).status).toBe(404);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await call('GET', `/v1/waiting-list?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(added);
    expect((await call('GET', `/v1/waiting-list?patientId=${otherPatientId}`)).body.items).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['of nobody', { patientId: randomUUID() }, ['/patientId']],
    ['of no type', { visitTypeId: randomUUID() }, ['/visitTypeId']],
    ['for a type that is never offered', { visitTypeId: lockedVisitTypeId }, ['/visitTypeId']],
    ['at a provider who is not here', { providerIds: [providerId, randomUUID()] }, ['/providerIds/1']],
    ['at no provider', { providerIds: [] }, ['/providerIds']],
    ['at one provider twice', { providerIds: [providerId, providerId] }, ['/providerIds']],
    ['for the past', { latest: '2027-01-11' }, ['/latest']],
    ['for no date', { earliest: '2027-02-30', latest: 'soon' }, ['/earliest', '/latest']],
    ['for dates in the wrong order', { earliest: '2027-02-02', latest: '2027-02-01' }, ['/latest']],
    ['for no day of the week', { weekdays: [0] }, ['/weekdays/0']],
    ['for an eighth day', { weekdays: [8] }, ['/weekdays/0']],
    ['for hours that leave no room', { between: ['08:00', '08:29'] }, ['/between']],
    ['for no hours', { between: ['8:00', '25:00'] }, ['/between/0', '/between/1']],
    ['in place of a visit that is none', { insteadOf: randomUUID() }, ['/insteadOf']],
    ['with more than is known', { notes: 'x' }, ['/notes']],
  ])('refuses a wish %s', async (_what, changes, expected) => {
    const refused = await add(changes);
    expect([refused.status, refused.body.code, pointers(refused)]).toEqual([422, 'VALIDATION_FAILED', expected]);
  });

  it('takes a visit that is not confirmed yet as the one to be replaced', async () => {
    const pending = await desk.booked(THURSDAY + 81 * DAY, { mode: 'preReserve' });
    expect(await add({ insteadOf: pending })).toMatchObject({ status: 201, body: { insteadOf: pending } });
  });

  it('refuses a visit that is another patient’s, of another type, or over', async () => {
    const at = THURSDAY + 80 * DAY;
    const others = await desk.booked(at, { patientId: otherPatientId });
    const otherType = await desk.booked(at + HOUR, { visitTypeId: lockedVisitTypeId });
    const cancelled = await desk.booked(at + 2 * HOUR);
    await desk.act(cancelled, 'cancel');
    for (const insteadOf of [others, otherType, cancelled]) {
      expect(pointers(await add({ insteadOf }))).toEqual(['/insteadOf']);
    }
  });

  it('is each clinic’s own', async () => {
    const { body } = await add();
    expect((await call('GET', '/v1/waiting-list', undefined, stranger.staffKey)).body.items).toEqual([]);
    await expectUnknown('DELETE', (id) => `/v1/waiting-list/${id}`, body.id);
    expect((await call('GET', `/v1/waiting-list`)).body.items).toContainEqual(body);
    const foreign = await add({ providerIds: [providerId] }, stranger.staffKey);
    expect(pointers(foreign)).toEqual(['/patientId', '/visitTypeId']);
    const theirs = { patientId: stranger.patientId, visitTypeId: stranger.visitTypeId, providerIds: [providerId] };
    expect(pointers(await add(theirs, stranger.staffKey))).toEqual(['/providerIds/0']);
  });
});

describe('consents', () => {
  const path = `/v1/patients/${patientId}/consents`;
  const yes = {
    category: 'offers',
    channel: 'sms',
    state: 'given',
    source: 'web',
    wording: 'You may text me free times.',
  };

  it('are written down, never altered, and read with the last word first', async () => {
    const given = await call('POST', path, yes, clinic.webKey);
    expect(given).toMatchObject({ status: 201, body: { ...yes, recordedAt: '2027-01-12T10:00:00Z' } });
    const withdrawn = await call('POST', path, { ...yes, state: 'withdrawn', source: 'staff', wording: 'by phone' });
    const { body: first } = await call('GET', `${path}?limit=1`);
    expect(first.items).toEqual([withdrawn.body]);
    const { body: second } = await call('GET', `${path}?limit=1&cursor=${first.nextCursor}`);
    expect(second).toEqual({ items: [given.body], nextCursor: null });
    const altered = sql.begin(async (tx) => {
      await tx`set local role vuoro_app`;
      await tx`update consents set state = 'given'`;
    });
    await expect(altered).rejects.toThrow(/permission denied/);
  });

  it.each([
    ...['service', 'offers', 'recalls', 'greetings'].map((value) => ['category', value] as const),
    ...['staff', 'web', 'sms', 'email', 'form', 'import'].map((value) => ['source', value] as const),
    ...['sms', 'email'].map((value) => ['channel', value] as const),
  ])('of the %s %s are taken', async (field, value) => {
    expect(await call('POST', path, { ...yes, [field]: value })).toMatchObject({
      status: 201,
      body: { [field]: value },
    });
  });

  it.each([
    ['category', 'pets'],
    ['channel', 'fax'],
    ['state', 'maybe'],
    ['source', 'dream'],
    ['wording', '  '],
  ])('without a valid %s are refused', async (field, value) => {
    const refused = await call('POST', path, { ...yes, [field]: value });
    expect([refused.status, pointers(refused)]).toEqual([422, [`/${field}`]]);
  });

  it('of nobody, or of another clinic’s patient, are not there', async () => {
    for (const [id, key] of [
      [randomUUID(), clinic.staffKey],
      [patientId, stranger.staffKey],
    ]) {
      expect((await call('POST', `/v1/patients/${id}/consents`, yes, key)).status).toBe(404);
      expect((await call('GET', `/v1/patients/${id}/consents`, undefined, key)).status).toBe(404);
    }
  });
});

describe('a patient in care', () => {
  it('is marked so by staff, when added or later, and by nothing else that is changed', async () => {
    const names = { firstName: 'In', lastName: 'Care' };
    const marked = await call('POST', '/v1/patients', { ...names, inCare: true });
    const plain = await call('POST', '/v1/patients', names);
    expect([marked.body.inCare, plain.body.inCare]).toEqual([true, false]);
    const change = (body: unknown) => call('PATCH', `/v1/patients/${plain.body.id}`, body);
    expect((await change({ inCare: true })).body.inCare).toBe(true);
    expect((await change({ lastName: 'Cared' })).body).toMatchObject({ lastName: 'Cared', inCare: true });
    expect((await change({ inCare: false })).body.inCare).toBe(false);
    expect(pointers(await change({ inCare: 'yes' }))).toEqual(['/inCare']);
    expect(marked.body).not.toHaveProperty('isInCare');
  });
});

describe('openings', () => {
  it('show whom they asked and why, and who has the time', async () => {
    await sql`update waiting_list set ended_at = now(), ended_as = 'removed' where ended_at is null and clinic_id = ${clinicId}`;
    const openingId = await desk.freed();
    const [winner, loser] = await desk.crowdWaiting(2);
    await desk.wave(openingId);
    await desk.markAsked(openingId);
    const [offer] = await desk.offersOf(openingId);
    const won = await desk.take(openingId, offer!);
    await desk.wave(openingId);
    const { status, body } = await call('GET', `/v1/openings/${openingId}`);
    const why = 'Waiting since 2027-01-11, would like a visit; not in care here yet; never asked before.';
    const asked = { wave: 1, why, askedAt: '2027-01-12T10:00:00Z' };
    expect([status, body]).toEqual([
      200,
      {
        id: openingId,
        status: 'filled',
        statusReason: null,
        cause: 'cancelled',
        providerId,
        visitTypeId,
        startsAt: '2027-01-14T08:00:00Z',
        endsAt: '2027-01-14T08:30:00Z',
        offerUntil: '2027-01-14T06:00:00Z',
        isReleased: false,
        winner: { patientId: winner, appointmentId: won.appointment.id },
        offers: [
          { patientId: winner, status: 'won', ...asked, answeredAt: '2027-01-12T10:00:00Z' },
          { patientId: loser, status: 'gone', ...asked, answeredAt: null },
        ],
        createdAt: '2027-01-12T10:00:00Z',
        closedAt: '2027-01-12T10:00:00Z',
        workflowId: `opening/${clinicId}/${openingId}`,
      },
    ]);
  });

  it('are listed by status, page by page, the latest first', async () => {
    const made: string[] = [];
    for (let hours = 1; hours <= 3; hours++) {
      api.clock.at = NOW + hours * 60_000;
      made.unshift(await desk.freed(THURSDAY + hours * HOUR));
    }
    api.clock.at = NOW;
    const first = (await call('GET', '/v1/openings?status=offering&limit=2')).body;
    const second = (await call('GET', `/v1/openings?status=offering&limit=2&cursor=${first.nextCursor}`)).body;
    const ids = [...first.items, ...second.items].map(({ id }: { id: string }) => id);
    expect([ids, second.nextCursor]).toEqual([made, null]);
    expect((await call('GET', '/v1/openings?status=filled')).body.items).toHaveLength(1);
    expect(pointers(await call('GET', '/v1/openings?status=lost'))).toEqual(['/status']);
  });

  it('are for those who work for the clinic', async () => {
    const openingId = await desk.freed(THURSDAY + 5 * HOUR);
    for (const path of ['/v1/openings', `/v1/openings/${openingId}`]) {
      expect((await call('GET', path, undefined, clinic.webKey)).status).toBe(403);
    }
    await expectUnknown('GET', (id) => `/v1/openings/${id}`, openingId);
    for (const action of ['withdraw', 'release']) {
      await expectUnknown('POST', (id) => `/v1/openings/${id}/${action}`, openingId);
    }
    expect(await desk.opening(openingId)).toMatchObject({ status: 'offering', revision: 1 });
    expect((await call('GET', '/v1/openings', undefined, stranger.staffKey)).body.items).toEqual([]);
  });
});
