import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../config/log.ts';
import type { Database } from '../db/client.ts';
import { purgeIdempotencyKeys } from '../db/commands/idempotency-keys/purge.ts';
import { findUnhandledTexts } from '../db/inbox/find-clinic.ts';
import { type UnseenOpening, findUnseenOpenings } from '../db/queries/opening-subjects.ts';
import { type RuleChange, findUntoldRuleChanges } from '../db/queries/untold-rule-changes.ts';
import type { ClinicId, InboundMessageId } from '../domain/ids.ts';
import { type Instant, MINUTE } from '../domain/interval.ts';

export interface SweepDeps {
  db: Database;
  /** Starts the workflow of one inbound text, or joins it. */
  startInbound: (clinicId: ClinicId, inboundMessageId: InboundMessageId) => Promise<void>;
  /** Starts the workflow that tells of one change of the reminder rules, or joins it. */
  startRuleChange: (change: RuleChange) => Promise<void>;
  /** Lets the workflow of one opening look at the tables; starts it if nobody has. */
  tellOpening: (opening: UnseenOpening) => Promise<void>;
  now: () => Instant;
  log: Log;
  /** The pause between two rounds; rejects when it is ended early. */
  pause?: (signal: AbortSignal) => Promise<void>;
}

export interface Sweep {
  /** Ends after the round that is under way. */
  stop(): Promise<void>;
}

const AT_MOST = 500;

/** One round: starts what was stored more than a minute ago and not taken care of since. Answers how many that were. */
export async function sweepTexts({
  db,
  startInbound,
  now,
  log,
}: Pick<SweepDeps, 'db' | 'startInbound' | 'now' | 'log'>): Promise<number> {
  const unhandled = await findUnhandledTexts(db, { receivedBefore: now() - MINUTE, atMost: AT_MOST });
  for (const { clinicId, inboundMessageId } of unhandled) {
    // One that cannot be started does not keep the others waiting.
    await startInbound(clinicId, inboundMessageId).catch((error: unknown) =>
      log.warn('an inbound text could not be started', { clinicId, messageId: inboundMessageId }, error),
    );
  }
  if (unhandled.length > 0) log.info('found inbound texts that had been left', { count: unhandled.length });
  return unhandled.length;
}

/** One round: starts, or joins, the telling of each change of the reminder rules that is not told to all. Answers how many they are. */
export async function sweepRuleChanges({
  db,
  startRuleChange,
  log,
}: Pick<SweepDeps, 'db' | 'startRuleChange' | 'log'>): Promise<number> {
  const untold = await findUntoldRuleChanges(db, AT_MOST);
  for (const change of untold) {
    await startRuleChange(change).catch((error: unknown) =>
      log.warn('a change of rules could not be told', { clinicId: change.clinicId }, error),
    );
  }
  return untold.length;
}

/** One round: tells each opening that was changed and has not seen it, as when the one who changed it died. Answers how many they are. */
export async function sweepOpenings({
  db,
  tellOpening,
  log,
}: Pick<SweepDeps, 'db' | 'tellOpening' | 'log'>): Promise<number> {
  const unseen = await findUnseenOpenings(db, AT_MOST);
  for (const opening of unseen) {
    await tellOpening(opening).catch((error: unknown) =>
      log.warn('an opening could not be told', { clinicId: opening.clinicId }, error),
    );
  }
  return unseen.length;
}

/** Sweeps now and every minute, whatever goes wrong in one round. */
export function startSweep(deps: SweepDeps): Sweep {
  const { log, pause = (signal) => delay(MINUTE, undefined, { signal }) } = deps;
  const stopping = new AbortController();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sweepTexts(deps).catch((error: unknown) => log.warn('a sweep failed', {}, error));
      await sweepRuleChanges(deps).catch((error: unknown) => log.warn('a sweep failed', {}, error));
      await sweepOpenings(deps).catch((error: unknown) => log.warn('a sweep failed', {}, error));
      await purgeIdempotencyKeys(deps.db, deps.now()).catch((error: unknown) => log.warn('a purge failed', {}, error));
      await pause(stopping.signal).catch(() => {});
    }
  }

  const running = run();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
