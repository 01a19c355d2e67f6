import { describe, expect, it } from 'vitest';
import { type TestClinic, addClinic } from '../support/clinic.ts';
import { DAY, HOUR, hiddenOf, instant, offered, startPatientPages, text, waysOf } from './patient-pages.ts';

const {
  clinic,
  api,
  admin,
  adminUrl,
  linked,
  open,
  press,
  appointment,
  doneBy,
  move,
  localDay,
  refuse,
  beAway,
  freshDay,
  reserve,
} = await startPatientPages();

const nextMonday = Math.floor(Date.now() / DAY) * DAY + (8 - new Date().getUTCDay()) * DAY;

/** Something else comes between what the tables said and what the appointment is asked. */
function beforeTheNext(change: () => Promise<unknown>): void {
  const { act } = api.temporal;
  api.temporal.act = async (...asked) => {
    api.temporal.act = act;
    await change();
    return act(...asked);
  };
}

describe('moving', () => {
  it('offers the free times of the visit’s week once each, by day, but for its own, and the weeks beside it', async () => {
    const { link, startsAt } = await linked();
    const { html } = await open(`${link}/move`);
    const times = offered(html);
    expect(new Set(times).size).toBe(times.length);
    expect(times).not.toContain(startsAt);
    // 8 to 20, every quarter of an hour, half an hour long, on seven days.
    expect(times.length).toBe(7 * 47 - 1);
    const days = [...html.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, day = '']) => day);
    expect(days.map((day) => day.split(' ')[0])).toEqual([
      'Monday',
      'Tuesday',
      'Wednesday',
      'Thursday',
      'Friday',
      'Saturday',
      'Sunday',
    ]);
    expect(html.match(/<details open/g)).toHaveLength(1);
    const monday = hiddenOf(html, 'from')!;
    const beside = [-7, 7].map((more) => localDay(Date.parse(monday) + more * DAY));
    for (const from of beside) {
      expect(html).toContain(`href="${link}/move?from=${from}"`);
      const days = new Set(offered((await open(`${link}/move?from=${from}`)).html).map(localDay));
      expect([...days][0]).toBe(from);
    }
  });

  it('goes to the chosen time in one step, and every link to it goes on opening it', async () => {
    const { link, id, startsAt } = await linked();
    const wanted = startsAt + 2 * HOUR;
    const { html } = await open(`${link}/move`);
    const moved = await move(link, wanted, { version: hiddenOf(html, 'version')! });
    expect([moved.status, moved.headers.get('location')]).toEqual([303, `${link}?done=moved`]);
    const after = await appointment(id);
    expect(after).toMatchObject({ status: 'booked', version: 2 });
    expect(Date.parse(after.startsAt)).toBe(wanted);
    const page = await open(`${link}?done=moved`);
    expect(page.html).toMatch(/role="status">Your appointment has been moved\. This is the new time\./);
    expect(page.html).toContain(`datetime="${localDay(wanted)}T`);
    expect(offered((await open(`${link}/move`)).html)).toContain(startsAt);
  });

  it('stays with its provider', async () => {
    for (const providerId of [clinic.providerId, clinic.otherProviderId]) {
      const { link, id, startsAt } = await linked({ providerId });
      await move(link, startsAt + HOUR);
      expect(await appointment(id)).toMatchObject({ providerId, version: 2 });
    }
  });

  it('changes nothing by a second press, or one of a page that shows a time that it has no more', async () => {
    const { link, id, startsAt } = await linked();
    const version = hiddenOf((await open(`${link}/move`)).html, 'version')!;
    await move(link, startsAt + HOUR, { version });
    const again = await move(link, startsAt + HOUR, { version });
    expect([again.status, again.headers.get('location')]).toEqual([303, `${link}?done=moved`]);
    for (const [action, form] of [
      ['move', { startsAt: instant(startsAt + 2 * HOUR) }],
      ['cancel', {}],
      ['confirm', {}],
    ] as const) {
      const stale = await press(`${link}/${action}`, { ...form, version });
      expect(stale.status).toBe(409);
      expect(stale.html).toMatch(/role="alert">The appointment has changed since you opened the page/);
    }
    expect(await appointment(id)).toMatchObject({ status: 'booked', version: 2 });
    expect(await doneBy(id, 'moved')).toEqual(['patient']);
  });

  it.each([
    ['confirm', 'pending', {}],
    ['cancel', 'booked', {}],
    ['move', 'booked', { hours: 2 }],
  ] as const)('by staff, as the patient presses "%s", is not what the patient meant', async (action, status, how) => {
    const { link, id, startsAt } = await linked({ mode: status === 'pending' ? 'preReserve' : 'book' });
    const version = hiddenOf((await open(link)).html + (await open(`${link}/move`)).html, 'version')!;
    const wanted = instant(startsAt + HOUR);
    beforeTheNext(() =>
      api.call(clinic.staffKey, 'POST', `/v1/appointments/${id}/move`, { actor: 'staff', startsAt: wanted }),
    );
    const form = 'hours' in how ? { startsAt: instant(startsAt + how.hours * HOUR) } : {};
    const pressed = await press(`${link}/${action}`, { ...form, version });
    expect(pressed.status).toBe(409);
    expect(pressed.html).toMatch(/role="alert">The appointment has changed since you opened the page/);
    expect(await appointment(id)).toMatchObject({ status, startsAt: wanted, version: 2 });
  });

  it('is said to be done where it is, by a second press that comes meanwhile', async () => {
    const { link, id, startsAt } = await linked();
    const version = hiddenOf((await open(`${link}/move`)).html, 'version')!;
    beforeTheNext(() => move(link, startsAt + HOUR, { version }));
    const again = await move(link, startsAt + HOUR, { version });
    expect([again.status, again.headers.get('location')]).toEqual([303, `${link}?done=moved`]);
    expect(await doneBy(id, 'moved')).toEqual(['patient']);
  });

  it('confirms a time that was waiting for an answer', async () => {
    const { link, id, startsAt } = await linked({ mode: 'preReserve' });
    expect(text((await open(`${link}/move`)).html)).toContain('The time you choose is confirmed at once');
    await move(link, startsAt + HOUR);
    expect(await appointment(id)).toMatchObject({ status: 'booked', confirmBy: null, version: 2 });
  });

  it('takes another provider where the present one is busy, and shows fresh times when nobody is free any more', async () => {
    const startsAt = freshDay();
    const wanted = startsAt + 3 * HOUR;
    const { otherPatientId: patientId, providerId, visitTypeId } = clinic;
    const busy = await reserve({ patientId, visitTypeId, providerId, startsAt: instant(wanted) });
    expect(busy.status).toBe(201);
    const [first, second] = [
      await linked({ startsAt: startsAt + 5 * HOUR }),
      await linked({ startsAt: startsAt + 6 * HOUR }),
    ];
    expect((await move(first.link, wanted)).status).toBe(303);
    expect(await appointment(first.id)).toMatchObject({ providerId: clinic.otherProviderId, version: 2 });

    const taken = await move(second.link, wanted);
    expect(taken.status).toBe(409);
    expect(taken.html).toMatch(/role="alert">That time has just been taken/);
    expect(offered(taken.html).map(localDay)).toContain(localDay(wanted));
    expect(offered(taken.html)).not.toContain(wanted);
    expect(await appointment(second.id)).toMatchObject({ version: 1, status: 'booked' });
  });

  it.each([
    ['SLOT_TAKEN', 'That time has just been taken'],
    ['NOT_BOOKABLE', 'That time has just been taken'],
    ['PATIENT_OVERLAP', 'You already have another appointment at that time'],
  ] as const)('shows the times again after %s, with the day that was chosen open', async (code, said) => {
    const { link, startsAt } = await linked();
    refuse(code);
    const again = await move(link, startsAt + DAY);
    expect(again.status).toBe(409);
    expect(again.html).toContain(`role="alert">${said}`);
    expect(/<details open>(.*?)<\/details>/s.exec(again.html)?.[1]).toContain(instant(startsAt + DAY));
  });

  it.each([
    ['nothing', {}, 422, 'Please choose one of the times first'],
    ['nonsense', { startsAt: 'tomorrow' }, 422, 'Please choose one of the times first'],
    ['a time of the year 0', { startsAt: '0000-01-01T00:00:00Z' }, 422, 'Please choose one of the times first'],
    [
      'a time before there were clocks',
      { startsAt: '0001-01-01T00:00:00Z' },
      422,
      'Please choose one of the times first',
    ],
    ['the last time there is', { startsAt: '9999-12-31T23:59:59Z' }, 422, 'Please choose one of the times first'],
    ['a time off the grid', { startsAt: '2027-02-01T08:01:00Z' }, 409, 'That time has just been taken'],
    ['a time in the night', { startsAt: '2027-02-01T01:00:00Z' }, 409, 'That time has just been taken'],
    ['a time long past', { startsAt: '2020-02-03T10:00:00Z' }, 409, 'That time has just been taken'],
    ['a time too far ahead', { startsAt: '2040-02-01T10:00:00Z' }, 409, 'That time has just been taken'],
  ] as const)('asks again for %s, and does not trouble the appointment', async (_, form, code, said) => {
    const { link, id } = await linked();
    // Late on a Sunday nothing is left of the week that is shown.
    api.clock.at = nextMonday;
    const before = api.temporal.asked;
    const answer = await press(`${link}/move`, form);
    expect(answer.status).toBe(code);
    expect(answer.html).toContain(`role="alert">${said}`);
    expect(offered(answer.html).length).toBeGreaterThan(0);
    expect(api.temporal.asked).toBe(before);
    expect(await appointment(id)).toMatchObject({ version: 1 });
  });

  it('is refused by the appointment itself when it is too late or locked', async () => {
    const { link, id, startsAt, cancelUntil } = await linked();
    api.clock.at = cancelUntil + 1;
    const late = await move(link, startsAt + 2 * DAY);
    expect(late.status).toBe(409);
    expect(text(late.html)).toContain('That is not possible here. Your appointment stands as it was.');
    expect(text(late.html)).toContain('It is too late to move or cancel');
    const locked = await linked({ visitTypeId: clinic.lockedVisitTypeId, startsAt: startsAt + 4 * HOUR });
    expect(text((await move(locked.link, startsAt + 2 * DAY)).html)).toContain('by phone only');
    for (const moved of [id, locked.id]) expect(await appointment(moved)).toMatchObject({ version: 1 });
  });

  it('says that it could not be saved, and keeps the choice', async () => {
    const { link, id, startsAt } = await linked();
    beAway();
    const pressed = await move(link, startsAt + DAY);
    expect([pressed.status, pressed.headers.get('retry-after')]).toEqual([503, '5']);
    expect(pressed.html).toContain('role="alert">We could not save your answer');
    const opened = /<details open>(.*?)<\/details>/s.exec(pressed.html)?.[1] ?? '';
    expect(opened).toMatch(new RegExp(`value="${instant(startsAt + DAY)}"\\s+checked`));
    expect(pressed.html.match(/ checked/g)).toHaveLength(1);
    expect(await appointment(id)).toMatchObject({ version: 1 });
  });
});

