import { eq, inArray, sql } from 'drizzle-orm';
import type { OpeningId, RequestId } from '../../../domain/ids.ts';
import { type OpeningTurn, liveOfferStatuses } from '../../../domain/opening.ts';
import type { ClinicTransaction, Database } from '../../client.ts';
import { offers, openings, patients } from '../../schema/index.ts';
import { closeOpening } from './close.ts';
import { type OpeningCommand, takeTurn } from './turn.ts';

export interface StaffCommand extends OpeningCommand {
  requestId: RequestId;
}

/** Stops the offering: the time is free again and those who were asked are told. One that has ended stays as it is. */
export function withdrawOpening(db: Database, { requestId: _, ...command }: StaffCommand): Promise<OpeningTurn> {
  return takeTurn(db, command, async (tx, opening) => {
    if (opening.status !== 'offering') return opening;
    return closeOpening(tx, opening, { status: 'withdrawn', reason: 'staff', now: command.now });
  });
}

/** Lets patients book the time online as well, while it is offered. One that has ended stays as it is. */
export function releaseOpening(db: Database, { requestId: _, ...command }: StaffCommand): Promise<OpeningTurn> {
  return takeTurn(db, command, async (tx, opening) => {
    if (opening.status !== 'offering' || opening.isReleased) return opening;
    const released = { isReleased: true, revision: opening.revision + 1 };
    await tx.update(openings).set(released).where(eq(openings.id, opening.id));
    return { ...opening, ...released };
  });
}

/** Ends the chances of everybody with this phone, who wants no more texts; answers the openings that are to ask others instead. */
export async function voidOffersOf(tx: ClinicTransaction, phone: string): Promise<OpeningId[]> {
  const isTheirs = sql`${offers.patientId} in (select ${patients.id} from ${patients} where ${eq(patients.mobile, phone)})
    and ${inArray(offers.status, [...liveOfferStatuses])}`;
  const concerned = tx.select({ id: offers.openingId }).from(offers).where(isTheirs);
  // Openings are locked before their offers, in one order, as by all who change them.
  const locked = await tx
    .select({ id: openings.id })
    .from(openings)
    .where(inArray(openings.id, concerned))
    .orderBy(openings.id)
    .for('no key update');
  if (locked.length === 0) return [];
  const ended = await tx.update(offers).set({ status: 'void' }).where(isTheirs).returning({ id: offers.openingId });
  const ids = [...new Set(ended.map(({ id }) => id))];
  if (ids.length === 0) return [];
  await tx
    .update(openings)
    .set({ revision: sql`${openings.revision} + 1` })
    .where(inArray(openings.id, ids));
  return ids;
}
