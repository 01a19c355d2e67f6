import { randomUUID } from 'node:crypto';
import { visitTypeSchema, weeklyHoursSchema, type Provider, type VisitType } from '../../../domain/catalogue.ts';
import type { Actor } from '../../../domain/appointment.ts';
import type { ClinicId, PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Channel } from '../../../domain/plan.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import * as tables from '../../schema/index.ts';

export interface ClinicSetUp {
  clinic: Omit<typeof tables.clinics.$inferInsert, 'clinicId' | 'policy'>;
  senders: readonly { id: string; channel: Channel; address: string }[];
  apiKeys: readonly { id: string; name: string; digest: Buffer; scopes: readonly Actor[] }[];
  visitTypes: readonly VisitType[];
  providers: readonly Provider[];
  patients: readonly NewPatient[];
}

export type NewPatient = { id: PatientId } & Omit<
  typeof tables.patients.$inferInsert,
  'clinicId' | 'id' | 'createdAt' | 'updatedAt'
>;

/**
 * Adds what is missing of a clinic and leaves alone whatever is there already, so that a second run changes nothing and
 * undoes nothing that people have changed. Needs the owner's connection: the app role may not write a catalogue.
 */
export async function setUpClinic(db: Database, clinicId: ClinicId, setUp: ClinicSetUp, now: Instant): Promise<void> {
  await inClinic(db, clinicId, async (tx) => {
    await tx
      .insert(tables.clinics)
      .values({ clinicId, ...setUp.clinic })
      .onConflictDoNothing();
    await addVisitTypes(tx, clinicId, setUp.visitTypes);
    for (const provider of setUp.providers) await addProvider(tx, clinicId, provider);
    await addEach(setUp.senders, (sender) => tx.insert(tables.senders).values({ clinicId, ...sender }));
    await addEach(setUp.apiKeys, ({ scopes, ...key }) =>
      tx.insert(tables.apiKeys).values({ clinicId, ...key, scopes: [...scopes], createdAt: now }),
    );
    await addEach(setUp.patients, (patient) =>
      tx.insert(tables.patients).values({ clinicId, ...patient, createdAt: now, updatedAt: now }),
    );
  });
}

interface Addition {
  onConflictDoNothing(): PromiseLike<unknown>;
}

async function addEach<Item>(items: readonly Item[], insert: (item: Item) => Addition): Promise<void> {
  for (const item of items) await insert(item).onConflictDoNothing();
}

async function addVisitTypes(tx: ClinicTransaction, clinicId: ClinicId, types: readonly VisitType[]): Promise<void> {
  await addEach(types, ({ id, selfService, cutoffs, backfill, ...type }) => {
    visitTypeSchema.parse({ selfService, cutoffs, backfill, ...type });
    return tx.insert(tables.visitTypes).values({
      clinicId,
      id,
      ...type,
      selfServiceCancel: selfService.cancel,
      selfServiceMove: selfService.move,
      cancelCutoffMinutes: cutoffs?.cancelMinutes ?? null,
      moveCutoffMinutes: cutoffs?.moveMinutes ?? null,
      mayBackfill: backfill,
    });
  });
}

// Hours belong to a provider who is new: those of a known one may have been changed since.
async function addProvider(tx: ClinicTransaction, clinicId: ClinicId, provider: Provider): Promise<void> {
  const { id, name, hours, exceptions, visitTypeIds } = provider;
  const added = await tx
    .insert(tables.providers)
    .values({ clinicId, id, name })
    .onConflictDoNothing()
    .returning({ id: tables.providers.id });
  if (added.length === 0) return;
  await addEach(hours, (open) =>
    tx.insert(tables.providerHours).values({ clinicId, providerId: id, ...weeklyHoursSchema.parse(open) }),
  );
  await addEach(exceptions, ({ date: heldOn, ...exception }) =>
    tx.insert(tables.providerExceptions).values({ clinicId, id: randomUUID(), providerId: id, heldOn, ...exception }),
  );
  await addEach(visitTypeIds, (visitTypeId) =>
    tx.insert(tables.providerVisitTypes).values({ clinicId, providerId: id, visitTypeId }),
  );
}
