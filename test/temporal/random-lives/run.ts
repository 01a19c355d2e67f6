import type postgres from 'postgres';
import { expect } from 'vitest';
import { statusOf } from '../../../api/problem.ts';
import { idsOfAttempt } from '../../../api/request-ids.ts';
import type { ErrorCode } from '../../../domain/errors.ts';
import {
  type MessageId,
  type RuleChangeId,
  appointmentWorkflowId,
  asId,
  deliveryWorkflowId,
} from '../../../domain/ids.ts';
import { ELAPSED_DAY, type Instant } from '../../../domain/interval.ts';
import { rulesChangedSignal } from '../../../workflows/appointment/messages.ts';
import type { passingFaults } from '../../support/faults.ts';
import { type Answer, type Product, callApi, eventually } from '../../support/product.ts';
import type { Act, Life, Moment } from './commands.ts';
import { type Verdict, isActive, judge, judgeReservation } from './contract.ts';
import { checkEnd } from './end.ts';
import { type Stored, look } from './look.ts';
import { nextTurn, say } from './messages.ts';
import { type Model, elapse, replan } from './model.ts';
import { type Answered, type Sent, requestOf, reservationOf } from './requests.ts';
import { type World, changeRules, setUpWorld } from './world.ts';

export interface Stage {
  product: Product;
  /** The database owner's. */
  sql: postgres.Sql;
  faults: ReturnType<typeof passingFaults>;
  /** Told of everything that happened: changes, messages, refusals. */
  count: (what: string) => void;
}

/** Lives one life on the real product and by the model, and compares the two after every step. */
export async function live(stage: Stage, life: Life): Promise<void> {
  const world = await setUpWorld(stage.sql, stage.product.adminUrl, life.world);
  const lived = await Lived.begin(stage, world, life);
  if (!lived) return;
  for (const act of life.acts) await lived.perform(act);
  if (life.toTheEnd) await lived.goToTheEnd();
  await lived.checkEnd();
}

/** Milliseconds that clocks are rounded by on the way. */
const ROUNDING = 2;

export class Lived {
  readonly stage: Stage;
  readonly id: string;
  readonly workflowId: string;
  readonly begun: Answered<unknown>;
  readonly answered: (Answered & { hadEffect: boolean })[] = [];
  model: Model;

  private constructor(stage: Stage, model: Model, id: string, begun: Answered<unknown>) {
    this.stage = stage;
    this.model = model;
    this.id = id;
    this.workflowId = appointmentWorkflowId(model.world.clinic.clinicId, asId(id));
    this.begun = begun;
  }

  /** Reserves; undefined where that was rightly refused and nothing is left of it. */
  static async begin(stage: Stage, world: World, { reservation, acts }: Life): Promise<Lived | undefined> {
    const { clinicId } = world.clinic;
    const before = Date.now();
    const sent = reservationOf(world, reservation, before);
    const { appointmentId: id } = idsOfAttempt(clinicId, sent.key, 1);
    const [first] = acts;
    if (first?.act === 'fault') stage.faults.strike(id, first);
    const answer = await send(stage, world, sent);
    const stored = await look(stage.sql, clinicId, id);
    if (answer.status !== 201) {
      const verdicts = [before, Date.now()].map((now) => judgeReservation(world, sent.wanted, now));
      expectRefusal(answer, verdicts, { sent });
      stage.count(answer.body.code);
      expect(stored).toBeUndefined();
      const left = await stage.sql`select from occupancies where clinic_id = ${clinicId} and owner_id = ${id}`;
      expect(left).toHaveLength(0);
      return undefined;
    }
    const verdict = judgeReservation(world, sent.wanted, Date.parse(answer.body.createdAt));
    expect(verdict, `the reservation stands: ${JSON.stringify(sent.wanted)}`).toHaveProperty('model');
    const { model } = verdict as { model: Model };
    expect(answer.body).toMatchObject(shownVisit(model));
    expect(stored!.row).toMatchObject({ id, ...model.visit });
    expect(stored!.changes).toMatchObject(model.changes);
    expect(stored!.plan).toEqual(model.planned);
    const lived = new Lived(stage, model, id, { ...sent, answer });
    await lived.settle();
    return lived;
  }

