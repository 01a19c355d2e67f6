import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { type Timeline, loadTimeline } from '../../db/queries/timeline.ts';
import { shownStatus } from '../../domain/delivery.ts';
import type { Instant } from '../../domain/interval.ts';
import { type PlannedStep, isMessage } from '../../domain/plan.ts';
import { callerOf } from '../authentication.ts';
import type { ApiDeps } from '../deps.ts';
import { instantShown, showInstant } from '../fields.ts';
import { answers, problems, routes, security } from '../openapi.ts';
import { notFound } from '../problem.ts';
import { appointmentParams } from './appointments.ts';

const pastSchema = z
  .object({
    at: instantShown,
    what: z.string().openapi({ example: 'booked', description: 'A change, `message`, `answer` or `task`.' }),
    by: z.string().optional().openapi({ description: 'Whoever made the change or answered; `time`: the clock.' }),
    actorRef: z.string().optional(),
    reason: z.string().optional(),
    overrode: z.string().optional().openapi({ description: 'The rule that staff or office set aside.' }),
    startsAt: instantShown.optional().openapi({ description: 'Of the visit, as the change left it.' }),
    revision: z.number().int().optional(),
    id: z.string().optional().openapi({ description: 'Of the message, sent or received, or task.' }),
    kind: z.string().optional().openapi({
      description: 'Of the message or task. Of an answer by text what it says, such as `confirm` or `cannotCome`.',
    }),
    channel: z.string().optional(),
    status: z
      .string()
      .optional()
      .openapi({
        description:
          'Of the message or task, as it is now; `noReceipt`: the carrier has not told for three hours what became of the text. ' +
          'Of an answer what came of it: `done`, `refused` …',
      }),
    statusAt: instantShown.optional(),
    errorCode: z.string().optional(),
  })
  .openapi('PastEntry');
type PastEntry = z.infer<typeof pastSchema>;

const plannedSchema = z
  .object({ at: instantShown, what: z.string().openapi({ example: 'message' }), kind: z.string().optional() })
  .openapi('PlannedEntry');

const route = createRoute({
  method: 'get',
  path: '/appointments/{id}/timeline',
  tags: ['Appointments'],
  summary: 'Everything past and planned',
  security,
  request: { params: appointmentParams },
  responses: {
    200: answers(z.object({ past: z.array(pastSchema), planned: z.array(plannedSchema) }), 'Oldest first'),
    ...problems('NOT_FOUND'),
  },
});

/** The picture of an appointment's life. */
export function timelineRoutes({ db, now }: Pick<ApiDeps, 'db' | 'now'>) {
  return routes().openapi(route, async (c) => {
    const timeline = await inClinic(db, callerOf(c).clinicId, (tx) => loadTimeline(tx, c.req.valid('param').id));
    if (!timeline) throw notFound();
    return c.json({ past: showPast(timeline, now()), planned: timeline.planned.map(showPlanned) }, 200);
  });
}

/** Entries of one instant stay in this order: the answer, the change, what was said about it, what staff have to do. */
function showPast({ answers: given, changes, messages, unsaid, tasks }: Timeline, now: Instant): PastEntry[] {
  const entries: { at: Instant; entry: Omit<PastEntry, 'at'> }[] = [
    ...given.map(({ at, id, answer: kind, outcome: status, code = null }) => ({
      at,
      entry: { what: 'answer', by: 'patient', id, kind, channel: 'sms', status, ...known({ errorCode: code }) },
    })),
    ...changes.map(({ at, action, actor, actorRef, reason, overrode, after }) => ({
      at,
      entry: {
        what: action,
        by: actor,
        startsAt: showInstant(after.startsAt),
        revision: after.revision,
        ...known({ actorRef, reason, overrode }),
      },
    })),
    ...messages.map(({ at, id, kind, said, channel, status: delivery, statusAt, errorCode }) => {
      // Tried in vain until it was of no more use: for staff that is a missed message like any other.
      const status = said === 'missed' ? said : shownStatus({ channel, status: delivery, statusAt }, now);
      const entry = {
        what: 'message',
        id,
        kind,
        channel,
        status,
        statusAt: showInstant(statusAt),
        ...known({ errorCode }),
      };
      return { at, entry };
    }),
    ...unsaid.map(({ at, kind, status, statusReason: reason }) => ({
      at,
      entry: { what: 'message', kind, status, ...known({ reason }) },
    })),
    ...tasks.map(({ at, id, kind, status }) => ({ at, entry: { what: 'task', id, kind, status } })),
  ];
  return entries.toSorted((a, b) => a.at - b.at).map(({ at, entry }) => ({ at: showInstant(at), ...entry }));
}

function known(fields: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== null));
}

function showPlanned(step: PlannedStep): z.infer<typeof plannedSchema> {
  const at = showInstant(step.at);
  if (isMessage(step)) return { at, what: 'message', kind: step.kind };
  return { at, what: step.kind === 'expire' ? 'expired' : 'completed' };
}
