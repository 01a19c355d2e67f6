import type { Context } from 'hono';
import type { LocalDate } from '../../../domain/clinic-time.ts';
import { type ErrorCode, Refusal } from '../../../domain/errors.ts';
import type { Instant } from '../../../domain/interval.ts';
import { type Wish, act } from '../../act.ts';
import type { ApiDeps, ApiEnv } from '../../deps.ts';
import { readInstant } from '../../fields.ts';
import { leadBack, openLink, showCancel, showMove, showVisit } from './answers.ts';
import type { View } from './frame.ts';
import { type Change, barOf } from './standing.ts';
import { findProvider, weekOf } from './week.ts';

type Page = Context<ApiEnv>;
type Press = (c: Page, view: View) => Promise<Response>;

/** What a form of ours sends. */
interface Form {
  startsAt: Instant | undefined;
  /** The week that was shown. */
  from: LocalDate | undefined;
  /** The appointment's, when the form was drawn. */
  version: string | undefined;
}

/** Accepts the time; on one that is accepted it changes nothing. */
export function pressConfirm(deps: ApiDeps): Press {
  return async (c, view) => {
    const form = await readForm(c);
    if (isStale(form, view)) return showVisit(c, { ...view, notice: 'changed' });
    const came = await ask(deps, view, form, { action: 'confirm' });
    if (came === 'done') return leadBack(c, view, 'confirmed');
    if (came === 'TEMPORARILY_UNAVAILABLE') return showVisit(c, { ...view, notice: 'notSaved' });
    return sayWhyNot(deps, c, view, came);
  };
}

/** Gives the time back; what is cancelled already stays so. */
export function pressCancel(deps: ApiDeps): Press {
  return async (c, view) => {
    const form = await readForm(c);
    if (isStale(form, view)) return showVisit(c, { ...view, notice: 'changed' });
    const came = await ask(deps, view, form, { action: 'cancel', notify: true });
    if (came === 'done' || came === 'APPOINTMENT_CLOSED') return leadBack(c, view, 'cancelled');
    if (came === 'TEMPORARILY_UNAVAILABLE') return showCancel(c, { ...view, notice: 'notSaved' });
    return sayWhyNot(deps, c, view, came, 'cancel');
  };
}

/** Takes the chosen time in place of the present one; the one that it has already changes nothing. */
export function pressMove(deps: ApiDeps): Press {
  return async (c, view) => {
    const { visit } = view;
    const { startsAt, ...form } = await readForm(c);
    if (startsAt !== undefined && startsAt === visit.startsAt) return leadBack(c, view, 'moved');
    if (isStale(form, view)) return showVisit(c, { ...view, notice: 'changed' });
    if (startsAt === undefined) return showMove(deps, c, { ...view, notice: 'chooseOne' }, form);

    const again = { from: weekOf(startsAt, visit.timeZone), chosen: startsAt };
    const providerId = await findProvider(deps, visit, startsAt);
    if (providerId === undefined) return showMove(deps, c, { ...view, notice: 'taken' }, again);
    const how = { notify: true, remind: true, allowPatientOverlap: false };
    const came = await ask(deps, view, form, { action: 'move', startsAt, providerId, ...how });
    if (came === 'done') return leadBack(c, view, 'moved');
    if (came === 'TEMPORARILY_UNAVAILABLE') return showMove(deps, c, { ...view, notice: 'notSaved' }, again);
    if (came === 'PATIENT_OVERLAP') return showMove(deps, c, { ...view, notice: 'overlaps' }, again);
    if (came === 'SLOT_TAKEN' || came === 'NOT_BOOKABLE') {
      return showMove(deps, c, { ...view, notice: 'taken' }, again);
    }
    return sayWhyNot(deps, c, view, came, 'move', startsAt);
  };
}

/** The appointment's own word stands, whatever the page would have offered. */
async function sayWhyNot(
  deps: ApiDeps,
  c: Page,
  view: View,
  code: ErrorCode,
  change?: Change,
  startsAt?: Instant,
): Promise<Response> {
  const bar = barOf(code);
  const fresh = await openLink(deps, view.token);
  if (fresh && bar && change) return showVisit(c, { ...fresh, notice: 'refused', refused: { [change]: { bar } } });
  if (!fresh || fresh.visit.version === view.visit.version) return leadBack(c, view);
  // A second press may come while the first one is carried out.
  if (fresh.visit.startsAt === startsAt) return leadBack(c, view, 'moved');
  return showVisit(c, { ...fresh, notice: 'changed' });
}

async function readForm(c: Page): Promise<Form> {
  const form = new URLSearchParams(await c.req.text());
  return {
    startsAt: readInstant(form.get('startsAt') ?? ''),
    from: form.get('from') ?? undefined,
    version: form.get('version') ?? undefined,
  };
}

/** Whether the time has changed since: what was pressed was about another one. */
function isStale({ version }: Pick<Form, 'version'>, { visit }: View): boolean {
  return version !== undefined && version !== String(visit.version);
}

/** Asks for it as the patient, and of the time that the form showed alone; answers the code of a refusal. */
async function ask(
  deps: ApiDeps,
  { visit }: View,
  { version }: Pick<Form, 'version'>,
  wish: Wish,
): Promise<ErrorCode | 'done'> {
  const { clinicId, id: appointmentId } = visit;
  const by = { actor: 'patient', actorRef: null, reason: null } as const;
  const about = version === undefined ? {} : { version: visit.version };
  try {
    await act(deps, clinicId, { ...wish, appointmentId, ...by, ...about });
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}