  async perform(act: Act): Promise<void> {
    if (act.act === 'ask') return this.#ask(act);
    if (act.act === 'repeat') return this.#repeat(act);
    if (act.act === 'newRules') return this.#changeRules(act);
    if (act.act === 'fault') return this.stage.faults.strike(this.id, act);
    const clock = await this.#clock();
    const target = act.act === 'wait' ? clock + act.minutes * 60_000 : this.#instantOf(act.moment, act.offset);
    if (target !== undefined && target > clock) await this.goOn(target);
  }

  /** Lets the appointment's time pass until then. */
  async goOn(to: Instant): Promise<void> {
    if (this.isOver) return;
    await this.stage.product.temporal.advance(this.workflowId, { to });
    await this.settle();
  }

  async goToTheEnd(): Promise<void> {
    for (let last = this.model.plan.at(-1); last; last = this.model.plan.at(-1)) await this.goOn(last.at + 1);
  }

  /** Ended, and everything said. */
  get isOver(): boolean {
    return !isActive(this.model.visit.status) && this.model.plan.length === 0;
  }

  #instantOf(moment: Moment, offset: number): Instant | undefined {
    const { visit, plan } = this.model;
    const instants = {
      confirmBy: visit.confirmBy,
      cancelUntil: visit.cancelUntil,
      moveUntil: visit.moveUntil,
      start: visit.startsAt,
      end: visit.endsAt,
      next: plan[0]?.at,
      last: plan.at(-1)?.at,
    };
    const instant = instants[moment];
    return instant === null || instant === undefined ? undefined : instant + offset;
  }

  async #ask({ requests, hurried }: Act & { act: 'ask' }): Promise<void> {
    const before = await this.#clock();
    const sent = requests.map((request) => requestOf(this.model, this.id, request, before));
    await this.#explain(sent, before);
    if (!hurried) await this.settle();
  }

  async #explain(sent: Sent[], before: Instant, repeated?: Answer): Promise<void> {
    const { stage } = this;
    const sentAt = performance.now();
    const answers = await Promise.all(sent.map((one) => send(stage, this.model.world, one)));
    const after = before + Math.ceil(performance.now() - sentAt) + ROUNDING;
    const open: Answered[] = sent.map((one, index) => ({ ...one, answer: answers[index]! }));
    const stored = await this.look();
    const models = [this.model];
    for (const entry of stored.changes.slice(this.model.changes.length)) {
      const current = models.at(-1)!;
      models.push(
        entry.actor === 'time' ? this.#timePassed(current, entry) : this.#done(current, entry, open, [before, after]),
      );
    }
    for (const { wanted, answer } of open) {
      const verdicts = models.flatMap((model) => [before, after].map((now) => judge(model, wanted, now)));
      if (repeated?.status === 200 && isSame(answer, repeated)) continue;
      if (answer.status === 200) this.#expectNoEffect(answer, verdicts, models, wanted);
      else expectRefusal(answer, verdicts, { wanted, before, after, visit: this.model.visit });
      stage.count(answer.status === 200 ? 'nothing to do' : answer.body.code);
    }
    const nothing = new Set(open.map(({ key }) => key));
    sent.forEach((one, index) =>
      this.answered.push({ ...one, answer: answers[index]!, hadEffect: !nothing.has(one.key) }),
    );
    this.model = models.at(-1)!;
    if (models.length > 1) this.#compare(stored, before);
  }

  /** The tables hold what the model holds. */
  #compare(stored: Stored, before: Instant): void {
    const { visit, changes, planned } = this.model;
    expect(stored.changes.map(({ action, actor, overrode }) => ({ action, actor, overrode }))).toEqual(changes);
    expect(stored.row).toMatchObject(visit);
    const { action } = changes.at(-1)!;
    const mayBeSaid = action === 'extended' ? stored.changes.at(-1)!.at : before - ELAPSED_DAY * 1000;
    const isOpen = (step: (typeof planned)[number]) => step.at > mayBeSaid;
    expect(stored.plan.filter(isOpen)).toEqual(planned.filter(isOpen));
  }

  #timePassed(model: Model, entry: Stored['changes'][number]): Model {
    const elapsed = elapse(model, entry.action, entry.at);
    expect(
      elapsed,
      `${entry.action} at ${shownInstant(entry.at)}, planned ${JSON.stringify(model.plan)}`,
    ).toBeDefined();
    return elapsed!;
  }

  /** One of the requests has made this change; its answer says so. */
  #done(model: Model, entry: Stored['changes'][number], open: Answered[], [before, after]: [Instant, Instant]): Model {
    const { at, actor } = entry;
    const isIt = ({ answer, wanted }: Answered) => {
      if (answer.status !== 200 || answer.body.revision !== entry.after.revision || wanted.actor !== actor)
        return false;
      const verdict = judge(model, wanted, at);
      return 'model' in verdict && verdict.model !== model && verdict.model.changes.at(-1)!.action === entry.action;
    };
    const index = open.findIndex(isIt);
    const said = open.map(({ wanted, answer }) => ({ wanted, answer: answer.body, verdict: judge(model, wanted, at) }));
    const story = JSON.stringify({ entry, before, after, said, visit: model.visit }, withoutModels);
    expect(index, `the change follows from a request: ${story}`).toBeGreaterThanOrEqual(0);
    expect(at, 'judged by its own clock').toBeGreaterThanOrEqual(before);
    expect(at, 'judged by its own clock').toBeLessThanOrEqual(after);
    const [{ wanted, answer }] = open.splice(index, 1) as [Answered];
    const { model: next } = judge(model, wanted, at) as { model: Model };
    expect(answer.body).toMatchObject(shownVisit(next));
    expect(entry.after).toMatchObject(next.visit);
    expect(entry).toMatchObject(next.changes.at(-1)!);
    return next;
  }

  #expectNoEffect(answer: Answer, verdicts: Verdict[], models: Model[], wanted: unknown): void {
    const asItWas = models.filter((model) => verdicts.some((verdict) => 'model' in verdict && verdict.model === model));
    const revisions = asItWas.map(({ visit }) => visit.revision);
    expect(revisions, `a success without effect: ${JSON.stringify({ wanted, answer: answer.body })}`).toContain(
      answer.body.revision,
    );
    const model = asItWas.find(({ visit }) => visit.revision === answer.body.revision)!;
    expect(answer.body).toMatchObject(shownVisit(model));
  }

  async #repeat({ which, otherBody }: Act & { act: 'repeat' }): Promise<void> {
    const { stage, begun } = this;
    const { world } = this.model;
    const index = which % (this.answered.length + 1);
    const earlier = this.answered[index - 1];
    if (!earlier || earlier.hadEffect) {
      const { answer, ...sent } = earlier ?? begun;
      const other = sent.path.endsWith('/release') ? {} : { actorRef: 'somebody' };
      const body = otherBody ? { ...sent.body, ...other } : sent.body;
      const again = await send(stage, world, { ...sent, body });
      if (body === sent.body || Object.keys(other).length === 0)
        expect(again).toMatchObject({ status: answer.status, body: answer.body });
      else expect(again).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    } else {
      const before = await this.#clock();
      await this.#explain([earlier], before, earlier.answer);
    }
    await this.settle();
  }

  async #changeRules(wish: Act & { act: 'newRules' }): Promise<void> {
    await this.settle();
    const { stage, workflowId } = this;
    this.model = { ...this.model, world: await changeRules(stage.sql, this.model.world, wish) };
    if (this.isOver) return;
    const before = await this.#clock();
    const handle = stage.product.temporal.client.workflow.getHandle(workflowId);
    await handle.signal(rulesChangedSignal, { ruleChangeId: asId<RuleChangeId>(this.id) });
    await eventually(
      'the new rules being followed',
      async () => {
        const { raw } = await handle.describe();
        return !raw.pendingWorkflowTask;
      },
      30_000,
    );
    const stored = await this.look();
    for (const entry of stored.changes.slice(this.model.changes.length))
      this.model = this.#timePassed(this.model, entry);
    const isOpen = (step: Model['plan'][number]) => step.at > before + 10_000;
    this.model = replan(this.model, before);
    expect(stored.plan.filter(isOpen), 'the new rules are followed').toEqual(this.model.planned.filter(isOpen));
    await this.settle();
  }

  /** Waits until all has happened and been said that is due. */
  async settle(): Promise<void> {
    const clock = await this.#clock();
    let missing = '';
    await eventually(
      'settling',
      async () => {
        const stored = await this.look();
        for (const entry of stored.changes.slice(this.model.changes.length)) {
          this.model = this.#timePassed(this.model, entry);
          this.#compare(stored, clock);
        }
        const turn = nextTurn(this.model.plan);
        this.model = say(this.model, clock);
        const unsaid = await this.#unsaid(stored);
        const isDue = turn !== undefined && turn.at <= clock;
        missing = [...unsaid, ...(isDue ? [turn.key] : [])].join(', ');
        return missing === '';
      },
      30_000,
    ).catch((error: unknown) => {
      const { visit, plan, fates } = this.model;
      const state = JSON.stringify({ clock, visit, plan, fates });
      throw new Error(`at ${shownInstant(clock)} there should have been: ${missing}; ${state}`, { cause: error });
    });
  }

  async #unsaid(stored: Stored): Promise<string[]> {
    const unsaid: string[] = [];
    for (const [key, fate] of Object.entries(this.model.fates)) {
      const found = stored.notifications.find((notification) => notification.key === key);
      const isUncertain = found?.status === 'sending' && ['unknown', 'notFound'].includes(found.outcomes.at(-1) ?? '');
      if (found?.messageId && isUncertain) await this.#deliver(asId<MessageId>(found.messageId));
      if (fate === 'said' && found?.status !== 'handedOver') unsaid.push(key);
    }
    return unsaid;
  }

  /** Lets the workflow that finds out about an uncertain message come to its end. */
  async #deliver(messageId: MessageId): Promise<void> {
    const { temporal } = this.stage.product;
    const workflowId = deliveryWorkflowId(this.model.world.clinic.clinicId, messageId);
    await temporal.advance(workflowId, { by: 30 * 3_600_000 }).catch(() => {});
  }

  async look(): Promise<Stored> {
    const stored = await look(this.stage.sql, this.model.world.clinic.clinicId, this.id);
    return stored!;
  }

  checkEnd(): Promise<void> {
    return checkEnd(this);
  }

  #clock(): Promise<Instant> {
    return this.stage.product.temporal.clockOf(this.workflowId);
  }
}

