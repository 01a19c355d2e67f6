import { readApiEnv } from '../config/env.ts';
import { createLog } from '../config/log.ts';
import { startApi } from './start.ts';

const { logLevel, ...settings } = readApiEnv();
const log = createLog(logLevel);
const api = await startApi({ ...settings, log });

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    api.stop().catch((error: unknown) => {
      log.error('the API could not stop', {}, error);
      process.exitCode = 1;
    });
  });
}
