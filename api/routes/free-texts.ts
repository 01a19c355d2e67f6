import { createRoute, z } from '@hono/zod-openapi';
import { Refusal } from '../../domain/errors.ts';
import type { PatientId } from '../../domain/ids.ts';
import { channels } from '../../domain/plan.ts';
import { callerOf, staffOnly } from '../authentication.ts';
import type { ApiDeps } from '../deps.ts';
import { actorRefField, idField, idShown, idempotencyHeader, requiredText, textField } from '../fields.ts';
import { keyOf } from '../idempotency.ts';
import { answers, problems, routes, security, takes } from '../openapi.ts';
import { sendText } from '../send-text.ts';

const bodySchema = z
  .strictObject({
    patientId: idField<PatientId>().nullish().openapi({ description: 'Either this or `to`.' }),
    to: textField(300).nullish().openapi({
      example: '040 1000 101',
      description: "A number, without + one of the clinic's country, or an e-mail address.",
    }),
    channel: z.enum(channels),
    body: requiredText(1000),
    sendNow: z.boolean().default(false).openapi({ description: 'True: it does not wait for the quiet hours to end.' }),
    actor: z.literal('staff').default('staff'),
    actorRef: actorRefField,
  })
  .openapi('NewMessage');

const route = createRoute({
  method: 'post',
  path: '/messages',
  tags: ['Messages'],
  summary: 'Send what staff wrote, to a patient or to any number or address',
  description:
    'Sent at once, or when the quiet hours are over. `GET /v1/messages` shows the message under this id from its first ' +
    'try on. One that cannot be sent after all, or does not arrive, becomes a task.',
  security,
  middleware: staffOnly(),
  request: { headers: idempotencyHeader, body: takes(bodySchema) },
  responses: {
    202: answers(z.object({ id: idShown }).openapi('AcceptedMessage'), 'The message is on its way'),
    ...problems('MALFORMED_REQUEST', 'FORBIDDEN', 'VALIDATION_FAILED', 'IDEMPOTENCY_KEY_REUSED'),
  },
});

/** What staff write themselves. */
export function freeTextRoutes(deps: ApiDeps) {
  return routes().openapi(route, async (c) => {
    const { patientId = null, to = null, ...text } = c.req.valid('json');
    if ((patientId === null) === (to === null)) {
      const detail = 'is needed, or a `patientId`, but not both';
      throw new Refusal('VALIDATION_FAILED', 'A message goes to one recipient.', [{ pointer: '/to', detail }]);
    }
    const wish = { ...text, patientId, to, repeatable: await keyOf(c) };
    return c.json({ id: await sendText(deps, callerOf(c).clinicId, wish) }, 202);
  });
}
