import { and, asc, eq, getTableColumns, sql } from 'drizzle-orm';
import type { TaskId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { taskStatuses } from '../../domain/task.ts';
import type { ClinicTransaction } from '../client.ts';
import { tasks } from '../schema/index.ts';

const { clinicId: _, dedupeKey: __, resolvedAt: ___, ...columns } = getTableColumns(tasks);
export const taskColumns = columns;

export interface TaskFilter {
  status?: (typeof taskStatuses)[number] | undefined;
  after?: { createdAt: Instant; id: TaskId } | undefined;
  limit: number;
}

/** To-dos of the clinic's staff, those that wait longest first. */
export async function listTasks(tx: ClinicTransaction, { status, after, limit }: TaskFilter) {
  const { createdAt, id } = tasks;
  return tx
    .select(taskColumns)
    .from(tasks)
    .where(
      and(
        status && eq(tasks.status, status),
        after && sql`(${createdAt}, ${id}) > (${sql.param(after.createdAt, createdAt)}, ${after.id}::uuid)`,
      ),
    )
    .orderBy(asc(createdAt), asc(id))
    .limit(limit);
}

export type ListedTask = Awaited<ReturnType<typeof listTasks>>[number];
