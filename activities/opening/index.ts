import { Context, getClient } from '@temporalio/activity';
import type { Database } from '../../db/client.ts';
import { type AnswerCommand, recordAnswer } from '../../db/commands/openings/answer.ts';
import { type OpenCommand, openByHand } from '../../db/commands/openings/by-hand.ts';
import { type StaffCommand, releaseOpening, withdrawOpening } from '../../db/commands/openings/end.ts';
import { type LateAnswers, recordLateAnswers } from '../../db/commands/openings/late-answers.ts';
import { planWave } from '../../db/commands/openings/next-wave.ts';
import { type RefuseTaker, refuseTaker } from '../../db/commands/openings/refuse-taker.ts';
import type { OpeningCommand } from '../../db/commands/openings/turn.ts';
import type { OpeningTurn } from '../../domain/opening.ts';
import { asActivityResult } from '../refusal.ts';
import { type Award, type Awarded, awardOffer } from './award.ts';
import { type OpeningsToTell, tellOpenings } from './tell.ts';

/** What becomes of a freed time. Each is safe to run twice: the tables say what the first run has done. */
export function openingActivities(db: Database) {
  return {
    /** Makes an opening that staff want, or refuses. Twice is harmless: the id is given. */
    openByHand: (wish: OpenCommand): Promise<OpeningTurn> => asActivityResult(openByHand(db, wish)),

    /** Looks how the opening stands, and asks the next patients where it is time to. */
    planWave: (opening: OpeningCommand): Promise<OpeningTurn> => asActivityResult(planWave(db, opening)),

    /** Writes down that a patient does not want the time. */
    recordAnswer: (answer: AnswerCommand): Promise<OpeningTurn> => asActivityResult(recordAnswer(db, answer)),

    /** Writes down who answered after the end, and plans what they are to hear of it. Twice is harmless: the first time stands. */
    recordLateAnswers: (late: LateAnswers): Promise<OpeningTurn> => asActivityResult(recordLateAnswers(db, late)),

    /** Ends the chance of a patient who wanted the time and cannot have it, and plans to say so. */
    refuseTaker: (taker: RefuseTaker): Promise<OpeningTurn> => asActivityResult(refuseTaker(db, taker)),

    /** Ends the offering at staff's request. */
    withdrawOpening: (request: StaffCommand): Promise<OpeningTurn> => asActivityResult(withdrawOpening(db, request)),

    /** Lets patients book the time online as well. */
    releaseOpening: (request: StaffCommand): Promise<OpeningTurn> => asActivityResult(releaseOpening(db, request)),

    /** Has the patient's own visit take the time. Twice is harmless: the update is the same one, and the offer says if it has won. */
    awardOffer: (award: Award): Promise<Awarded> => awardOffer(db, award),

    /** Lets the workflows of openings know that they have begun or ended. Twice is harmless: they look at the tables. */
    tellOpenings: (openings: OpeningsToTell): Promise<void> => {
      const { workflow } = getClient();
      return tellOpenings(db, { workflow, taskQueue: Context.current().info.taskQueue }, openings);
    },
  };
}
