import { twilioTransport } from '../activities/messaging/transports/twilio.ts';
import { readWorkerEnv } from '../config/env.ts';
import { createLog } from '../config/log.ts';
import { bundleWorkflows } from './bundle.ts';
import { startWorker } from './start.ts';

const env = readWorkerEnv();
const log = createLog(env.logLevel);
const { publicUrl } = env;
const worker = await startWorker({
  databaseUrl: env.databaseUrl,
  temporal: env.temporal,
  publicUrl,
  transports: { sms: twilioTransport({ ...env.twilio, publicUrl }) },
  workflowBundle: await bundleWorkflows(),
  log,
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void worker.stop());
await worker.ended;
log.info('the worker has stopped');