/** As callers are told to do it: as often as the answer is 503. */
async function send(stage: Stage, world: World, request: Sent<unknown>): Promise<Answer> {
  const { path, body, key: idempotencyKey } = request;
  const answer = await callApi(stage.product.apiUrl, world.clinic.staffKey, 'POST', path, { body, idempotencyKey });
  return answer.status === 503 ? send(stage, world, request) : answer;
}

function expectRefusal(answer: Answer, verdicts: Verdict[], story: unknown): void {
  const codes = verdicts.flatMap((verdict) => ('refused' in verdict ? verdict.refused : []));
  const told = JSON.stringify({ status: answer.status, body: answer.body, story });
  expect(codes.map(String), `refused for a reason: ${told}`).toContain(answer.body.code);
  expect(answer.status).toBe(statusOf[answer.body.code as ErrorCode]);
}

function isSame(a: Answer, b: Answer): boolean {
  return a.status === b.status && JSON.stringify(a.body) === JSON.stringify(b.body);
}

function shownVisit({ visit, world }: Model): Record<string, unknown> {
  const fields = Object.entries(visit).map(([name, value]) => {
    const isInstant = /(At|By|Until)$/.test(name) && typeof value === 'number';
    return [name, isInstant ? shownInstant(value) : value];
  });
  return { ...Object.fromEntries(fields), timeZone: world.zone };
}

function shownInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

function withoutModels(name: string, value: unknown): unknown {
  return name === 'model' ? 'done' : value;
}
