import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PatientId, asId } from './ids.ts';
import type { ImportedPatient } from './patient-import.ts';
import { KnownPatients, type KnownPatient, PatientMatching, type RowDecision } from './patient-matching.ts';

const anna = { firstName: 'Anna', lastName: 'Meier', mobile: '+491713920011' };
const nothingMore = { email: null, birthDate: null, language: null, externalId: null };
let made = 0;
const known = (details: Partial<KnownPatient> = {}): KnownPatient => ({
  ...anna,
  ...nothingMore,
  id: asId<PatientId>(`patient-${++made}`),
  ...details,
});

function decideAll(rows: Partial<ImportedPatient>[], patients: KnownPatient[] = []): RowDecision[] {
  const matching = new PatientMatching();
  const index = new KnownPatients(patients);
  return rows.map((patient, at) => matching.decide({ row: at + 2, patient: { ...anna, ...patient } }, index));
}
const outcomes = (...from: Parameters<typeof decideAll>) =>
  decideAll(...from).map((decision) => ('reason' in decision ? decision.reason : decision.outcome));

describe('a row', () => {
  it.each<[string, Partial<ImportedPatient>, Partial<KnownPatient>, string]>([
    ['the same name and number', {}, {}, 'unchanged'],
    ['a name in other letters', { firstName: 'ÁNNA', lastName: 'Méier' }, {}, 'updated'],
    ['another name', { firstName: 'Hanna' }, {}, 'created'],
    ['another number', { mobile: '+491713920012' }, {}, 'created'],
    [
      'the same external id',
      { lastName: 'Neu', mobile: '+491713920012', externalId: '1' },
      { externalId: '1' },
      'updated',
    ],
    ['another external id', { externalId: '1' }, { externalId: '2' }, 'created'],
    ['an external id that was missing', { externalId: '1' }, {}, 'updated'],
    ['no external id', {}, { externalId: '1' }, 'unchanged'],
  ])('with %s', (_what, row, patient, outcome) => {
    expect(outcomes([row], [known(patient)])).toEqual([outcome]);
  });

  it('changes only what it says and what differs', () => {
    const patient = known({ email: 'a@example.org', language: 'de' });
    expect(decideAll([{ email: 'b@example.org', language: 'de' }], [patient])).toEqual([
      { outcome: 'updated', id: patient.id, changes: { email: 'b@example.org' } },
    ]);
  });

  it('goes by the external id first, even to another namesake', () => {
    const [one, two] = [known({ externalId: '1', firstName: 'Bea' }), known()];
    expect(decideAll([{ externalId: '1' }], [one, two])).toEqual([
      { outcome: 'updated', id: one.id, changes: { firstName: 'Anna' } },
    ]);
  });

  it('that may mean several patients is refused, and so is a later one that would change one of them', () => {
    const twins = [known({ externalId: '1' }), known({ externalId: '2' })];
    expect(
      outcomes([{}, { externalId: '1', firstName: 'Bea' }, { externalId: '2' }, { externalId: '3' }], twins),
    ).toEqual([
      'several patients have this name and number: give the external id',
      ...Array<string>(3).fill('is the same patient as row 2'),
    ]);
  });

  it('about a patient of an earlier row is refused', () => {
    const rows = [
      { externalId: '1' },
      { externalId: '2' },
      { lastName: 'Neu', externalId: '1' },
      {},
      { firstName: 'Hanna' },
      { firstName: 'Hanna', externalId: '3' },
      { firstName: 'HANNÁ' },
    ];
    expect(outcomes(rows)).toEqual([
      'created',
      'created',
      'is the same patient as row 2',
      'is the same patient as row 3',
      'created',
      'is the same patient as row 6',
      'is the same patient as row 6',
    ]);
  });

  it('gives one patient one external id, though two rows have the same name', () => {
    expect(outcomes([{ externalId: '1' }, { externalId: '2' }], [known()])).toEqual(['updated', 'created']);
  });

  it('does not find a patient under a number that an earlier row has changed', () => {
    const rows = [{ externalId: '1', mobile: '+491713920012' }, {}];
    expect(outcomes(rows, [known({ externalId: '1' })])).toEqual(['updated', 'created']);
  });
});

/** Imports as the tables would take it, batch by batch; a dry run writes nothing. */
function run(tables: KnownPatient[], file: ImportedPatient[], size: number, isDryRun: boolean): string[] {
  const matching = new PatientMatching();
  const told: string[] = [];
  for (let start = 0; start < file.length; start += size) {
    const rows = file.slice(start, start + size).map((patient, at) => ({ row: start + at + 2, patient }));
    const candidates = tables.filter((one) =>
      rows.some(({ patient }) => patient.mobile === one.mobile || (patient.externalId ?? '') === one.externalId),
    );
    const index = new KnownPatients(candidates.map((one) => ({ ...one })));
    for (const { row, patient } of rows) {
      const decision = matching.decide({ row, patient }, index);
      told.push('reason' in decision ? decision.reason : decision.outcome);
      if (isDryRun) continue;
      if (decision.outcome === 'created') tables.push(known(patient));
      if (decision.outcome !== 'updated') continue;
      Object.assign(
        tables.find(({ id }) => id === decision.id)!,
        decision.changes,
      );
    }
  }
  return told;
}

const names = fc.record({
  firstName: fc.constantFrom('Anna', 'ÁNNA', 'Bea'),
  mobile: fc.constantFrom('+491713920011', '+491713920012'),
});
const rows = fc.array(
  fc.record(
    {
      firstName: fc.constantFrom('Anna', 'ÁNNA', 'Bea'),
      mobile: fc.constantFrom('+491713920011', '+491713920012'),
      externalId: fc.constantFrom('1', '2', '3', '4'),
      email: fc.constantFrom('a@example.org', 'b@example.org'),
    },
    { requiredKeys: ['firstName', 'mobile'] },
  ),
  { maxLength: 8 },
);
const files = rows.map((list) => list.map((row) => ({ ...anna, ...row })));
const clinics = fc
  .tuple(fc.uniqueArray(fc.constantFrom('1', '2', '3', '5'), { maxLength: 3 }), fc.array(names, { maxLength: 5 }))
  .map(([ids, people]) => people.map((one, at) => ({ ...one, externalId: ids[at] ?? null })));

describe('whatever a file says and the clinic knows', () => {
  const cases = fc.tuple(clinics, files, fc.integer({ min: 1, max: 8 }));
  const holds = (check: (clinic: Partial<KnownPatient>[], file: ImportedPatient[], size: number) => void) =>
    fc.assert(
      fc.property(cases, ([clinic, file, size]) => check(clinic, file, size)),
      { numRuns: 2_000 },
    );

  it('a dry run tells what the import will do, in batches of any size', () => {
    holds((clinic, file, size) => {
      const tables = clinic.map(known);
      const promised = run(tables, file, 3, true);
      expect(run(tables, file, size, false)).toEqual(promised);
    });
  });

  it('a second import changes nothing, and refuses the same rows', () => {
    holds((clinic, file, size) => {
      const tables = clinic.map(known);
      const first = run(tables, file, size, false);
      const after = structuredClone(tables);
      const second = run(tables, file, 3, false);
      expect(tables).toEqual(after);
      expect(second).toEqual(first.map((told) => (told === 'created' || told === 'updated' ? 'unchanged' : told)));
    });
  });

  it('no external id is given twice', () => {
    holds((clinic, file, size) => {
      const tables = clinic.map(known);
      run(tables, file, size, false);
      const ids = tables.flatMap(({ externalId }) => externalId ?? []);
      expect(new Set(ids).size).toBe(ids.length);
    });
  });
});
