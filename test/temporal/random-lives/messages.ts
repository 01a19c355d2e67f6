import { type Instant, SECOND } from '../../../domain/interval.ts';
import { type Plan, type PlannedMessage, type PlannedStep, isMessage } from '../../../domain/plan.ts';
import { handOverDecision } from '../../../domain/quiet-hours.ts';
import { type Fate, type Model, isReachable } from './state.ts';

/** Work takes its time: what is due so close before a boundary may come to lie behind it. */
const UNCERTAIN = 10 * SECOND;

/** The next thing that time itself does. */
export function nextTurn(plan: Plan): PlannedStep | undefined {
  return plan.find((step) => !isMessage(step));
}

/** Everything that is due has been said, up to the next turn of time. */
export function say(model: Model, clock: Instant): Model {
  const until = Math.min(clock, nextTurn(model.plan)?.at ?? Infinity);
  const due = model.plan.find((step): step is PlannedMessage => isMessage(step) && step.at <= until);
  return due ? say(handOver(model, due), clock) : model;
}

/** Something happens in the midst: what is due at this moment may have been said, or not any more. */
export function interrupt(model: Model, now: Instant): Model {
  const due = model.plan.filter((step) => isMessage(step) && step.at <= now).map((step) => step.key);
  return due.reduce((after, key) => withFate(after, key, 'perhaps'), model);
}

/** What was due so shortly before a turn of time that it may have been overtaken. */
export function sayBefore(model: Model, turn: Instant): Model {
  return interrupt(say(model, turn - UNCERTAIN), turn);
}

function handOver(model: Model, step: PlannedMessage): Model {
  const rest = model.plan.filter((other) => other !== step);
  const [early, late] = [step.at, step.at + UNCERTAIN].map((now) => decide(model, step, now));
  if (early !== late) return withFate({ ...model, plan: rest }, step.key, 'perhaps');
  if (typeof early === 'number') return { ...model, plan: byTime([...rest, { ...step, at: early }]) };
  const fate = isReachable(model) ? 'said' : 'unreachable';
  return withFate({ ...model, plan: rest }, step.key, early === 'send' ? fate : 'missed');
}

function decide({ world, visit }: Model, step: PlannedMessage, now: Instant): 'send' | 'missed' | Instant {
  const starts = step.previousStartsAt === undefined ? [visit.startsAt] : [visit.startsAt, step.previousStartsAt];
  const decision = handOverDecision(step, now, { zone: world.zone, quietHours: world.policy.quietHours, starts });
  return typeof decision === 'string' ? decision : decision.later;
}

/** Once said is said: nothing is said twice under one key. */
function withFate(model: Model, key: string, fate: Fate): Model {
  const before = model.fates[key];
  const isOpen = before === undefined || before === 'perhaps';
  return isOpen ? { ...model, fates: { ...model.fates, [key]: fate } } : model;
}

function byTime(plan: Plan): Plan {
  return plan.toSorted((a, b) => a.at - b.at);
}
