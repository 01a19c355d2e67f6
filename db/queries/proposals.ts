import { and, asc, eq, sql } from 'drizzle-orm';
import type { ProposalId, ProviderId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { ClinicTransaction } from '../client.ts';
import { clinics, notificationSubjects, notifications, proposalTimes, proposals } from '../schema/index.ts';

/** A proposal with the codes of its times, in the order in which the text names them. */
export interface ListedProposal {
  id: ProposalId;
  expiresAt: Instant;
  times: { code: string; providerId: ProviderId; startsAt: Instant }[];
}

export async function findProposal(tx: ClinicTransaction, id: ProposalId): Promise<ListedProposal | undefined> {
  const { code, providerId, startsAt, position } = proposalTimes;
  const [proposal] = await tx
    .select({ id: proposals.id, expiresAt: proposals.expiresAt })
    .from(proposals)
    .where(eq(proposals.id, id));
  const times = await tx
    .select({ code, providerId, startsAt })
    .from(proposalTimes)
    .where(eq(proposalTimes.proposalId, id))
    .orderBy(asc(position));
  return proposal && { ...proposal, times };
}

/** Of the time that the visit had which is to move; null for a new one. */
const version = sql<number | null>`(
  select ${notificationSubjects.version} from ${notificationSubjects}
  join ${notifications} on ${notifications.id} = ${notificationSubjects.notificationId}
  where ${notifications.dedupeKey} = 'proposal:' || ${proposals.id})`;

/** One of the times, from 1, with what is needed to take it. */
export async function findProposedTime(tx: ClinicTransaction, id: ProposalId, position: number) {
  const { patientId, visitTypeId, appointmentId } = proposals;
  const { providerId, startsAt } = proposalTimes;
  const [time] = await tx
    .select({ patientId, visitTypeId, appointmentId, version, providerId, startsAt, timeZone: clinics.timeZone })
    .from(proposalTimes)
    .innerJoin(proposals, eq(proposals.id, proposalTimes.proposalId))
    .innerJoin(clinics, eq(clinics.clinicId, proposals.clinicId))
    .where(and(eq(proposalTimes.proposalId, id), eq(proposalTimes.position, position)));
  return time;
}
export type ProposedTime = NonNullable<Awaited<ReturnType<typeof findProposedTime>>>;
