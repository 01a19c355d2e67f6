import type { OpeningTurn } from '../../../domain/opening.ts';
import type { Database } from '../../client.ts';
import { type OpeningCommand, takeTurn } from './turn.ts';

/**
 * Asks those who are next if it is their time, tops up a wave of which some could not be asked, or ends what has come to its
 * end and plans the word that the time is gone. A second run at the same time changes nothing.
 */
export function planWave(db: Database, command: OpeningCommand): Promise<OpeningTurn> {
  return takeTurn(db, command);
}
