import { type SQL, and, asc, eq, getTableColumns, ilike, or, sql } from 'drizzle-orm';
import type { PatientId } from '../../domain/ids.ts';
import type { Patient } from '../../domain/patient.ts';
import type { ClinicTransaction } from '../client.ts';
import { patients } from '../schema/index.ts';

const { clinicId: _, birthOn, ...rest } = getTableColumns(patients);
export const patientColumns = { ...rest, birthDate: birthOn };

export async function findPatient(tx: ClinicTransaction, id: PatientId): Promise<Patient | undefined> {
  const [row] = await tx.select(patientColumns).from(patients).where(eq(patients.id, id));
  return row;
}

export interface PatientSearch {
  /** What was typed: a name or part of it, an e-mail address or an external id. */
  query: string;
  /** The number that was typed, as E.164, or its last digits. */
  mobile: string | undefined;
  after: { lastName: string; firstName: string; id: PatientId } | undefined;
  limit: number;
}

/** Patients whose names have every word of the query in them, or who have that number, address or external id. By name. */
export async function searchPatients(tx: ClinicTransaction, search: PatientSearch): Promise<Patient[]> {
  const { lastName, firstName, id } = patients;
  const { query, mobile, after, limit } = search;
  return tx
    .select(patientColumns)
    .from(patients)
    .where(
      and(
        or(
          and(...query.split(' ').map(hasWord)),
          eq(patients.externalId, query),
          ilike(patients.email, escaped(query)),
          mobile === undefined ? undefined : ilike(patients.mobile, `%${escaped(mobile)}`),
        ),
        after && sql`(${lastName}, ${firstName}, ${id}) > (${after.lastName}, ${after.firstName}, ${after.id}::uuid)`,
      ),
    )
    .orderBy(asc(lastName), asc(firstName), asc(id))
    .limit(limit);
}

// A database may fold only a–z: the word is tried in the spellings that people use.
function hasWord(word: string): SQL | undefined {
  const capital = word.charAt(0).toUpperCase() + word.slice(1);
  const patterns = [...new Set([word, word.toLowerCase(), capital, word.toUpperCase()])].map(
    (spelling) => `%${escaped(spelling)}%`,
  );
  return or(...patterns.flatMap((pattern) => [ilike(patients.firstName, pattern), ilike(patients.lastName, pattern)]));
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
