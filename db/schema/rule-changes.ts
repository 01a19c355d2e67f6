import { foreignKey, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import type { PatientId, RuleChangeId } from '../../domain/ids.ts';
import { clinics } from './clinics.ts';
import { clinicId, instant } from './columns.ts';
import { patients } from './patients.ts';

/**
 * A change of what plans are made from, until the open appointments have been told of it: the clinic's reminder rules, or
 * where one patient is reached.
 */
export const ruleChanges = pgTable(
  'rule_changes',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<RuleChangeId>().notNull(),
    /** Whose appointments are told; null = everybody's. */
    patientId: uuid('patient_id').$type<PatientId>(),
    madeAt: instant('made_at').notNull(),
    toldAt: instant('told_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
  ],
);
