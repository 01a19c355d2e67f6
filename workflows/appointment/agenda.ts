import type { Instant } from '../../domain/interval.ts';
import { type Plan, type PlannedMessage, type PlannedStep, inUtc } from '../../domain/plan.ts';

/** What an appointment's life still waits for. `edition` tells which change of the visit it is from. */
export class Agenda {
  readonly #changed: () => void;
  #steps: PlannedStep[] = [];
  edition = 0;

  /** `changed` is told whenever there is something else to wait for. */
  constructor(changed: () => void = () => {}) {
    this.#changed = changed;
  }

  /** After a change of the visit: what was planned before is no longer wanted. */
  replace(plan: Plan): void {
    this.edition += 1;
    this.revise(plan);
  }

  /** The visit has stayed as it was: a message on its way may still be put back. */
  revise(plan: Plan): void {
    this.#steps = [...plan];
    this.#changed();
  }

  /**
   * Takes the earliest step that is due. The close waits for messages that are being handed over: where nothing ran for
   * days, they would find a visit that is over, and nobody would hear that they were missed.
   */
  takeDue(now: Instant, isSending: boolean): PlannedStep | undefined {
    const [first] = this.#steps;
    if (!first || first.at > now || (first.kind === 'close' && isSending)) return undefined;
    this.#steps.shift();
    this.#changed();
    return first;
  }

  /** Puts a message back for later, unless a change has replaced the plan that it belongs to. */
  postpone(message: PlannedMessage, at: Instant, edition: number): void {
    if (edition !== this.edition) return;
    const { dueAt = message.at } = message;
    this.revise([...this.#steps, { ...message, at, dueAt, local: inUtc(at) }].sort((a, b) => a.at - b.at));
  }

  get next(): PlannedStep | undefined {
    return this.#steps[0];
  }

  get steps(): Plan {
    return this.#steps;
  }
}