describe('the weeks to choose from', () => {
  const shut = (of: TestClinic, from: string, to: string) =>
    admin`insert into provider_exceptions (clinic_id, id, provider_id, held_on, kind, opens_at, closes_at)
      select ${of.clinicId}::uuid, gen_random_uuid(), provider, day::date, 'closed', '00:00', '24:00'
      from unnest(array[${of.providerId}::uuid, ${of.otherProviderId}::uuid]) as provider,
        generate_series(${from}::date, ${to}::date, '1 day') as day`;

  it('begin where there is time, say where there is none, and lead to the nearest that has some', async () => {
    const own = await addClinic(adminUrl, { languages: ['en'] });
    api.clock.at = Date.UTC(2027, 0, 4, 10);
    const { link } = await linked({ of: own, startsAt: Date.UTC(2027, 0, 20, 10) });
    await shut(own, '2027-01-18', '2027-01-31');
    expect(hiddenOf((await open(`${link}/move`)).html, 'from')).toBe('2027-02-01');
    const empty = await open(`${link}/move?from=2027-01-21`);
    expect(offered(empty.html)).toEqual([]);
    expect(text(empty.html)).toContain('There are no free times on these days');
    expect(waysOf(empty.html)).toEqual([`${link}/move`]);
    expect(empty.html).toContain('move?from=2027-02-01"');

    await shut(own, '2027-02-01', '2028-12-31');
    expect(hiddenOf((await open(`${link}/move`)).html, 'from')).toBe('2027-01-04');
    await shut(own, '2027-01-01', '2027-01-17');
    const none = await open(`${link}/move`);
    expect(text(none.html)).toContain('There is no other free time at the moment. Call us');
    expect([none.html.includes('href="tel:+358401999000"'), none.html.includes('<form')]).toEqual([true, false]);
  });

  it('reach from today to the end of the horizon, whatever the address wishes for', async () => {
    api.clock.at = Date.UTC(2027, 0, 6, 10);
    const own = await addClinic(adminUrl, { languages: ['en'] });
    const { link } = await linked({ of: own, startsAt: Date.UTC(2027, 0, 21, 10) });
    for (const wish of ['1999-01-01', '2027-01-04']) {
      const { html } = await open(`${link}/move?from=${wish}`);
      expect(hiddenOf(html, 'from')).toBe('2027-01-04');
      expect(html).not.toContain('rel="prev"');
      expect(Math.min(...offered(html))).toBe(Date.UTC(2027, 0, 6, 12));
    }
    // 180 days from 6 January on.
    const last = (await open(`${link}/move?from=2099-01-01`)).html;
    expect([hiddenOf(last, 'from'), last.includes('rel="next"')]).toEqual(['2027-07-05', false]);
    expect(new Set(offered(last).map(localDay))).toEqual(new Set(['2027-07-05']));
    for (const nonsense of ['2027-13-01', 'soon', '"><b>', '']) {
      const { html } = await open(`${link}/move?from=${encodeURIComponent(nonsense)}`);
      expect(hiddenOf(html, 'from')).toBe('2027-01-18');
    }
  });

  it('tell the two hours apart where the clock goes back, and leave out the one that is missing', async () => {
    const night = await addClinic(adminUrl, { languages: ['en'] });
    await admin`insert into provider_exceptions (clinic_id, id, provider_id, held_on, kind, opens_at, closes_at)
      select ${night.clinicId}::uuid, gen_random_uuid(), ${night.providerId}::uuid, day::date, 'extra', '02:00', '05:00'
      from unnest(array['2027-10-31', '2027-03-28']) as day`;
    api.clock.at = Date.UTC(2027, 9, 1, 10);
    const autumn = await linked({ of: night, startsAt: Date.UTC(2027, 9, 28, 10) });
    const { html } = await open(`${autumn.link}/move`);
    const sunday = html.slice(html.indexOf('<h2>Sunday'));
    expect(text(sunday)).toMatch(
      / 2:45 3:00 UTC\+03:00 3:15 UTC\+03:00 3:30 UTC\+03:00 3:45 UTC\+03:00 3:00 UTC\+02:00 /,
    );
    const second = Date.UTC(2027, 9, 31, 1, 30);
    expect(offered(html)).toEqual(expect.arrayContaining([second - HOUR, second]));
    await move(autumn.link, second);
    expect((await open(autumn.link)).html).toContain('datetime="2027-10-31T03:30:00+02:00"');

    api.clock.at = Date.UTC(2027, 2, 1, 10);
    const spring = await linked({ of: night, startsAt: Date.UTC(2027, 2, 25, 10) });
    const march = (await open(`${spring.link}/move`)).html;
    expect(text(march.slice(march.indexOf('<h2>Sunday')))).toMatch(/ 2:30 2:45 4:00 4:15 /);
  });
});
