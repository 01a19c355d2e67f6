import type { OpenAPIHono } from '@hono/zod-openapi';
import { createHash } from 'node:crypto';
import type { ApiEnv } from '../../deps.ts';
import { operationsOf, schemasOf } from './describe.ts';
import { docsPage } from './page.ts';
import { style } from './style.ts';

const description = `The life of clinic appointments: book, pre-reserve and confirm, cancel, and see what was said to whom.

Send your clinic's key as a bearer token. Whatever creates or changes an appointment takes an \`Idempotency-Key\`: send the same request with the same key again after a time-out, and nothing is done twice. Refusals are \`application/problem+json\` with a stable \`code\`; \`errors\` points at the fields. Instants are RFC 3339, ids are UUIDs.`;

const styleDigest = createHash('sha256').update(style).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${styleDigest}'; base-uri 'none'; frame-ancestors 'none'`;

/** The API's description, for programs at /openapi.json and for people at /docs. Mount it after everything it describes. */
export function describeApi(app: OpenAPIHono<ApiEnv>, publicUrl: string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Vuoro booking API', version: '1', description },
    servers: [{ url: publicUrl }],
  });
  app.get('/openapi.json', (c) => c.json(document));
  app.get('/docs', (c) => {
    c.header('Content-Security-Policy', POLICY);
    const { title } = document.info;
    const view = { title, description, origin: publicUrl };
    return c.html(docsPage({ ...view, operations: operationsOf(document), schemas: schemasOf(document) }));
  });
}
