import { and, eq } from 'drizzle-orm';
import type { TaskId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { type ListedTask, taskColumns } from '../../queries/tasks.ts';
import { tasks } from '../../schema/index.ts';

/** Marks a to-do as done; a second time changes nothing. Undefined where there is no such task. */
export async function resolveTask(
  tx: ClinicTransaction,
  { id, now }: { id: TaskId; now: Instant },
): Promise<ListedTask | undefined> {
  await tx
    .update(tasks)
    .set({ status: 'resolved', resolvedAt: now })
    .where(and(eq(tasks.id, id), eq(tasks.status, 'open')));
  const [task] = await tx.select(taskColumns).from(tasks).where(eq(tasks.id, id));
  return task;
}
