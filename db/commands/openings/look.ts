import { eq } from 'drizzle-orm';
import type { OpeningSight } from '../../../domain/opening.ts';
import { nextTurn } from '../../../domain/opening-rules.ts';
import { type Database, inClinic } from '../../client.ts';
import { openings } from '../../schema/index.ts';
import { rulesOf } from '../appointments/rules.ts';
import { details } from './details.ts';
import type { OpeningCommand } from './turn.ts';
import { beginningOf, wavesOf } from './waves.ts';

/** How an opening stands between its turns, as after its texts have left; null where it is not offered any more. */
export function lookAtOpening(
  db: Database,
  { clinicId, openingId, now }: OpeningCommand,
): Promise<OpeningSight | null> {
  return inClinic(db, clinicId, async (tx) => {
    const [opening] = await tx.select().from(openings).where(eq(openings.id, openingId));
    if (opening?.status !== 'offering') return null;
    const { policy, timeZone: zone } = await rulesOf(tx, opening);
    const waveBeganAt = beginningOf((await wavesOf(tx, opening)).at(-1), policy, now);
    const next = nextTurn({ now, zone, policy, offerUntil: opening.offerUntil, waveBeganAt });
    const { revision, wave } = opening;
    return { revision, wave, next, details: await details(tx, opening, next, zone) };
  });
}
