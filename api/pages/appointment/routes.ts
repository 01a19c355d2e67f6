import { createHash } from 'node:crypto';
import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ApiDeps, ApiEnv } from '../../deps.ts';
import { answerError } from '../../faults.ts';
import type { RateLimits } from '../../rate-limit.ts';
import { languageWished, leadBack, nothing, opened, showCancel, showMove, showVisit } from './answers.ts';
import { busyPage, foreignPage, unavailablePage } from './frame.ts';
import { fromOwnForms } from './own-forms.ts';
import { pressCancel, pressConfirm, pressMove } from './presses.ts';
import { doneOf } from './standing.ts';
import { style } from './style.ts';

const LARGEST_FORM = 4 * 1024;
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The patient's own page of one visit. The link is the key: it is opened by mail scanners and previews as well, so looking
 * changes nothing, and whoever has no living link learns nothing.
 */
export function appointmentPage(deps: ApiDeps, limits: RateLimits): Hono<ApiEnv> {
  const page = new Hono<ApiEnv>();
  page.use(
    '/a/*',
    privately(),
    limits.links((c) => c.html(busyPage(languageWished(c)), 429)),
    fromOwnForms(deps, (c) => c.html(foreignPage(languageWished(c)), 403)),
    bodyLimit({ maxSize: LARGEST_FORM, onError: (c) => nothing(c, 413) }),
  );

  page.get(
    '/a/:token',
    opened(deps, (c, view) => {
      const done = doneOf(view.visit, view.now, c.req.query('done'));
      return showVisit(c, { ...view, done });
    }),
  );
  page.get('/a/:token/cancel', opened(deps, showCancel));
  page.get(
    '/a/:token/move',
    opened(deps, (c, view) => showMove(deps, c, view, { from: c.req.query('from') })),
  );

  // Where a press was answered with a page, a browser that is opened anew asks for that page.
  page.get(
    '/a/:token/confirm',
    opened(deps, (c, view) => leadBack(c, view)),
  );

  page.post('/a/:token/confirm', opened(deps, pressConfirm(deps)));
  page.post('/a/:token/cancel', opened(deps, pressCancel(deps)));
  page.post('/a/:token/move', opened(deps, pressMove(deps)));

  page.onError((error, c) => {
    const { status } = answerError(deps)(error, c);
    c.header('Content-Type', undefined);
    return c.html(unavailablePage(languageWished(c)), status === 503 ? 503 : 500);
  });
  return page;
}

/**
 * Nothing is kept, indexed, framed, loaded from elsewhere, or told to another site. Our own learns where a form stood:
 * with no referrer at all, browsers would leave out the origin, by which we know our own forms.
 */
function privately(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('Content-Security-Policy', POLICY);
    c.header('Referrer-Policy', 'same-origin');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('X-Robots-Tag', 'noindex, nofollow');
  };
}
