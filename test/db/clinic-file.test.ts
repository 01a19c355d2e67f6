import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { type ApplyOptions, applyClinic } from '../../db/commands/clinics/apply.ts';
import type { ClinicDescription } from '../../domain/clinic-description.ts';
import { parseClinicFile } from '../../scripts/admin/clinic-file.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl } = await testDatabase();
const owner = openDatabase(adminUrl, { connections: 3 });
const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => Promise.all([owner.close(), sql.end()]));

const example = await readFile(new URL('../../docs/clinic.example.yaml', import.meta.url), 'utf8');
/** Before every date of the example. */
const now = Date.UTC(2026, 10, 20, 9);
let numbersGiven = 0;

type Edit = [from: string, to: string];

/** The clinic of the example under a name and senders of its own, edited. */
function clinicFile(slug = `clinic-${randomUUID().slice(0, 8)}`) {
  const sms = `+35840300${String(++numbersGiven).padStart(4, '0')}`;
  const own: Edit[] = [
    ['slug: satama', `slug: ${slug}`],
    ['+358401000002', sms],
    ['ajat@satama.example', `ajat@${slug}.example`],
  ];
  const text = edited(example, own);
  return { slug, sms, describe: (...edits: Edit[]) => parseClinicFile(edited(text, edits), 'clinic.yaml').description };
}

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, text);
}

const apply = (description: ClinicDescription, options: Partial<ApplyOptions> = {}) =>
  applyClinic(owner, description, { now, ...options });

async function newClinic() {
  const file = clinicFile();
  const { clinicId } = await apply(file.describe());
  return { ...file, clinicId, change: (...edits: Edit[]) => apply(file.describe(...edits)) };
}

const tables =
  'clinics senders visit_types providers provider_hours provider_exceptions provider_visit_types rule_changes tasks api_keys patients appointments';

/** Every row of one clinic, or of all the others, as text to compare. */
async function rows(clinicId: string, isIt = true): Promise<string[]> {
  const found = await Promise.all(
    tables.split(' ').map(
      (table) => sql<{ row: string }[]>`
        select ${table} || ' ' || to_jsonb(t)::text as row from ${sql(table)} t where (clinic_id = ${clinicId}) = ${isIt}`,
    ),
  );
  return found
    .flat()
    .map(({ row }) => row)
    .toSorted();
}

interface Row {
  id: string;
  is_active: boolean;
}

async function provider(clinicId: string, name: string): Promise<Row> {
  const [row] = await sql<Row[]>`select id, is_active from providers where clinic_id = ${clinicId} and name = ${name}`;
  return row!;
}

async function visitType(clinicId: string, name: string): Promise<Row> {
  const [row] = await sql<Row[]>`
    select id, is_active from visit_types where clinic_id = ${clinicId} and names->>'en' = ${name}`;
  return row!;
}

/** A visit as its workflow would have left it; times are Helsinki's winter time. */
async function addVisit(clinicId: string, startsAt: string, fields: { status?: string; at?: string } = {}) {
  const { status = 'booked', at = 'Saara Niemi' } = fields;
  const [id, patientId] = [randomUUID(), randomUUID()];
  const { id: providerId } = await provider(clinicId, at);
  const { id: visitTypeId } = await visitType(clinicId, 'Check-up');
  const start = new Date(`${startsAt}+02:00`);
  const end = new Date(start.getTime() + 30 * 60_000);
  const confirmBy = status === 'pending' || status === 'held' ? start : null;
  await sql`insert into patients (clinic_id, id, first_name, last_name, created_at, updated_at)
    values (${clinicId}, ${patientId}, 'Test', 'Patient', now(), now())`;
  await sql`insert into appointments (clinic_id, id, status, patient_id, provider_id, visit_type_id, starts_at, ends_at, confirm_by,
      version, revision, plan, settled_at, created_at, updated_at)
    values (${clinicId}, ${id}, ${status}, ${patientId}, ${providerId}, ${visitTypeId}, ${start}, ${end}, ${confirmBy},
      1, 1, '[]', now(), now(), now())`;
  return { id, patientId };
}

