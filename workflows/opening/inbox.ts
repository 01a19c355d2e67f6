import type { UpdateDefinition } from '@temporalio/common';
import { condition, setHandler } from '@temporalio/workflow';
import { Refusal } from '../../domain/errors.ts';
import type { OfferId } from '../../domain/ids.ts';
import type { OpeningTurn } from '../../domain/opening.ts';
import { asFailure } from '../refusals.ts';
import {
  type OfferAnswer,
  type OpeningProgress,
  type OpeningRequest,
  offerAnsweredSignal,
  openingChangedSignal,
  releaseUpdate,
  withdrawUpdate,
} from './messages.ts';

/** What staff ask of an opening, waiting for its turn in the loop. */
export interface AcceptedRequest {
  action: 'withdraw' | 'release';
  request: OpeningRequest;
  settle: (answer: Answer) => void;
}

type Answer = { turn: OpeningTurn } | { failure: unknown };

/** What has come in and waits for the loop. */
export interface Inbox {
  /** In the order in which they came. */
  answers: OfferAnswer[];
  /** The offers of which an answer has come: each is answered once, whatever is repeated or sent after it. */
  answered: Set<OfferId>;
  requests: AcceptedRequest[];
  /** The opening's row is another than when it was last looked at. */
  isChanged: boolean;
}

/** Registers the handlers. They change nothing but the queue. `current` answers undefined until the opening is made. */
export function acceptWord(current: () => OpeningTurn | undefined, progress?: OpeningProgress): Inbox {
  const inbox: Inbox = {
    answers: [...(progress?.answers ?? [])],
    answered: new Set(progress?.answered),
    requests: [],
    isChanged: false,
  };

  function accept(
    action: AcceptedRequest['action'],
    definition: UpdateDefinition<OpeningTurn, [OpeningRequest]>,
    description: string,
  ): void {
    const handler = async (request: OpeningRequest): Promise<OpeningTurn> => {
      let answer: Answer | undefined;
      inbox.requests.push({ action, request, settle: (given) => (answer = given) });
      await condition(() => answer !== undefined);
      if ('failure' in answer!) throw answer.failure;
      return answer!.turn;
    };
    const validator = (_: OpeningRequest): void => {
      const turn = current();
      if (turn && turn.status !== 'offering') throw asFailure(closed());
    };
    setHandler(definition, handler, { validator, description });
  }

  accept('withdraw', withdrawUpdate, 'Nobody is asked any more; the time is free again.');
  accept('release', releaseUpdate, 'Patients may book the time online as well.');
  setHandler(
    offerAnsweredSignal,
    (answer: OfferAnswer) => {
      if (inbox.answered.has(answer.offerId)) return;
      inbox.answered.add(answer.offerId);
      inbox.answers.push(answer);
    },
    { description: 'A patient takes the time, or does not want it.' },
  );
  setHandler(openingChangedSignal, () => void (inbox.isChanged = true), {
    description: 'Somebody else has changed the opening or its offers.',
  });
  return inbox;
}

/** For requests that an ended opening cannot follow. */
export function closed(): Refusal {
  return new Refusal('OPENING_CLOSED', 'The opening has ended: its time is given away, withdrawn or free again.');
}
