import type { Instant } from '../../domain/interval.ts';
import type { Plan, PlannedMessage, PlannedStep } from '../../domain/plan.ts';

/** What an appointment's life still waits for. Each change replaces it whole; `edition` tells which change it is from. */
export class Agenda {
  #steps: PlannedStep[] = [];
  edition = 0;

  replace(plan: Plan): void {
    this.#steps = [...plan];
    this.edition += 1;
  }

  /** Takes the earliest step that is due. */
  takeDue(now: Instant): PlannedStep | undefined {
    const [first] = this.#steps;
    return first && first.at <= now ? this.#steps.shift() : undefined;
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
