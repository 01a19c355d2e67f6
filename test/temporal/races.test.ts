import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idsOfAttempt } from '../../api/request-ids.ts';
import { appointmentWorkflowId } from '../../domain/ids.ts';
import { daysAhead, reserve } from '../support/bookings.ts';
import { type CrowdMember, addCrowd } from '../support/crowd.ts';
import { type Answer, eventually, startProduct } from '../support/product.ts';

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { clinic, temporal } = product;
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => sql.end());

const MINUTE = 60_000;

describe('whoever wants the same time as others', () => {
  const racers = 500;
  // The full number takes some minutes: RACE_ROUNDS=20.
  const rounds = Number(process.env['RACE_ROUNDS'] ?? 8);
  let crowd: CrowdMember[];
  let keys: string[];
  let winners = 0;

  beforeAll(async () => {
    crowd = await addCrowd(sql, clinic, racers);
    const worker = await product.startWorker();
    return () => worker.stop();
  });

  it.each(Array.from({ length: rounds }, (_, round) => [round]))(
    'is one of 500, of whom one wins, round %i',
    async (round) => {
      const startsAt = daysAhead(30 + round);
      if (round % 2 === 1) await leaveLapsedLease(startsAt);
      keys = Array.from({ length: racers }, () => randomUUID());
      // In some rounds it is one patient who asks everywhere at once.
      const patientOf = (index: number) => crowd[round % 4 === 2 ? 0 : index]!.patientId;
      const answers = await Promise.all(
        keys.map((key, index) => reserve(product, startsAt, { patientId: patientOf(index), notify: false }, key)),
      );
      expect(tallyOf(answers)).toEqual({ 201: 1, '409 SLOT_TAKEN': racers - 1 });
      const won = answers.find(({ status }) => status === 201)?.body;
      winners += 1;
      expect(await occupantsAt(startsAt)).toEqual([{ id: won.id, isPermanent: true }]);
      for (const { body } of answers.filter(({ status }) => status === 409)) {
        expect(body.alternatives).toHaveLength(5);
        expect(body.alternatives).not.toContainEqual(
          expect.objectContaining({ providerId: clinic.providerId, startsAt }),
        );
      }
    },
  );

  it('starts a workflow only by winning', async () => {
    // The list lags behind, but shows in the end what it showed for everybody: the last round is asked one by one.
    const started = await Promise.all(keys.map(hasWorkflow));
    expect(started.filter(Boolean)).toHaveLength(1);
    const counted = async () => (await temporal.client.workflow.count(`ClinicId = '${clinic.clinicId}'`)).count;
    expect(await eventually('the list', async () => (await counted()) >= winners && counted())).toBe(winners);
  });

  it('wins a time that overlaps none of the others', async () => {
    const day = Date.parse(daysAhead(60));
    const starts = Array.from({ length: 100 }, (_, index) => day + (index % 25) * 5 * MINUTE);
    const wishes = starts.map((startsAt, index) => {
      const { patientId } = crowd[index]!;
      return reserve(product, new Date(startsAt).toISOString(), { patientId, notify: false });
    });
    const answers = await Promise.all(wishes);
    const taken = starts.filter((_, index) => answers[index]?.status === 201).toSorted((a, b) => a - b);
    expect(tallyOf(answers)).toEqual({ 201: taken.length, '409 SLOT_TAKEN': starts.length - taken.length });
    expect(taken.length).toBeGreaterThan(1);
    for (const [index, startsAt] of taken.slice(1).entries())
      expect(startsAt - taken[index]!).toBeGreaterThanOrEqual(30 * MINUTE);
  });

  it('is not in two places at once, however many are asked at the same moment', async () => {
    const { patientId } = crowd[0]!;
    for (let round = 0; round < 20; round++) {
      const startsAt = daysAhead(70 + round);
      const providers = [clinic.providerId, clinic.otherProviderId];
      const answers = await Promise.all(
        providers.map((providerId) => reserve(product, startsAt, { patientId, providerId, notify: false })),
      );
      expect(tallyOf(answers)).toEqual({ 201: 1, '409 PATIENT_OVERLAP': 1 });
      // The loser's lease is given back at once.
      const won = answers.find(({ status }) => status === 201)?.body;
      expect(await occupantsAt(startsAt)).toEqual([{ id: won.id, isPermanent: true }]);
    }
  });
});

function tallyOf(answers: readonly Answer[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const { status, body } of answers) {
    const name = status < 300 ? String(status) : `${status} ${body.code}`;
    tally[name] = (tally[name] ?? 0) + 1;
  }
  return tally;
}

/** What a crash leaves behind: a time that was claimed and never reserved. */
async function leaveLapsedLease(startsAt: string): Promise<void> {
  const [from, to] = [-15, 15].map((minutes) => new Date(Date.parse(startsAt) + minutes * MINUTE));
  await sql`insert into occupancies (clinic_id, provider_id, owner_id, during, leased_until)
    values (${clinic.clinicId}, ${clinic.providerId}, ${randomUUID()}, tstzrange(${from!}, ${to!}), now() - interval '1 second')`;
}

async function occupantsAt(startsAt: string) {
  return sql`select owner_id as id, leased_until is null as "isPermanent" from occupancies
    where clinic_id = ${clinic.clinicId} and during && tstzrange(${startsAt}::timestamptz, ${startsAt}::timestamptz + interval '30 minutes')`;
}

async function hasWorkflow(key: string): Promise<boolean> {
  const { appointmentId } = idsOfAttempt(clinic.clinicId, key, 1);
  const handle = temporal.client.workflow.getHandle(appointmentWorkflowId(clinic.clinicId, appointmentId));
  return handle.describe().then(
    () => true,
    (error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    },
  );
}
