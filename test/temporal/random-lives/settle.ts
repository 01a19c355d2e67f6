import { expect } from 'vitest';
import { type MessageId, asId, deliveryWorkflowId } from '../../../domain/ids.ts';
import { HOUR, type Instant } from '../../../domain/interval.ts';
import { eventually } from '../../support/product.ts';
import { timePassed } from './explain.ts';
import type { Stored } from './look.ts';
import { nextTurn, say } from './messages.ts';
import type { Model } from './model.ts';
import type { Stage } from './stage.ts';
import { isUnsaid } from './state.ts';
import { shownInstant } from './shown.ts';

/** Longer than any quiet hours: what is uncertain in them is found out after them. */
const FOUND_OUT_WITHIN = 30 * HOUR;

/** A task that was handed to a worker as it went home is tried again after half a minute. */
export const PATIENCE_MS = 90_000;

/** A life as far as it is to be followed. */
interface Lived {
  stage: Stage;
  model: Model;
  clock(): Promise<Instant>;
  look(): Promise<Stored>;
}

/** Waits until all has happened and been said that is due, and follows with the model. */
export async function settle(lived: Lived): Promise<void> {
  const clock = await lived.clock();
  let missing: string[] = [];
  let last: Stored | undefined;
  const hasSettled = async () => {
    const stored = await lived.look();
    last = stored;
    lived.model = followTime(lived.model, stored);
    const turn = nextTurn(lived.model.plan);
    lived.model = say(lived.model, clock);
    missing = await unsaid(lived, stored);
    if (turn && turn.at <= clock) missing.push(turn.key);
    return missing.length === 0;
  };
  await eventually('all that is due', hasSettled, PATIENCE_MS).catch((error: Error) => {
    const { visit, plan, fates } = lived.model;
    const story = { missing, visit, plan, fates, notifications: last?.notifications, tasks: last?.tasks };
    throw new Error(`at ${shownInstant(clock)}: ${error.message}; ${JSON.stringify(story)}`, { cause: error });
  });
}

/** What time has done since. */
export function followTime(model: Model, stored: Stored): Model {
  const changes = stored.changes.slice(model.changes.length);
  if (changes.length === 0) return model;
  const after = changes.reduce(timePassed, model);
  expectStored(stored, after, -Infinity);
  return after;
}

/** The tables hold what the model holds; of what was planned no more is asked than what lies after `said`. */
export function expectStored(stored: Stored, { visit, changes, planned }: Model, said: Instant): void {
  expect(stored.changes.map(({ action, actor, overrode }) => ({ action, actor, overrode }))).toEqual(changes);
  expect(stored.row).toMatchObject(visit);
  const isOpen = (step: Model['planned'][number]) => step.at > said;
  expect(stored.plan.filter(isOpen), 'what is planned').toEqual(planned.filter(isOpen));
}

async function unsaid(lived: Lived, { notifications }: Stored): Promise<string[]> {
  const keys: string[] = [];
  for (const [key, fate] of Object.entries(lived.model.fates)) {
    const found = notifications.find((notification) => notification.key === key);
    const isUncertain = found?.status === 'sending' && ['unknown', 'notFound'].includes(found.outcomes.at(-1) ?? '');
    if (found?.messageId && isUncertain) await findOut(lived, asId<MessageId>(found.messageId));
    if (fate === 'said' && found?.status !== 'handedOver') keys.push(key);
    if (isUnsaid(fate) && !found) keys.push(key);
  }
  return keys;
}

/** Lets the workflow that finds out about an uncertain message do so, where it has been started already. */
async function findOut({ stage, model }: Lived, messageId: MessageId): Promise<void> {
  const workflowId = deliveryWorkflowId(model.world.clinic.clinicId, messageId);
  const { client, advance } = stage.product.temporal;
  const isThere = await client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => true,
      () => false,
    );
  if (isThere) await advance(workflowId, { by: FOUND_OUT_WITHIN });
}