const tasksOf = (clinicId: string) => sql`
  select kind, status, appointment_id, patient_id, detail from tasks where clinic_id = ${clinicId} order by detail->>'date'`;

describe('the file of a clinic', () => {
  it('makes a clinic out of nothing, and nothing more of it the second time', async () => {
    const { describe } = clinicFile();
    const first = await apply(describe());
    expect(first.changes.map(({ kind, change }) => `${change} ${kind}`)).toEqual([
      'added clinic',
      'added sender',
      'added sender',
      'added visitType',
      'added visitType',
      'added visitType',
      'added provider',
      'added provider',
    ]);
    expect(first).toMatchObject({ visitsInClosedTime: 0, ruleChangeId: null });
    const before = await rows(first.clinicId);
    expect(before.length).toBeGreaterThan(30);
    expect(await apply(describe())).toEqual({ ...first, changes: [] });
    expect(await rows(first.clinicId)).toEqual(before);
  });

  it('is only tried where it is a dry run', async () => {
    const { describe } = clinicFile();
    const preview = await apply(describe(), { isDryRun: true });
    expect(await rows(preview.clinicId)).toEqual([]);
    expect(await apply(describe(), { agreed: preview.changes })).toEqual(preview);
  });

  it('does nothing else than what was agreed to', async () => {
    const { clinicId, describe, change } = await newClinic();
    const { changes: agreed } = await apply(describe(['name: Saara Niemi', 'name: Saara Mäki']), { isDryRun: true });
    await change(['fri: 08:00-13:00', 'fri: 08:00-12:00']);
    const before = await rows(clinicId);
    await expect(apply(describe(['name: Saara Niemi', 'name: Saara Mäki']), { agreed })).rejects.toThrow('look again');
    expect(await rows(clinicId)).toEqual(before);
  });

  it('makes a clinic once where two apply it at once', async () => {
    const { describe } = clinicFile();
    const both = await Promise.all([apply(describe()), apply(describe())]);
    expect(both.map(({ changes }) => changes.length).toSorted((a, b) => a - b)).toEqual([0, 8]);
  });

  it('touches no row of another clinic, whatever it changes', async () => {
    const other = await newClinic();
    await addVisit(other.clinicId, '2027-02-02T10:00');
    const { clinicId, change } = await newClinic();
    await addVisit(clinicId, '2027-02-02T10:00');
    const others = await rows(clinicId, false);
    const ours = await rows(clinicId);
    const { changes, visitsInClosedTime, ruleChangeId } = await change(
      ['name: Sataman', 'name: Uuden'],
      ['before: 2d, at: 13:00', 'before: 3d, at: 13:00'],
      ['- 2027-01-01', '- 2027-02-02'],
      ['durationMinutes: 45', 'durationMinutes: 50'],
      ['mon-wed: 08:00-12:00', 'mon-wed: 08:30-12:00'],
      ['key: orthodontist', 'key: someone-else'],
      ['  email: ajat', '  email: toinen'],
    );
    expect([changes.length, visitsInClosedTime, ruleChangeId === null]).toEqual([7, 1, false]);
    expect(await rows(clinicId)).not.toEqual(ours);
    expect(await rows(clinicId, false)).toEqual(others);
  });
});

