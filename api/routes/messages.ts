import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { listReceived, listSent } from '../../db/queries/messages.ts';
import { shownStatus } from '../../domain/delivery.ts';
import { errorCodes } from '../../domain/errors.ts';
import type { AppointmentId, InboundMessageId, MessageId, PatientId } from '../../domain/ids.ts';
import { answerOutcomes, understandings } from '../../domain/inbound-outcome.ts';
import type { Instant } from '../../domain/interval.ts';
import { questionAnswers, questionKinds } from '../../domain/question.ts';
import { callerOf, staffOnly } from '../authentication.ts';
import { pageFields, pageOf, placeId, placeInstant, unpackCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idField, idShown, instantShown, showInstant } from '../fields.ts';
import { answers, listOf, problems, routes, security } from '../openapi.ts';

const answerSchema = z
  .object({
    question: z.enum(questionKinds).openapi({ description: 'What had been asked.' }),
    answer: z.enum(questionAnswers),
    outcome: z.enum(answerOutcomes).openapi({
      description: `\`acting\`: under way. \`done\`: it has changed something, or there was nothing to change.
\`handedOn\`: the opening decides, and tells; its offers say who has it. \`refused\`: not possible, with the \`code\`; the patient was told. The
others changed nothing, and the patient was told or asked: \`repeated\`: it had been given before; \`confirmOther\`: another answer had
been; \`superseded\`: about a time that the visit no longer has; \`taken\`: by somebody else; \`over\`: too late.`,
    }),
    code: z.enum(errorCodes).nullable(),
    patientId: idShown.openapi({ description: 'Who had been asked.' }),
    appointmentId: idShown.nullable().openapi({
      description:
        'The visit that was asked about; of an offer or a proposal the one that was taken, else the one that would move.',
    }),
    openingId: idShown.nullable(),
    proposalId: idShown.nullable(),
  })
  .openapi('MessageAnswer');

const messageSchema = z
  .object({
    id: idShown,
    direction: z.enum(['sent', 'received']),
    at: instantShown,
    kind: z.string().nullable(),
    channel: z.string(),
    from: z.string(),
    to: z.string(),
    subject: z.string().nullable().openapi({ description: 'Of an e-mail.' }),
    body: z.string().openapi({ description: "The patient's link is kept as `{link}`." }),
    language: z.string().nullable(),
    segments: z.number().int().nullable().openapi({ description: 'Of a text; 0 for an e-mail.' }),
    status: z.string().nullable().openapi({
      description:
        'Of one that was sent. `noReceipt`: the carrier has not told for three hours what became of the text.',
    }),
    statusAt: instantShown.nullable(),
    errorCode: z.string().nullable(),
    understoodAs: z
      .string()
      .nullable()
      .openapi({
        description: `Of a text that was received, once it has been read: ${understandings.map((one) => `\`${one}\``).join(', ')}.`,
      }),
    understoodWhy: z.string().nullable(),
    answers: z.array(answerSchema).openapi({ description: 'In a text that was received, and what came of each.' }),
    patientIds: z.array(idShown).openapi({ description: 'Several where a number is shared.' }),
    appointmentIds: z.array(idShown).openapi({
      description: 'Those that it speaks of; of what was received, those that its answers and our replies are about.',
    }),
  })
  .openapi('Message');
type Message = z.infer<typeof messageSchema>;

const route = createRoute({
  method: 'get',
  path: '/messages',
  tags: ['Messages'],
  summary: 'What was sent and received, newest first',
  security,
  middleware: staffOnly(),
  request: {
    query: z.strictObject({
      id: idField<MessageId & InboundMessageId>().optional().openapi({
        description: 'Of one message: a task names it as `detail.messageId` or `detail.inboundMessageId`.',
      }),
      appointmentId: idField<AppointmentId>().optional(),
      patientId: idField<PatientId>().optional(),
      ...pageFields(200, 50),
    }),
  },
  responses: { 200: answers(listOf(messageSchema), 'Messages'), ...problems('FORBIDDEN', 'VALIDATION_FAILED') },
});

const place = z.tuple([placeInstant, placeId]);

/** The conversation with patients. */
export function messageRoutes({ db, now }: Pick<ApiDeps, 'db' | 'now'>) {
  return routes().openapi(route, async (c) => {
    const { limit, cursor, ...about } = c.req.valid('query');
    const last = unpackCursor(cursor, place);
    const filter = { ...about, after: last && { at: last[0], id: last[1] }, limit: limit + 1 };
    const [sent, received] = await inClinic(db, callerOf(c).clinicId, async (tx) => [
      await listSent(tx, filter),
      await listReceived(tx, filter),
    ]);
    const merged = [
      ...sent.map((row) => ({ at: row.at, message: showSent(row, now()) })),
      ...received.map((row) => ({ at: row.at, message: showReceived(row) })),
    ].sort((a, b) => b.at - a.at || (a.message.id < b.message.id ? 1 : -1));
    return c.json(
      pageOf(
        merged,
        limit,
        ({ message }) => message,
        ({ at, message }) => [at, message.id],
      ),
      200,
    );
  });
}

function showSent(row: Awaited<ReturnType<typeof listSent>>[number], now: Instant): Message {
  const { sender: from, recipient: to, patientId, at, statusAt, ...rest } = row;
  const never = { understoodAs: null, understoodWhy: null, answers: [] };
  const status = shownStatus(row, now);
  const when = { at: showInstant(at), statusAt: showInstant(statusAt) };
  const patientIds = patientId === null ? [] : [patientId];
  return { ...rest, ...never, ...when, status, direction: 'sent', from, to, patientIds };
}

function showReceived(row: Awaited<ReturnType<typeof listReceived>>[number]): Message {
  const { sender: from, recipient: to, at, repliedAbout, ...rest } = row;
  const about = [...rest.answers.map(({ appointmentId }) => appointmentId), ...repliedAbout];
  const never = {
    kind: null,
    language: null,
    subject: null,
    segments: null,
    status: null,
    statusAt: null,
    errorCode: null,
  };
  return {
    ...rest,
    ...never,
    at: showInstant(at),
    direction: 'received',
    channel: 'sms',
    from,
    to,
    appointmentIds: [...new Set(about.filter((id) => id !== null))],
  };
}
