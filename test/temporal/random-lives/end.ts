import { temporal } from '@temporalio/proto';
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { occupiedRange } from '../../../domain/availability.ts';
import type { Instant } from '../../../domain/interval.ts';
import { isActive } from './contract.ts';
import type { StoredNotification } from './look.ts';
import type { Model } from './model.ts';
import type { Lived } from './lived.ts';
import { settle } from './settle.ts';
import { isUnsaid } from './state.ts';

/** Something came in while the workflow was ending: the engine lets it look at that first. */
const OVERTAKEN = temporal.api.enums.v1.WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND;

/** What is left in the tables, on the phone and in the engine is what the model ends with. */
export async function checkEnd(lived: Lived): Promise<void> {
  await settle(lived);
  const { model } = lived;
  const stored = await lived.look();
  expect(stored.row).toMatchObject(model.visit);
  expect(stored.occupied).toEqual(occupiedBy(model, stored.row.updatedAt));
  const texts = await textsOf(lived, stored.notifications);
  checkSaid(model, stored.notifications, texts);
  expect(stored.tasks, 'what staff are asked to look after').toEqual(tasksOf(model, stored.notifications));
  for (const kind of stored.tasks) lived.stage.count(`task-${kind}`);
  for (const { action } of model.changes) lived.stage.count(action);
  for (const key of texts) lived.stage.count(`told-of-${key.split(':')[0]}`);
  await checkWorkflow(lived);
}

/** A visit that ended by itself has nothing left to give back. */
function occupiedBy({ visit, world }: Model, lastChangeAt: Instant) {
  const during = occupiedRange(visit.startsAt, world.visitType);
  const isGivenUp = visit.status === 'cancelled' || visit.status === 'expired';
  const isFree = isGivenUp || (!isActive(visit.status) && lastChangeAt < during.end);
  return isFree ? [] : [{ providerId: visit.providerId, isLeased: false, ...during }];
}

/** The keys of the texts on the patient's phone, each text known by its digest. */
async function textsOf({ stage, model }: Lived, notifications: readonly StoredNotification[]): Promise<string[]> {
  const keys = new Map(notifications.flatMap(({ key, digests }) => digests.map((digest) => [digest, key] as const)));
  const { mobile, otherMobile } = model.world.clinic;
  const texts = [...(await stage.product.phone(mobile)), ...(await stage.product.phone(otherMobile))];
  return texts.map(({ body }) => keys.get(createHash('sha256').update(body).digest('hex')) ?? `unknown: ${body}`);
}

function checkSaid({ fates }: Model, notifications: readonly StoredNotification[], texts: readonly string[]): void {
  expect(texts.length, `nothing is said twice: ${texts.join(', ')}`).toBe(new Set(texts).size);
  const uncertain = notifications.filter(({ reason }) => reason === 'unknownOutcome').map(({ key }) => key);
  const due = Object.keys(fates).filter((key) => fates[key] === 'said' && !uncertain.includes(key));
  expect(texts, 'everything due is said').toEqual(expect.arrayContaining(due));
  const allowed = Object.keys(fates).filter((key) => !isUnsaid(fates[key]));
  expect(allowed, 'nothing is said that is not so').toEqual(expect.arrayContaining([...texts]));
}

/** One for each message that came too late or may not have arrived; one for a patient who cannot be reached. */
function tasksOf({ fates }: Model, notifications: readonly StoredNotification[]): string[] {
  const tasks = Object.entries(fates).flatMap(([key, fate]) => {
    const { status, reason } = notifications.find((notification) => notification.key === key) ?? {};
    const isOpen = fate === 'perhaps';
    if (fate === 'missed' || (isOpen && status === 'missed')) return ['missedMessage'];
    if (fate === 'unreachable' || (isOpen && reason === 'noChannel')) return ['undeliverable'];
    return reason === 'unknownOutcome' ? ['unknownOutcome'] : [];
  });
  return tasks.filter((kind, index) => kind !== 'undeliverable' || tasks.indexOf(kind) === index).toSorted();
}

async function checkWorkflow({ workflow: handle, model, isOver }: Lived): Promise<void> {
  if (isOver) expect(await handle.result()).toEqual({ outcome: model.visit.status });
  const { status } = await handle.describe();
  expect(status.name, `${model.visit.status}, active ${isActive(model.visit.status)}`).toBe(
    isOver ? 'COMPLETED' : 'RUNNING',
  );
  const { events } = await handle.fetchHistory();
  const failures = (events ?? []).flatMap((event) => {
    const { cause, failure } = event.workflowTaskFailedEventAttributes ?? {};
    return failure && cause !== OVERTAKEN ? [`${cause}: ${failure.message}\n${failure.stackTrace}`] : [];
  });
  expect(failures, 'no workflow task fails').toEqual([]);
}
