import { expect } from 'vitest';
import { statusOf } from '../../../api/problem.ts';
import type { ErrorCode } from '../../../domain/errors.ts';
import type { Answer } from '../../support/product.ts';
import { type Verdict, isPatient, judge } from './contract.ts';
import type { Stored } from './look.ts';
import { type Model, type Span, elapse } from './model.ts';
import type { Answered } from './requests.ts';
import { shownInstant, shownVisit } from './shown.ts';
import type { Wanted } from './wanted.ts';

type Change = Stored['changes'][number];

/** What came of requests made at one time. */
interface Explained {
  /** As it was, and after each change since. */
  models: Model[];
  /** The requests that changed nothing. */
  idle: Answered[];
}

/** Every change since follows from a request that was answered so, or from time; the rest of them must change nothing. */
export function explain(
  model: Model,
  answered: readonly Answered[],
  changes: readonly Change[],
  span: Span,
): Explained {
  const models = [model];
  const idle = [...answered];
  for (const change of changes.slice(model.changes.length)) {
    const current = models.at(-1)!;
    models.push(change.actor === 'time' ? timePassed(current, change) : requested(current, change, idle, span));
  }
  for (const one of idle) expectIdle(one, models, span);
  return { models, idle };
}

/** What time has done was planned, and due. */
export function timePassed(model: Model, { action, at }: Change): Model {
  const elapsed = elapse(model, action, at);
  expect(elapsed, `${action} at ${shownInstant(at)}, planned: ${JSON.stringify(model.plan)}`).toBeDefined();
  return elapsed!;
}

/** One of the requests has made this change, by the clock that it bears; its answer says so. Takes it from `open`. */
function requested(model: Model, change: Change, open: Answered[], { before, after }: Span): Model {
  const { at } = change;
  const verdicts = open.map(({ wanted }) => judge(model, wanted, at));
  const index = open.findIndex(({ wanted, answer }, which) => {
    const verdict = verdicts[which]!;
    const next = 'model' in verdict && verdict.model !== model ? verdict.model : undefined;
    const isAnswered = answer.status === 200 && answer.body.revision === change.after.revision;
    return isAnswered && wanted.actor === change.actor && next?.changes.at(-1)!.action === change.action;
  });
  const said = open.map(({ wanted, answer }) => ({ wanted, answer: answer.body }));
  const story = JSON.stringify({ change, before, after, said, verdicts, visit: model.visit }, withoutModels);
  expect(index, `the change follows from a request: ${story}`).toBeGreaterThanOrEqual(0);
  expect(at, 'judged by its own clock').toBeGreaterThanOrEqual(before);
  expect(at, 'judged by its own clock').toBeLessThanOrEqual(after);

  const [{ answer }] = open.splice(index, 1) as [Answered];
  const { model: next } = verdicts[index] as { model: Model };
  expect(answer.body).toMatchObject(shownVisit(next));
  expect(change.after).toMatchObject(next.visit);
  expect(change).toMatchObject(next.changes.at(-1)!);
  return next;
}

/** Refused, or nothing to do, at some moment in the span; a repeat may also be answered as it was before. */
function expectIdle({ wanted, answer, earlier }: Answered, models: readonly Model[], { before, after }: Span): void {
  if (earlier?.status === 200 && isSame(answer, earlier)) return;
  const verdicts = models.flatMap((model) => [before, after].map((now) => judge(model, wanted, now)));
  if (answer.status !== 200) {
    if (answer.body.code === 'SLOT_TAKEN' && isOffered(wanted, models)) return;
    expectRefusal(answer, verdicts, { wanted, before, after, visits: models.map(({ visit }) => visit) });
    return;
  }
  const asItWas = models.filter((model) => verdicts.some((verdict) => 'model' in verdict && verdict.model === model));
  const model = asItWas.find(({ visit }) => visit.revision === answer.body.revision);
  expect(model, `nothing to do: ${JSON.stringify({ wanted, answer: answer.body })}`).toBeDefined();
  expect(answer.body).toMatchObject(shownVisit(model!));
}

/** A time that was left only now is offered, until it turns out that nobody waits for it: no patient moves back to it. */
function isOffered(wanted: Wanted, models: readonly Model[]): boolean {
  if (wanted.action !== 'move' || !isPatient(wanted.actor)) return false;
  return models.slice(0, -1).some(({ visit }) => visit.startsAt === wanted.startsAt);
}

/** Refused for a reason that one of the verdicts gives, with the status of its code. */
export function expectRefusal(answer: Answer, verdicts: readonly Verdict[], story: unknown): void {
  const codes = verdicts.flatMap((verdict): readonly string[] => ('refused' in verdict ? verdict.refused : []));
  const told = JSON.stringify({ status: answer.status, body: answer.body, story });
  expect(codes, `refused for a reason: ${told}`).toContain(answer.body.code);
  expect(answer.status).toBe(statusOf[answer.body.code as ErrorCode]);
}

function isSame(a: Answer, b: Answer): boolean {
  return a.status === b.status && JSON.stringify(a.body) === JSON.stringify(b.body);
}

function withoutModels(name: string, value: unknown): unknown {
  return name === 'model' ? 'done' : value;
}
