import type { Context, MiddlewareHandler } from 'hono';
import type { ApiDeps, ApiEnv } from '../../deps.ts';

/**
 * Refuses presses that a browser reports as coming from another site's page; `form-action` binds our own pages alone. What
 * is no browser reports nothing, and the link is its key.
 */
export function fromOwnForms(
  { publicUrl }: Pick<ApiDeps, 'publicUrl'>,
  refuse: (c: Context<ApiEnv>) => Response | Promise<Response>,
): MiddlewareHandler<ApiEnv> {
  const publicHost = new URL(publicUrl).host;
  return async (c, next) => {
    const isPress = c.req.method !== 'GET' && c.req.method !== 'HEAD';
    return isPress && isForeign(c, publicHost) ? refuse(c) : next();
  };
}

function isForeign(c: Context<ApiEnv>, publicHost: string): boolean {
  // `none`: the reader's own doing, such as opening a closed window again.
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = c.req.header('Origin');
  if (origin === undefined) return false;
  const host = URL.canParse(origin) ? new URL(origin).host : undefined;
  return host !== publicHost && host !== new URL(c.req.url).host;
}
