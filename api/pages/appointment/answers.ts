import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { findVisitPage } from '../../../db/queries/visit-page.ts';
import type { LocalDate } from '../../../domain/clinic-time.ts';
import { ELAPSED_DAY, type Instant } from '../../../domain/interval.ts';
import { type Language, chooseLanguage } from '../../../domain/spoken-time.ts';
import { sha256 } from '../../authentication.ts';
import type { ApiDeps, ApiEnv } from '../../deps.ts';
import { cancelPage } from './cancel-page.ts';
import { type Html, type View, nothingPage } from './frame.ts';
import { movePage } from './move-page.ts';
import { type VisitView, visitPage } from './page.ts';
import { type Change, choicesOf } from './standing.ts';
import type { Done, Notice } from './texts/texts.ts';
import { findWeek } from './week.ts';

/** A link is dead so long after the end of its visit. */
const LINK_LIVES = 7 * ELAPSED_DAY;
const tokenShape = /^[A-Za-z0-9_-]{22}$/;

type Page = Context<ApiEnv>;
type Answer = Response | Promise<Response>;

/** Lets only living links through. */
export function opened(deps: ApiDeps, show: (c: Page, view: View) => Answer): (c: Page) => Promise<Response> {
  return async (c) => {
    const view = await openLink(deps, c.req.param('token') ?? '');
    return view ? show(c, view) : nothing(c);
  };
}

/** The visit as it stands now; undefined where the link opens nothing, whatever the reason. */
export async function openLink({ db, now }: Pick<ApiDeps, 'db' | 'now'>, token: string): Promise<View | undefined> {
  if (!tokenShape.test(token)) return undefined;
  const visit = await findVisitPage(db, sha256(token));
  const at = now();
  if (!visit || at > visit.endsAt + LINK_LIVES) return undefined;
  return { visit, token, language: chooseLanguage([visit.language]), now: at };
}

export function nothing(c: Page, status: 404 | 413 = 404): Answer {
  return c.html(nothingPage(languageWished(c)), status);
}

export function showVisit(c: Page, view: VisitView): Answer {
  return answer(c, view, visitPage(view));
}

export function showCancel(c: Page, view: View): Answer {
  return isOpen(view, 'cancel') ? answer(c, view, cancelPage(view)) : leadBack(c, view);
}

interface MoveWish {
  /** The week to show. */
  from: LocalDate | undefined;
  chosen?: Instant | undefined;
}

export async function showMove(deps: ApiDeps, c: Page, view: View, { from, chosen }: MoveWish): Promise<Response> {
  if (!isOpen(view, 'move')) return leadBack(c, view);
  const week = await findWeek(deps, view.visit, from);
  return answer(c, view, movePage({ ...view, week, chosen }));
}

/** To the page itself, which shows how the visit stands; `done` is shown there if the visit agrees. */
export function leadBack(c: Page, { token }: View, done?: Done): Response {
  return c.redirect(`/a/${token}${done ? `?done=${done}` : ''}`, 303);
}

export function languageWished(c: Page): Language {
  const tags = (c.req.header('Accept-Language') ?? '').split(',');
  return chooseLanguage(tags.map((tag) => tag.split(';', 1)[0]?.trim() ?? null));
}

function isOpen({ visit, now }: View, change: Change): boolean {
  const choices = choicesOf(visit, now);
  return choices !== undefined && 'until' in choices[change];
}

const statusOf: Record<Notice, ContentfulStatusCode> = {
  notSaved: 503,
  refused: 409,
  changed: 409,
  taken: 409,
  overlaps: 409,
  chooseOne: 422,
};

function answer(c: Page, { notice }: View, page: Html): Answer {
  if (notice === 'notSaved') c.header('Retry-After', '5');
  return c.html(page, notice ? statusOf[notice] : 200);
}
