import { expect } from 'vitest';
import { type RuleChangeId, appointmentWorkflowId, asId } from '../../../domain/ids.ts';
import { type Instant, MINUTE } from '../../../domain/interval.ts';
import { rulesChangedSignal } from '../../../workflows/appointment/messages.ts';
import { type Answer, eventually } from '../../support/product.ts';
import type { Act, Moment } from './commands.ts';
import { isActive } from './contract.ts';
import { explain } from './explain.ts';
import { type Stored, look } from './look.ts';
import { type Model, replan } from './model.ts';
import { type Answered, type Sent, requestOf } from './requests.ts';
import { PATIENCE_MS, expectStored, followTime, settle } from './settle.ts';
import { type Stage, send } from './stage.ts';
import { changeRules } from './world.ts';

/** Milliseconds that clocks are rounded by on the way. */
const ROUNDING = 2;
/** A life that is being lived: the appointment of that id, and what the model says of it. */
export class Lived {
  readonly stage: Stage;
  readonly id: string;
  readonly #workflowId: string;
  readonly #begun: Answered<unknown>;
  readonly #answered: (Answered & { hadEffect: boolean })[] = [];
  model: Model;

  constructor(stage: Stage, model: Model, id: string, begun: Answered<unknown>) {
    this.stage = stage;
    this.model = model;
    this.id = id;
    this.#workflowId = appointmentWorkflowId(model.world.clinic.clinicId, asId(id));
    this.#begun = begun;
  }

  async perform(act: Act): Promise<void> {
    if (act.act === 'ask') return this.#ask(act);
    if (act.act === 'repeat') return this.#repeat(act);
    if (act.act === 'newRules') return this.#changeRules(act);
    if (act.act === 'fault') return this.stage.faults.strike(this.id, act);
    const clock = await this.clock();
    const target = act.act === 'wait' ? clock + act.minutes * MINUTE : this.#instantOf(act);
    if (target !== undefined && target > clock) await this.#goOn(target);
  }

  async goToTheEnd(): Promise<void> {
    for (let last = this.model.plan.at(-1); last; last = this.model.plan.at(-1)) await this.#goOn(last.at + 1);
  }

  /** Ended, and everything said. */
  get isOver(): boolean {
    return !isActive(this.model.visit.status) && this.model.plan.length === 0;
  }

  /** The appointment's own. */
  clock(): Promise<Instant> {
    return this.stage.product.temporal.clockOf(this.#workflowId);
  }

  async look(): Promise<Stored> {
    return (await look(this.stage.sql, this.model.world.clinic.clinicId, this.id))!;
  }

  get workflow() {
    return this.stage.product.temporal.client.workflow.getHandle(this.#workflowId);
  }

  async #goOn(to: Instant): Promise<void> {
    if (this.isOver) return;
    const [next] = this.model.plan;
    // Whoever finds out about an uncertain message lives in real time: it is to be found out before time goes on.
    const isInterrupted = next !== undefined && next.at < to && this.stage.faults.isAhead(this.id);
    await this.stage.product.temporal.advance(this.#workflowId, { to: isInterrupted ? next.at + 1 : to });
    await settle(this);
    if (isInterrupted) await this.#goOn(to);
  }

  #instantOf({ moment, offset }: { moment: Moment; offset: number }): Instant | undefined {
    const { visit, plan } = this.model;
    const instants = {
      confirmBy: visit.confirmBy,
      cancelUntil: visit.cancelUntil,
      moveUntil: visit.moveUntil,
      start: visit.startsAt,
      end: visit.endsAt,
      next: plan[0]?.at,
    };
    const instant = instants[moment];
    return instant === null || instant === undefined ? undefined : instant + offset;
  }

  async #ask({ requests, hurried }: Act & { act: 'ask' }): Promise<void> {
    // What is still to be said may be kept by an extension: it must be known.
    if (requests.some(({ action }) => action === 'extend')) await settle(this);
    const before = await this.clock();
    await this.#send(
      requests.map((request) => requestOf(this.model, this.id, request, before)),
      before,
    );
    if (!hurried) await settle(this);
  }

  async #send(requests: readonly (Sent & { earlier?: Answer })[], before: Instant): Promise<void> {
    const { stage } = this;
    const sentAt = performance.now();
    const answers = await Promise.all(requests.map((request) => send(stage, this.model.world, request)));
    const after = before + Math.ceil(performance.now() - sentAt) + ROUNDING;
    const answered = requests.map((request, index) => ({ ...request, answer: answers[index]! }));
    const stored = await this.look();
    const { models, idle } = explain(this.model, answered, stored.changes, { before, after });
    for (const { answer } of idle) stage.count(answer.status === 200 ? 'nothing-to-do' : answer.body.code);
    for (const one of answered) this.#answered.push({ ...one, hadEffect: !idle.includes(one) });
    this.model = models.at(-1)!;
    if (models.length === 1) return;
    const { action, at } = stored.changes.at(-1)!;
    expectStored(stored, this.model, action === 'extended' ? at : -Infinity);
  }

  /** What had an effect is answered as it was then, and has no other; what had none may be tried again. */
  async #repeat({ which, otherBody }: Act & { act: 'repeat' }): Promise<void> {
    const earlier = this.#answered[(which % (this.#answered.length + 1)) - 1];
    if (earlier && !earlier.hadEffect) {
      await this.#send([{ ...earlier, earlier: earlier.answer }], await this.clock());
      return settle(this);
    }
    const { answer, ...sent } = earlier ?? this.#begun;
    // A release says nothing but whose hold it is.
    const isOther = otherBody && 'actor' in sent.body;
    const body = isOther ? { ...sent.body, actorRef: 'somebody' } : sent.body;
    const again = await send(this.stage, this.model.world, { ...sent, body });
    const { status, body: said } = answer;
    expect(again).toMatchObject(
      isOther ? { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } } : { status, body: said },
    );
    await settle(this);
  }

  async #changeRules(wish: Act & { act: 'newRules' }): Promise<void> {
    await settle(this);
    this.model = { ...this.model, world: await changeRules(this.stage.sql, this.model.world, wish) };
    if (this.isOver) return;
    const before = await this.clock();
    await this.workflow.signal(rulesChangedSignal, { ruleChangeId: asId<RuleChangeId>(this.id) });
    await eventually('the new rules being followed', () => this.#hasTakenSignals(), PATIENCE_MS);
    const [after, stored] = [await this.clock(), await this.look()];
    this.model = replan(followTime(this.model, stored), { before, after });
    expectStored(stored, this.model, after);
    await settle(this);
  }

  /** At rest, and not because the task in which it took the signal was lost: that one comes again. */
  async #hasTakenSignals(): Promise<boolean> {
    if ((await this.workflow.describe()).raw.pendingWorkflowTask) return false;
    const { events } = await this.workflow.fetchHistory();
    const isLast = (name: 'workflowExecutionSignaledEventAttributes' | 'workflowTaskCompletedEventAttributes') =>
      events?.findLastIndex((event) => event[name]) ?? -1;
    return isLast('workflowTaskCompletedEventAttributes') > isLast('workflowExecutionSignaledEventAttributes');
  }
}
