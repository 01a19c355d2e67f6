import { readApiEnv } from '../config/env.ts';
import { createLog } from '../config/log.ts';
import { startOrExit } from '../config/start.ts';
import { startApi } from './start.ts';

const { api, log } = await startOrExit('API', async () => {
  const { logLevel, ...settings } = readApiEnv();
  const log = createLog(logLevel);
  return { log, api: await startApi({ ...settings, log }) };
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    api.stop().catch((error: unknown) => {
      log.error('the API could not stop', {}, error);
      process.exitCode = 1;
    });
  });
}
