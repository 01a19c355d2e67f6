import { createStack, localStackOptions } from './local-stack/stack.ts';

/**
 * `npm run admin` of a checkout: as `scripts/admin.ts`, and `--local` stands for the servers of `npm run dev`, on the
 * ports that the environment chooses. A file of its own, because a production build lacks the local stack.
 */
const words = process.argv.slice(2);
if (words.includes('--local')) {
  process.argv.splice(2, words.length, ...words.filter((word) => word !== '--local'));
  const { addresses, taskQueue } = createStack(localStackOptions());
  Object.assign(process.env, {
    DATABASE_URL: addresses.database,
    MIGRATION_DATABASE_URL: addresses.migrationDatabase,
    TEMPORAL_ADDRESS: addresses.temporal,
    TEMPORAL_TASK_QUEUE: taskQueue,
  });
}
await import('./admin.ts');
