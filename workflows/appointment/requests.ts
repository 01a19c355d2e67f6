import type { UpdateDefinition } from '@temporalio/common';
import { condition, setHandler } from '@temporalio/workflow';
import {
  type Appointment,
  checkAction,
  checkConfirmable,
  checkPatient,
  checkPending,
  checkStarted,
  checkVersion,
} from '../../domain/appointment.ts';
import type { Instant } from '../../domain/interval.ts';
import { checkSelfService } from '../../domain/self-service.ts';
import { asFailure } from '../refusals.ts';
import {
  type AppointmentRequests,
  cancelUpdate,
  completeUpdate,
  confirmUpdate,
  extendUpdate,
  moveUpdate,
  noShowUpdate,
  releaseUpdate,
  rulesChangedSignal,
} from './messages.ts';

/** A request that was accepted and waits for its turn in the loop. Deadlines are judged by when it was accepted. */
export type AcceptedRequest = {
  [Action in keyof AppointmentRequests]: {
    action: Action;
    request: AppointmentRequests[Action];
    acceptedAt: Instant;
    settle: (answer: Answer) => void;
  };
}[keyof AppointmentRequests];

type Answer = { appointment: Appointment } | { failure: unknown };

/** What has come in and waits for the loop. */
export interface Inbox {
  requests: AcceptedRequest[];
  /** The clinic's rules have changed since the plan was made. */
  rulesChanged: boolean;
}

/** Refuses a request that its time, status or actor no longer allows: asked when it arrives and again when its turn comes. */
export function checkRequest(appointment: Appointment, accepted: AcceptedRequest): void {
  const { action, request, acceptedAt: now } = accepted;
  const { actor } = request;
  checkAction(appointment.status, action, actor);
  checkVersion(appointment, request.version);
  if (action === 'cancel' && request.ifPending) checkPending(appointment);
  if (action === 'cancel' || action === 'move') ruleOverridden(appointment, accepted);
  if (action === 'confirm' || action === 'move' || action === 'extend') checkConfirmable(appointment, now);
  if (action === 'confirm') checkPatient(appointment, request.patientId);
  if (action === 'complete' || action === 'noShow') checkStarted(appointment, now);
}

/**
 * The rule that staff or office override by giving or moving the time away; null where none stands against it. Refuses
 * those who may not. What the clinic itself has offered is taken whatever the rules for a move are.
 */
export function ruleOverridden(
  appointment: Appointment,
  { action, request, acceptedAt: now }: Pick<AcceptedRequest, 'acceptedAt'> & GivingUp,
): string | null {
  if (action === 'move' && request.claim) return null;
  const { actor, hasReason } = request;
  return checkSelfService({ action, actor, hasReason, now, appointment });
}

type GivingUp = { [A in 'cancel' | 'move']: { action: A; request: AppointmentRequests[A] } }['cancel' | 'move'];

/**
 * Registers the handlers. They change nothing: a handler checks, queues and waits for what the loop made of it.
 * `current` answers undefined until the reservation is made.
 */
export function acceptRequests(current: () => Appointment | undefined): Inbox {
  const inbox: Inbox = { requests: [], rulesChanged: false };

  function accept<Action extends keyof AppointmentRequests>(
    action: Action,
    definition: UpdateDefinition<Appointment, [AppointmentRequests[Action]]>,
    description: string,
  ): void {
    const accepted = (request: AppointmentRequests[Action], settle: AcceptedRequest['settle']) =>
      ({ action, request, acceptedAt: Date.now(), settle }) as AcceptedRequest;
    const validator = (request: AppointmentRequests[Action]) => {
      const appointment = current();
      if (!appointment) return;
      orFail(() =>
        checkRequest(
          appointment,
          accepted(request, () => {}),
        ),
      );
    };
    const handler = async (request: AppointmentRequests[Action]): Promise<Appointment> => {
      let answer: Answer | undefined;
      inbox.requests.push(accepted(request, (given) => (answer = given)));
      await condition(() => answer !== undefined);
      if ('failure' in answer!) throw answer.failure;
      return answer!.appointment;
    };
    setHandler(definition, handler, { validator, description });
  }

  accept('confirm', confirmUpdate, 'The patient takes the time.');
  accept('cancel', cancelUpdate, 'The time is given back.');
  accept('move', moveUpdate, 'The visit takes another time.');
  accept('extend', extendUpdate, 'The patient may answer until another instant.');
  accept('release', releaseUpdate, 'The hold is given back.');
  accept('complete', completeUpdate, 'The visit took place.');
  accept('noShow', noShowUpdate, 'The patient did not come.');
  setHandler(rulesChangedSignal, () => void (inbox.rulesChanged = true), {
    description: "The clinic's reminder rules are others now.",
  });
  return inbox;
}

function orFail(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw asFailure(error);
  }
}
