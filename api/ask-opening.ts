import { inClinic } from '../db/client.ts';
import { claimKey } from '../db/commands/idempotency-keys/claim.ts';
import { endAttempt } from '../db/commands/idempotency-keys/end-attempt.ts';
import { recordRequest } from '../db/commands/requests/record.ts';
import { type ListedOpening, findOpening } from '../db/queries/openings.ts';
import type { Actor } from '../domain/appointment.ts';
import { Refusal } from '../domain/errors.ts';
import { type ClinicId, type OpeningId, type RequestId, openingWorkflowId } from '../domain/ids.ts';
import type { WantedOpening } from '../workflows/opening/messages.ts';
import type { ApiDeps } from './deps.ts';
import type { Repeatable } from './idempotency.ts';
import { notFound } from './problem.ts';
import { freshOpeningId, freshRequestId, idsOfAttempt } from './request-ids.ts';
import { type OpeningOutcome, unavailable } from './temporal-gateway.ts';
import { WAITING } from './time-limit.ts';

interface ByStaff {
  actor: Actor;
  actorRef: string | null;
  /** Absent: every request is one of its own. */
  repeatable: Repeatable | undefined;
}

export interface OpeningWish extends ByStaff, Omit<WantedOpening, 'requestId' | 'actor'> {}

export interface ActionOnOpening extends ByStaff {
  action: 'withdraw' | 'release';
  openingId: OpeningId;
}

type Deps = Pick<ApiDeps, 'db' | 'temporal' | 'now'>;

/** Has a time opened once for each key, and answers with the opening as it then is. */
export async function openTime(deps: Deps, clinicId: ClinicId, wish: OpeningWish): Promise<ListedOpening> {
  const { actorRef: _, repeatable, ...wanted } = wish;
  const attempt = await beginAttempt(deps, clinicId, 'open', wish);
  const { requestId, openingId } = attempt;
  const known = attempt.isFirst ? undefined : await look(deps, clinicId, openingId);
  if (known) return known;
  const input = { clinicId, openingId, wanted: { requestId, ...wanted } };
  const outcome = await deps.temporal.open(input, { ...wanted, cause: 'manual' }, WAITING);
  if (outcome.outcome === 'refused') await endRefused(deps, clinicId, repeatable, attempt.number);
  refuseIfRefused(outcome);
  const opening = await look(deps, clinicId, openingId);
  if (!opening) throw unavailable();
  return opening;
}

/** Has an opening withdrawn or released once for each key, and answers with the opening as it then is. */
export async function actOnOpening(deps: Deps, clinicId: ClinicId, request: ActionOnOpening): Promise<ListedOpening> {
  const { action, openingId, repeatable } = request;
  if (!(await look(deps, clinicId, openingId))) throw notFound();
  const { requestId, number, isFirst } = await beginAttempt(deps, clinicId, `${action}Opening`, request);
  const workflowId = openingWorkflowId(clinicId, openingId);
  const outcome = await deps.temporal.actOnOpening(action, workflowId, { requestId }, WAITING);
  const opening = await look(deps, clinicId, openingId);
  if (!opening) throw notFound();
  if (outcome.outcome === 'done' || (!isFirst && isAsWanted(opening, action))) return opening;
  await endRefused(deps, clinicId, repeatable, number);
  refuseIfRefused(outcome);
  throw new Refusal('OPENING_CLOSED', 'The opening has ended: its time is given away, withdrawn or free again.');
}

/** After the end of its workflow a repeat is answered by what the first request has led to. */
function isAsWanted({ status, statusReason, isReleased }: ListedOpening, action: ActionOnOpening['action']): boolean {
  return action === 'release' ? isReleased : status === 'withdrawn' && statusReason === 'staff';
}

function refuseIfRefused(outcome: OpeningOutcome): void {
  if (outcome.outcome === 'refused') throw outcome.refusal;
}

interface Attempt {
  requestId: RequestId;
  openingId: OpeningId;
  number: number;
  isFirst: boolean;
}

function beginAttempt(deps: Deps, clinicId: ClinicId, action: string, by: ByStaff): Promise<Attempt> {
  const at = deps.now();
  return inClinic(deps.db, clinicId, async (tx) => {
    const { repeatable, actor, actorRef } = by;
    const number = repeatable ? (await claimKey(tx, { clinicId, ...repeatable, now: at })).attempt : 1;
    const ids = repeatable
      ? idsOfAttempt(clinicId, repeatable.key, number)
      : { requestId: freshRequestId(), openingId: freshOpeningId() };
    const record = { clinicId, id: ids.requestId, action, actor, actorRef, reason: null, createdAt: at };
    return { ...ids, number, isFirst: await recordRequest(tx, record) };
  });
}

/** What was refused may be tried again with the same key. */
async function endRefused(deps: Deps, clinicId: ClinicId, repeatable: Repeatable | undefined, attempt: number) {
  if (repeatable) await inClinic(deps.db, clinicId, (tx) => endAttempt(tx, { key: repeatable.key, attempt }));
}

function look({ db }: Deps, clinicId: ClinicId, id: OpeningId): Promise<ListedOpening | undefined> {
  return inClinic(db, clinicId, (tx) => findOpening(tx, id));
}
