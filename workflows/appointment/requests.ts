import type { UpdateDefinition } from '@temporalio/common';
import { condition, setHandler } from '@temporalio/workflow';
import { type Appointment, checkAction, checkConfirmable, checkStarted } from '../../domain/appointment.ts';
import type { Instant } from '../../domain/interval.ts';
import { checkSelfService } from '../../domain/self-service.ts';
import { asFailure } from '../refusals.ts';
import {
  type ActionRequest,
  type CancelRequest,
  cancelUpdate,
  completeUpdate,
  confirmUpdate,
  noShowUpdate,
} from './messages.ts';

/** What can be asked of an appointment, by name. */
interface Requests {
  confirm: ActionRequest;
  cancel: CancelRequest;
  complete: ActionRequest;
  noShow: ActionRequest;
}

/** A request that was accepted and waits for its turn in the loop. Deadlines are judged by when it was accepted. */
export type AcceptedRequest = {
  [Action in keyof Requests]: {
    action: Action;
    request: Requests[Action];
    acceptedAt: Instant;
    settle: (answer: Answer) => void;
  };
}[keyof Requests];

type Answer = { appointment: Appointment } | { failure: unknown };

/** Refuses a request that its time, status or actor no longer allows: asked when it arrives and again when its turn comes. */
export function checkRequest(appointment: Appointment, { action, request, acceptedAt }: AcceptedRequest): void {
  checkAction(appointment.status, action, request.actor);
  if (action === 'confirm') checkConfirmable(appointment, acceptedAt);
  else if (action === 'cancel') checkSelfService({ action, ...request, now: acceptedAt, appointment });
  else checkStarted(appointment, acceptedAt);
}

/**
 * Registers the handlers. They change nothing: a handler checks, queues and waits for what the loop made of it.
 * `current` answers undefined until the reservation is made.
 */
export function acceptRequests(current: () => Appointment | undefined): AcceptedRequest[] {
  const queue: AcceptedRequest[] = [];

  function accept<Action extends keyof Requests>(
    action: Action,
    definition: UpdateDefinition<Appointment, [Requests[Action]]>,
    description: string,
  ): void {
    const accepted = (request: Requests[Action], settle: AcceptedRequest['settle']) =>
      ({ action, request, acceptedAt: Date.now(), settle }) as AcceptedRequest;
    const validator = (request: Requests[Action]) => {
      const appointment = current();
      if (appointment)
        orFail(() =>
          checkRequest(
            appointment,
            accepted(request, () => {}),
          ),
        );
    };
    const handler = async (request: Requests[Action]): Promise<Appointment> => {
      let answer: Answer | undefined;
      queue.push(accepted(request, (given) => (answer = given)));
      await condition(() => answer !== undefined);
      if ('failure' in answer!) throw answer.failure;
      return answer!.appointment;
    };
    setHandler(definition, handler, { validator, description });
  }

  accept('confirm', confirmUpdate, 'The patient takes the time.');
  accept('cancel', cancelUpdate, 'The time is given back.');
  accept('complete', completeUpdate, 'The visit took place.');
  accept('noShow', noShowUpdate, 'The patient did not come.');
  return queue;
}

function orFail(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw asFailure(error);
  }
}
