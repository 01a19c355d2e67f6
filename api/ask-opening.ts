import { inClinic } from '../db/client.ts';
import { type ListedOpening, findOpening } from '../db/queries/openings.ts';
import { Refusal } from '../domain/errors.ts';
import { type ClinicId, type OpeningId, openingWorkflowId } from '../domain/ids.ts';
import type { WantedOpening } from '../workflows/opening/messages.ts';
import { type Asking, type Attempt, beginAttempt, endRefused } from './attempt.ts';
import type { ApiDeps } from './deps.ts';
import { notFound } from './problem.ts';
import { type OpeningOutcome, unavailable } from './temporal-outcomes.ts';
import { WAITING } from './time-limit.ts';

export interface OpeningWish extends Asking, Omit<WantedOpening, 'requestId' | 'actor'> {}

export interface ActionOnOpening extends Asking {
  action: 'withdraw' | 'release';
  openingId: OpeningId;
}

type Deps = Pick<ApiDeps, 'db' | 'temporal' | 'now'>;

/** Has a time opened once for each key, and answers with the opening as it then is. */
export async function openTime(deps: Deps, clinicId: ClinicId, wish: OpeningWish): Promise<ListedOpening> {
  const { actorRef: _, repeatable, ...wanted } = wish;
  const attempt = await begin(deps, clinicId, 'open', wish);
  const { requestId, openingId } = attempt;
  const known = attempt.isFirst ? undefined : await look(deps, clinicId, openingId);
  if (known) return known;
  const input = { clinicId, openingId, wanted: { requestId, ...wanted } };
  const outcome = await deps.temporal.open(input, { ...wanted, cause: 'manual' }, WAITING);
  if (outcome.outcome === 'refused') await endRefused(deps, clinicId, repeatable, attempt);
  refuseIfRefused(outcome);
  const opening = await look(deps, clinicId, openingId);
  if (!opening) throw unavailable();
  return opening;
}

/** Has an opening withdrawn or released once for each key, and answers with the opening as it then is. */
export async function actOnOpening(deps: Deps, clinicId: ClinicId, request: ActionOnOpening): Promise<ListedOpening> {
  const { action, openingId, repeatable } = request;
  if (!(await look(deps, clinicId, openingId))) throw notFound();
  const attempt = await begin(deps, clinicId, `${action}Opening`, request);
  const { requestId, isFirst } = attempt;
  const workflowId = openingWorkflowId(clinicId, openingId);
  const outcome = await deps.temporal.actOnOpening(action, workflowId, { requestId }, WAITING);
  const opening = await look(deps, clinicId, openingId);
  if (!opening) throw notFound();
  if (outcome.outcome === 'done' || (!isFirst && isAsWanted(opening, action))) return opening;
  // Its workflow has not been started yet: the sweep does that soon.
  if (outcome.outcome === 'closed' && opening.status === 'offering') throw unavailable();
  await endRefused(deps, clinicId, repeatable, attempt);
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

function begin({ db, now }: Deps, clinicId: ClinicId, action: string, asking: Asking): Promise<Attempt> {
  const { actor, actorRef, repeatable } = asking;
  const request = { clinicId, action, actor, actorRef, repeatable, now: now() };
  return inClinic(db, clinicId, (tx) => beginAttempt(tx, request));
}

function look({ db }: Deps, clinicId: ClinicId, id: OpeningId): Promise<ListedOpening | undefined> {
  return inClinic(db, clinicId, (tx) => findOpening(tx, id));
}
