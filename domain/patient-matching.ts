import type { PatientId } from './ids.ts';
import type { ImportedPatient } from './patient-import.ts';
import type { PatientDetails, PatientField } from './patient.ts';
import { bareSpelling } from './spelling.ts';

export interface KnownPatient extends PatientDetails {
  id: PatientId;
}

/** A row of the file that can be read; the header is row 1. */
export interface NumberedRow {
  row: number;
  patient: ImportedPatient;
}

/** What becomes of a row. */
export type RowDecision =
  | { outcome: 'created' | 'unchanged' }
  | { outcome: 'updated'; id: PatientId; changes: Partial<PatientDetails> }
  | { outcome: 'refused'; reason: string };

/** What a name is compared by: one name at one number is one person. */
function nameKey({ mobile, firstName, lastName }: Pick<PatientDetails, 'mobile' | 'firstName' | 'lastName'>): string {
  return [mobile, bareSpelling(firstName), bareSpelling(lastName)].join('\n');
}

/** Patients as they are in the tables, found by what the rows of a batch may mean. */
export class KnownPatients {
  readonly #byExternalId = new Map<string, KnownPatient>();
  readonly #byName = new Map<string, KnownPatient[]>();

  constructor(patients: readonly KnownPatient[]) {
    for (const patient of patients) {
      if (patient.externalId !== null) this.#byExternalId.set(patient.externalId, patient);
      const key = nameKey(patient);
      const namesakes = this.#byName.get(key);
      if (namesakes) namesakes.push(patient);
      else this.#byName.set(key, [patient]);
    }
  }

  withExternalId(externalId: string): KnownPatient | undefined {
    return this.#byExternalId.get(externalId);
  }

  /** Two external ids are two people, however alike. */
  likely(key: string, externalId: string | null): readonly KnownPatient[] {
    const namesakes = this.#byName.get(key) ?? [];
    return externalId === null ? namesakes : namesakes.filter((patient) => patient.externalId === null);
  }
}

/**
 * Decides about the rows of one file, in their order: a row is a known patient by external id, else by mobile and name.
 * A second row about a patient is refused, for which of two is right is not ours to say. What earlier rows do is known
 * without looking at the tables again: so a dry run, the import and a second import tell the same, in batches of any size.
 */
export class PatientMatching {
  readonly #rowOfExternalId = new Map<string, number>();
  readonly #rowOfName = new Map<string, number>();
  readonly #rowOfNameWithId = new Map<string, number>();
  /** Whom this file gives another name, number or external id: the tables may show them as they were. */
  readonly #renamed = new Set<PatientId>();

  decide({ row, patient }: NumberedRow, known: KnownPatients): RowDecision {
    const key = nameKey(patient);
    const externalId = patient.externalId ?? null;
    const earlier = this.#earlierRow(key, externalId);
    if (earlier !== undefined) return { outcome: 'refused', reason: `is the same patient as row ${earlier}` };
    const matches = this.#matches(key, externalId, known);
    this.#remember(row, key, externalId, matches);
    const [match, another] = matches;
    if (another) {
      return { outcome: 'refused', reason: 'several patients have this name and number: give the external id' };
    }
    if (!match) return { outcome: 'created' };
    const changes = changesOf(match, patient);
    if (Object.keys(changes).length === 0) return { outcome: 'unchanged' };
    if (changes.externalId !== undefined || nameKey(match) !== key) this.#renamed.add(match.id);
    return { outcome: 'updated', id: match.id, changes };
  }

  #earlierRow(key: string, externalId: string | null): number | undefined {
    const sameName = this.#rowOfName.get(key);
    if (externalId === null) return sameName ?? this.#rowOfNameWithId.get(key);
    return this.#rowOfExternalId.get(externalId) ?? sameName;
  }

  #matches(key: string, externalId: string | null, known: KnownPatients): readonly KnownPatient[] {
    const byExternalId = externalId === null ? undefined : known.withExternalId(externalId);
    const matches = byExternalId ? [byExternalId] : known.likely(key, externalId);
    return matches.filter(({ id }) => !this.#renamed.has(id));
  }

  /** A row with no external id may mean anybody whom it matches: no later row is to change one of them. */
  #remember(row: number, key: string, externalId: string | null, matches: readonly KnownPatient[]): void {
    (externalId === null ? this.#rowOfName : this.#rowOfNameWithId).set(key, row);
    for (const id of [externalId, ...matches.map((match) => match.externalId)]) {
      if (id !== null && !this.#rowOfExternalId.has(id)) this.#rowOfExternalId.set(id, row);
    }
  }
}

function changesOf(known: KnownPatient, patient: ImportedPatient): Partial<PatientDetails> {
  const changed = (Object.keys(patient) as PatientField[]).filter((field) => patient[field] !== known[field]);
  return Object.fromEntries(changed.map((field) => [field, patient[field]]));
}
