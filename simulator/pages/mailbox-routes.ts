import { Hono } from 'hono';
import type { Context } from 'hono';
import { parseOutcome } from '../behaviour.ts';
import type { Carrier } from '../carrier.ts';
import { mailboxKey, mailboxOf } from '../mail.ts';
import type { SimMail } from '../mail.ts';
import { letter, mailReport, mailStatus, reportId, statusId } from './letter.ts';
import { liveStream } from './live.ts';
import { mailListId, mailboxPage } from './mailbox-page.ts';
import { mailboxAt, mailboxPath } from './mailbox.ts';

const mailbox = '/mailboxes/:address{[^/]+(?:@|%40)[^/]+}';

/** One page per mailbox, and its live stream. */
export function mailboxRoutes(carrier: Carrier): Hono {
  const routes = new Hono();
  routes.get(mailbox, (c) => showMailbox(carrier, c, c.req.param('address')));
  routes.get(`${mailbox}/events`, (c) => mailboxEvents(carrier, c, c.req.param('address')));
  routes.post(`${mailbox}/behaviour`, async (c) => {
    const { outcome = '' } = await c.req.parseBody<{ outcome?: string }>();
    const parsed = parseOutcome(outcome, 'mail');
    if (!parsed) return c.text('That is none of the outcomes.', 400);
    carrier.behaviours.tell(c.req.param('address'), parsed);
    return c.redirect(mailboxPath(c.req.param('address')), 303);
  });
  return routes;
}

function showMailbox({ store, behaviours }: Carrier, c: Context, address: string): Response | Promise<Response> {
  store.markSeen(mailboxKey(address));
  const live = `${mailboxPath(address)}/events?since=${store.revision}`;
  return c.html(mailboxPage({ ...mailboxAt(store, address), outcome: behaviours.of(address), live }));
}

/** A new mail is put on top, opened; of one that is there already its status and report change. */
function mailboxEvents(carrier: Carrier, c: Context, address: string): Response {
  return liveStream(carrier, c, (mail, since) => {
    if (mail.kind !== 'mail' || mailboxOf(mail.to) !== mailboxOf(address)) return [];
    if (mail.addedIn > since) {
      carrier.store.markSeen(mailboxKey(address));
      return [{ id: mail.id, markup: letter(mail, true), into: mailListId, at: 'start' }];
    }
    return [
      { id: statusId(mail), markup: mailStatus(mail) },
      { id: reportId(mail), markup: mailReport(mail) },
    ];
  });
}

const confined = (sandbox: string): string =>
  `sandbox ${sandbox}; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'`;

/** What a mail brought along, exactly as it came but harmless: it may show itself, and do nothing. */
export function mailPartRoutes({ store }: Carrier): Hono {
  const routes = new Hono();
  const find = (c: Context): SimMail | undefined => {
    const mail = store.mails.get(c.req.param('id') ?? '');
    return mail && mailboxOf(mail.to) === mailboxOf(c.req.param('address') ?? '') ? mail : undefined;
  };
  routes.get(`${mailbox}/:id/html`, (c) => {
    const body = find(c)?.html;
    if (!body) return c.notFound();
    c.header('content-security-policy', confined('allow-same-origin allow-popups allow-popups-to-escape-sandbox'));
    return c.html(inNewWindows(body));
  });
  routes.get(`${mailbox}/:id/attachments/:at`, (c) => {
    const attachment = find(c)?.attachments[Number(c.req.param('at'))];
    if (!attachment) return c.notFound();
    const name = encodeURIComponent(attachment.filename || 'part');
    return c.body(Buffer.from(attachment.content, 'base64'), 200, {
      'content-type': attachment.type,
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
      'content-security-policy': confined(''),
      'x-content-type-options': 'nosniff',
    });
  });
  return routes;
}

/** A link in a mail opens beside it, not within its frame. */
function inNewWindows(body: string): string {
  // Without a doctype a page is drawn as in old times, and always as tall as its window.
  const page = /^\s*<!doctype/i.test(body) ? body : `<!doctype html>${body}`;
  const place = /<head(\s[^>]*)?>/i.test(page) ? /<head(\s[^>]*)?>/i : /<!doctype[^>]*>/i;
  return page.replace(place, (tag) => `${tag}<base target="_blank">`);
}