describe('what is not in the file any more', () => {
  const withoutOskar: Edit[] = [
    ['  - key: orthodontist', '  - key: other'],
    ['name: Oskar Lind', 'name: Other'],
  ];

  it('is given up and not removed, and comes back under its old id', async () => {
    const { clinicId, change } = await newClinic();
    const oskar = await provider(clinicId, 'Oskar Lind');
    await change(...withoutOskar);
    expect(await provider(clinicId, 'Oskar Lind')).toEqual({ ...oskar, is_active: false });
    const { changes } = await change();
    expect(changes.map(({ change: what, name }) => `${what} ${name}`)).toEqual([
      'restored Oskar Lind',
      'givenUp Other',
    ]);
    expect(await provider(clinicId, 'Oskar Lind')).toEqual(oskar);
  });

  it('leaves the visits as they are', async () => {
    const { clinicId, change } = await newClinic();
    await addVisit(clinicId, '2027-02-02T10:00', { at: 'Oskar Lind' });
    const visits = () => sql`select * from appointments where clinic_id = ${clinicId}`;
    const before = await visits();
    await change(...withoutOskar, ['  - key: check-up', '  - key: check'], ['offers: [check-up', 'offers: [check']);
    expect(await visits()).toEqual(before);
    const types = await sql<{ is_active: boolean }[]>`
      select is_active from visit_types where clinic_id = ${clinicId} and names->>'en' = 'Check-up' order by is_active`;
    expect(types.map(({ is_active: isActive }) => isActive)).toEqual([false, true]);
  });

  it('still decides whose an answer to a number is that was given up', async () => {
    const { clinicId, sms, change } = await newClinic();
    await change([sms, '+358403009999']);
    const senders =
      await sql`select address, is_active from senders where clinic_id = ${clinicId} and channel = 'sms' order by 1`;
    expect(senders.map((row) => ({ ...row }))).toEqual([
      { address: sms, is_active: false },
      { address: '+358403009999', is_active: true },
    ]);
    const [found] = await sql`select clinic_id from find_sender('sms', ${sms})`;
    expect(found?.['clinic_id']).toBe(clinicId);
  });
});

describe('a file is refused', () => {
  const errorsOf = async (description: ClinicDescription) => {
    const error: unknown = await apply(description).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return (error as { errors: unknown[] }).errors;
  };

  it('whose sender is another clinic’s, also one that was given up', async () => {
    const other = await newClinic();
    await other.change([other.sms, '+358403008888']);
    for (const taken of [other.sms, '+358403008888']) {
      const { sms, describe } = clinicFile();
      expect(await errorsOf(describe([sms, taken]))).toEqual([
        { pointer: '/senders/sms', detail: "is another clinic's sender" },
      ]);
    }
  });

  it('whose ids are another clinic’s, with nothing half done', async () => {
    const stranger = await addClinic(adminUrl);
    const { slug, describe } = clinicFile();
    const description = describe(
      ['key: filling', `key: filling\n    id: ${stranger.visitTypeId}`],
      ['key: orthodontist', `key: orthodontist\n    id: ${stranger.providerId}`],
    );
    expect(await errorsOf(description)).toEqual([
      { pointer: '/visitTypes/1/id', detail: 'is the id of another clinic' },
      { pointer: '/providers/1/id', detail: 'is the id of another clinic' },
    ]);
    expect(await sql`select from clinics where slug = ${slug}`).toHaveLength(0);
  });

  it('whose slug is another clinic’s', async () => {
    const stranger = await addClinic(adminUrl);
    const { describe, slug } = clinicFile();
    expect(await errorsOf(describe([`slug: ${slug}`, `slug: ${stranger.slug}\nid: ${randomUUID()}`]))).toEqual([
      { pointer: '/slug', detail: 'is the slug of another clinic' },
    ]);
  });
});

describe('a clinic with an id of its own', () => {
  it('may change its slug', async () => {
    const { clinicId, slug, describe } = await newClinic();
    const { changes } = await apply(describe([`slug: ${slug}`, `slug: ${slug}-new\nid: ${clinicId}`]));
    expect(changes).toMatchObject([
      { kind: 'clinic', change: 'changed', differences: [{ label: 'slug', from: slug, to: `${slug}-new` }] },
    ]);
  });
});

