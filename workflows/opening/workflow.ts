import {
  type ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { OpeningTurn } from '../../domain/opening.ts';
import { databaseWrite } from '../activity-options.ts';
import { refusalFrom } from '../refusals.ts';
import { type Inbox, acceptWord } from './inbox.ts';
import { OpeningLife } from './life.ts';
import { type OpeningInput, type OpeningOutcome, openUpdate } from './messages.ts';
import { showRefusal } from './operators.ts';

const { openByHand, planWave } = proxyLocalActivities<Activities>(databaseWrite);

/**
 * The life of one opening, from the moment at which a time became free until somebody has it, staff have it back, or
 * nobody is left to ask. It ends with how that was; a time that staff could not open is such an end.
 */
export async function openingWorkflow(input: OpeningInput): Promise<OpeningOutcome> {
  let life: OpeningLife | undefined;
  let begun: Begun | undefined;
  const inbox = acceptWord(() => life?.turn, input.progress);
  setHandler(
    openUpdate,
    async () => {
      await condition(() => begun !== undefined);
      if ('refusal' in begun!) throw begun.refusal;
      return begun!.turn;
    },
    { description: 'Answers once the time is open, or could not be opened.' },
  );

  begun = await begin(input, inbox);
  if ('refusal' in begun) {
    const code = begun.refusal.type ?? 'TEMPORARILY_UNAVAILABLE';
    showRefusal(code);
    for (const request of inbox.requests) request.settle({ failure: begun.refusal });
    await condition(allHandlersFinished);
    return { outcome: 'refused', code };
  }
  life = new OpeningLife(input, begun.turn);
  await live(life, inbox);
  return life.outcome;
}

type Begun = { turn: OpeningTurn } | { refusal: ApplicationFailure };

/** Opens the time first where staff want that, and asks those who are to be asked first. */
async function begin({ clinicId, openingId, wanted, progress }: OpeningInput, inbox: Inbox): Promise<Begun> {
  const opening = { clinicId, openingId };
  try {
    if (wanted && !progress) await openByHand({ ...opening, ...wanted, now: Date.now() });
  } catch (error) {
    const refusal = refusalFrom(error);
    if (refusal) return { refusal };
    throw error;
  }
  inbox.isChanged = false;
  return { turn: await planWave({ ...opening, now: Date.now() }) };
}

/** One loop, one timer. Answers first, one at a time in the order in which they came: that order decides who has the time. */
async function live(life: OpeningLife, inbox: Inbox): Promise<void> {
  try {
    while (!life.isOver || inbox.answers.length > 0 || inbox.requests.length > 0) {
      if (life.hasEnded && inbox.answers.length > 0) await life.noteLate(inbox.answers.splice(0));
      const answer = life.mayServe ? inbox.answers.shift() : undefined;
      const request = answer ? undefined : inbox.requests.shift();
      if (answer) {
        if ((await life.serve(answer)) === 'again') inbox.answers.unshift(answer);
      } else if (request) await life.obey(request);
      else if (inbox.isChanged || life.isDue) {
        inbox.isChanged = false;
        await life.goOn();
      } else if (life.isQuiet && workflowInfo().continueAsNewSuggested) await goOnAsNew(life, inbox);
      else
        await life.rest(
          () => inbox.requests.length > 0 || inbox.isChanged || (life.mayServe && inbox.answers.length > 0),
        );
    }
  } catch (error) {
    // A handler that still waits keeps a failed life running, and nobody looks.
    for (const request of inbox.requests) request.settle({ failure: error });
    throw error;
  } finally {
    await condition(allHandlersFinished);
  }
}

async function goOnAsNew(life: OpeningLife, { answers, answered }: Inbox): Promise<void> {
  await condition(allHandlersFinished);
  const progress = { answers, answered: [...answered], unsent: life.unsent };
  await continueAsNew<typeof openingWorkflow>({ ...life.input, progress });
}
