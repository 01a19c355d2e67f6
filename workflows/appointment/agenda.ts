import type { Instant } from '../../domain/interval.ts';
import type { Plan, PlannedMessage, PlannedStep } from '../../domain/plan.ts';

/** What an appointment's life still waits for. `edition` tells which change of the visit it is from. */
export class Agenda {
  #steps: PlannedStep[] = [];
  edition = 0;

  /** After a change of the visit: what was planned before is no longer wanted. */
  replace(plan: Plan): void {
    this.revise(plan);
    this.edition += 1;
  }

  /** The visit has stayed as it was: a message on its way may still be put back. */
  revise(plan: Plan): void {
    this.#steps = [...plan];
  }

  /**
   * Takes the earliest step that is due. The close waits for messages that are being handed over: where nothing ran for
   * days, they would find a visit that is over, and nobody would hear that they were missed.
   */
  takeDue(now: Instant, isSending: boolean): PlannedStep | undefined {
    const [first] = this.#steps;
    const isDue = first !== undefined && first.at <= now;
    return isDue && !(first.kind === 'close' && isSending) ? this.#steps.shift() : undefined;
  }

  /** Puts a message back for later, unless a change has replaced the plan that it belongs to. */
  postpone(message: PlannedMessage, at: Instant, edition: number): void {
    if (edition !== this.edition) return;
    this.#steps.push({ ...message, at });
    this.#steps.sort((a, b) => a.at - b.at);
  }

  get next(): PlannedStep | undefined {
    return this.#steps[0];
  }

  get steps(): Plan {
    return this.#steps;
  }
}
