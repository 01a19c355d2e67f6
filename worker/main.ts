import { sendgridTransport } from '../activities/messaging/transports/sendgrid.ts';
import { twilioTransport } from '../activities/messaging/transports/twilio.ts';
import { readWorkerEnv } from '../config/env.ts';
import { createLog } from '../config/log.ts';
import { startOrExit } from '../config/start.ts';
import { workflowBundle } from './bundle.ts';
import { startWorker } from './start.ts';

const { worker, log } = await startOrExit('worker', async () => {
  const { logLevel, twilio, sendgrid, ...settings } = readWorkerEnv();
  const log = createLog(logLevel);
  const { publicUrl } = settings;
  const domain = new URL(publicUrl).hostname;
  const transports = {
    sms: twilioTransport({ ...twilio, publicUrl }),
    ...(sendgrid ? { email: sendgridTransport({ ...sendgrid, domain }) } : {}),
  };
  return { log, worker: await startWorker({ ...settings, transports, workflowBundle: await workflowBundle(), log }) };
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void worker.stop());
try {
  await worker.ended;
  log.info('the worker has stopped');
} catch (error) {
  log.error('the worker ended by a fault', {}, error);
  process.exitCode = 1;
}