describe('a closed time laid over visits', () => {
  it('cancels nothing and asks staff about each of them, once', async () => {
    const { clinicId, change } = await newClinic();
    const booked = await addVisit(clinicId, '2027-02-02T10:00');
    const pending = await addVisit(clinicId, '2027-02-03T10:00', { status: 'pending' });
    const before = await sql`select * from appointments where clinic_id = ${clinicId} order by id`;
    const closing: Edit = ['- 2027-02-15 to 2027-02-21', '- 2027-02-01 to 2027-02-21'];
    expect(await change(closing)).toMatchObject({ visitsInClosedTime: 2 });
    const about = (visit: typeof booked, date: string) => ({
      kind: 'closedDay',
      status: 'open',
      appointment_id: visit.id,
      patient_id: visit.patientId,
      detail: expect.objectContaining({ date, opensAt: '00:00', closesAt: '24:00' }),
    });
    const tasks = [about(booked, '2027-02-02'), about(pending, '2027-02-03')];
    expect(await tasksOf(clinicId)).toEqual(tasks);
    expect(await sql`select * from appointments where clinic_id = ${clinicId} order by id`).toEqual(before);

    expect(await change(closing)).toMatchObject({ changes: [], visitsInClosedTime: 0 });
    await change();
    await sql`update tasks set status = 'resolved' where clinic_id = ${clinicId}`;
    await change(closing);
    expect(await tasksOf(clinicId)).toHaveLength(2);
  });

  it.each([
    ['a visit that touches it', { visit: '2027-02-02T11:45', closed: '2027-02-02 12:00-13:00', asked: 1 }],
    ['one that ends when it begins', { visit: '2027-02-02T11:30', closed: '2027-02-02 12:00-13:00', asked: 0 }],
    ['one that begins when it ends', { visit: '2027-02-02T13:00', closed: '2027-02-02 12:00-13:00', asked: 0 }],
    ['one outside the hours, at local midnight', { visit: '2027-02-06T00:00', closed: '2027-02-06', asked: 1 }],
    ['one of the day before, at local midnight', { visit: '2027-02-05T23:30', closed: '2027-02-06', asked: 0 }],
    ['one at another provider', { visit: '2027-02-02T10:00', closed: '2027-02-02', at: 'Oskar Lind', asked: 0 }],
    ['a cancelled one', { visit: '2027-02-02T10:00', closed: '2027-02-02', status: 'cancelled', asked: 0 }],
    ['a hold', { visit: '2027-02-02T10:00', closed: '2027-02-02', status: 'held', asked: 0 }],
    ['one that is over', { visit: '2026-11-20T09:00', closed: '2026-11-20', asked: 0 }],
  ])('is a matter of its own times: %s', async (_, { visit, closed, asked, ...fields }) => {
    const { clinicId, change } = await newClinic();
    await addVisit(clinicId, visit, fields);
    await change(['- 2027-02-15 to 2027-02-21', `- ${closed}`]);
    expect(await tasksOf(clinicId)).toHaveLength(asked);
  });
});

describe('other reminder rules', () => {
  const untold = (clinicId: string) => sql`select id, told_at from rule_changes where clinic_id = ${clinicId}`;

  it.each<[string, Edit]>([
    ['of the clinic', ['before: 2d, at: 13:00', 'before: 2d, at: 14:00']],
    ['of a visit type', ['before: 3d, at: 10:00', 'before: 4d, at: 10:00']],
  ])('%s are written down as to be told, once', async (_, edit) => {
    const { clinicId, change } = await newClinic();
    const { ruleChangeId } = await change(edit);
    expect(await untold(clinicId)).toEqual([{ id: ruleChangeId, told_at: null }]);
    expect((await change(edit)).ruleChangeId).toBeNull();
    expect(await untold(clinicId)).toHaveLength(1);
  });

  it('are nothing that another change brings with it', async () => {
    const { clinicId, change } = await newClinic();
    expect(await change(['cancelMinutes: 2880', 'cancelMinutes: 1440'])).toMatchObject({ ruleChangeId: null });
    expect(await untold(clinicId)).toHaveLength(0);
  });
});
