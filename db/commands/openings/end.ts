import { eq } from 'drizzle-orm';
import type { RequestId } from '../../../domain/ids.ts';
import type { OpeningTurn } from '../../../domain/opening.ts';
import type { Database } from '../../client.ts';
import { openings } from '../../schema/index.ts';
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
