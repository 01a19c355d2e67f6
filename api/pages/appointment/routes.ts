import { createHash } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { type VisitPage, findVisitPage } from '../../../db/queries/visit-page.ts';
import { Refusal } from '../../../domain/errors.ts';
import { ELAPSED_DAY } from '../../../domain/interval.ts';
import { type Language, chooseLanguage } from '../../../domain/spoken-time.ts';
import { act } from '../../act.ts';
import { sha256 } from '../../authentication.ts';
import type { ApiDeps, ApiEnv } from '../../deps.ts';
import { answerError } from '../../faults.ts';
import { nothingPage, unavailablePage, visitPage } from './page.ts';
import { style } from './style.ts';

/** A link is dead so long after the end of its visit. */
const LINK_LIVES = 7 * ELAPSED_DAY;
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
const tokenShape = /^[A-Za-z0-9_-]{22}$/;

/**
 * The patient's own page of one visit. The link is the key: it is opened by mail scanners and previews as well, so looking
 * changes nothing, and whoever has no living link learns nothing.
 */
export function appointmentPage(deps: ApiDeps): Hono<ApiEnv> {
  const page = new Hono<ApiEnv>();
  page.use('/a/*', privately());

  page.get('/a/:token', async (c) => {
    const visit = await livingVisit(deps, c.req.param('token'));
    return visit ? show(c, visit, { now: deps.now() }) : nothing(c);
  });

  page.post('/a/:token/confirm', async (c) => {
    const token = c.req.param('token');
    const visit = await livingVisit(deps, token);
    if (!visit) return nothing(c);
    try {
      await confirm(deps, visit);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === 'TEMPORARILY_UNAVAILABLE') return show(c, visit, { now: deps.now(), isInTrouble: true });
      // Whatever else stood against it, the page itself shows how the visit stands.
    }
    return c.redirect(`/a/${token}`, 303);
  });

  page.onError((error, c) => {
    const { status } = answerError(deps)(error, c);
    c.header('Content-Type', undefined);
    return c.html(unavailablePage(languageWished(c)), status === 503 ? 503 : 500);
  });
  return page;
}

async function livingVisit({ db, now }: Pick<ApiDeps, 'db' | 'now'>, token: string): Promise<VisitPage | undefined> {
  if (!tokenShape.test(token)) return undefined;
  const visit = await findVisitPage(db, sha256(token));
  return visit && now() <= visit.endsAt + LINK_LIVES ? visit : undefined;
}

async function confirm(deps: ApiDeps, { clinicId, appointmentId }: VisitPage): Promise<void> {
  const patient = { actor: 'patient', actorRef: null, reason: null } as const;
  await act(deps, clinicId, { ...patient, action: 'confirm', appointmentId, notify: true });
}

function show(
  c: Context<ApiEnv>,
  visit: VisitPage,
  { now, isInTrouble = false }: { now: number; isInTrouble?: boolean },
) {
  const language = chooseLanguage([visit.language]);
  if (isInTrouble) c.header('Retry-After', '5');
  const token = c.req.param('token') ?? '';
  return c.html(visitPage({ visit, token, language, now, isInTrouble }), isInTrouble ? 503 : 200);
}

function nothing(c: Context<ApiEnv>) {
  return c.html(nothingPage(languageWished(c)), 404);
}

function languageWished(c: Context<ApiEnv>): Language {
  const tags = (c.req.header('Accept-Language') ?? '').split(',');
  return chooseLanguage(tags.map((tag) => tag.split(';', 1)[0]?.trim() ?? null));
}

/** Nothing is kept, indexed, framed, loaded from elsewhere, or told to the next page. */
function privately(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('Content-Security-Policy', POLICY);
    c.header('Referrer-Policy', 'no-referrer');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('X-Robots-Tag', 'noindex, nofollow');
  };
}
