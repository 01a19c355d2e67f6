import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { resolveTask } from '../../db/commands/tasks/resolve.ts';
import { type ListedTask, listTasks } from '../../db/queries/tasks.ts';
import { type TaskId, asId } from '../../domain/ids.ts';
import { taskKinds, taskStatuses } from '../../domain/task.ts';
import { callerOf, staffOnly } from '../authentication.ts';
import { pageFields, pageOf, placeId, placeInstant, unpackCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idField, idShown, instantShown, showInstant } from '../fields.ts';
import { answers, listOf, problems, routes, security } from '../openapi.ts';
import { notFound } from '../problem.ts';

const taskSchema = z
  .object({
    id: idShown,
    kind: z.enum(taskKinds),
    status: z.enum(taskStatuses),
    appointmentId: idShown.nullable(),
    patientId: idShown.nullable(),
    detail: z.record(z.string(), z.unknown()).openapi({
      description:
        'What staff need to know, by kind. `messageId` and `inboundMessageId` are found by `GET /v1/messages?id=`.',
    }),
    createdAt: instantShown,
  })
  .openapi('Task');

const common = { tags: ['Tasks'], security, middleware: staffOnly() };

const list = createRoute({
  ...common,
  method: 'get',
  path: '/tasks',
  summary: "Staff's to-dos, those that wait longest first",
  request: { query: z.strictObject({ status: z.enum(taskStatuses).optional(), ...pageFields(200, 50) }) },
  responses: { 200: answers(listOf(taskSchema), 'Tasks'), ...problems('FORBIDDEN', 'VALIDATION_FAILED') },
});

const resolve = createRoute({
  ...common,
  method: 'post',
  path: '/tasks/{id}/resolve',
  summary: 'Mark a to-do as done',
  request: { params: z.object({ id: idField<TaskId>() }) },
  responses: { 200: answers(taskSchema, 'The task as it now is'), ...problems('FORBIDDEN', 'NOT_FOUND') },
});

const place = z.tuple([placeInstant, placeId]);

/** What staff are asked to look at. */
export function taskRoutes({ db, now }: Pick<ApiDeps, 'db' | 'now'>) {
  return routes()
    .openapi(list, async (c) => {
      const { status, limit, cursor } = c.req.valid('query');
      const last = unpackCursor(cursor, place);
      const after = last && { createdAt: last[0], id: asId<TaskId>(last[1]) };
      const read = await inClinic(db, callerOf(c).clinicId, (tx) => listTasks(tx, { status, after, limit: limit + 1 }));
      return c.json(
        pageOf(read, limit, showTask, ({ createdAt, id }) => [createdAt, id]),
        200,
      );
    })
    .openapi(resolve, async (c) => {
      const { id } = c.req.valid('param');
      const task = await inClinic(db, callerOf(c).clinicId, (tx) => resolveTask(tx, { id, now: now() }));
      if (!task) throw notFound();
      return c.json(showTask(task), 200);
    });
}

function showTask({ createdAt, ...task }: ListedTask): z.infer<typeof taskSchema> {
  return { ...task, createdAt: showInstant(createdAt) };
}
