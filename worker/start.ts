import { type LogEntry, type LogLevel, NativeConnection, Runtime, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { tellOpenings } from '../activities/opening/tell.ts';
import type { Transports } from '../activities/messaging/transports/transport.ts';
import type { Log } from '../config/log.ts';
import { connectionTo, type TemporalSettings } from '../config/temporal.ts';
import { openDatabase, refusePowerfulRole } from '../db/client.ts';
import { inboundStart } from '../workflows/inbound-message/messages.ts';
import { ruleChangeStart } from '../workflows/rule-change/messages.ts';
import { type SweepDeps, startSweep } from './sweep.ts';
import { createWorker } from './worker.ts';

export interface WorkerProcessSettings {
  databaseUrl: string;
  temporal: TemporalSettings;
  publicUrl: string;
  transports: Transports;
  workflowBundle: WorkflowBundleOption;
  /** Where metrics are shown in the form that Prometheus reads, as `host:port`. */
  metricsAddress?: string | undefined;
  isVersioned?: boolean | undefined;
  log: Log;
}

export interface WorkerProcess {
  /** Resolves when the worker has ended, by `stop` or by a fault. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts a worker and its sweep; what it began is finished before `stop` answers. */
export async function startWorker(settings: WorkerProcessSettings): Promise<WorkerProcess> {
  const { temporal, log, transports, publicUrl, workflowBundle, metricsAddress, isVersioned } = settings;
  const metrics = metricsAddress === undefined ? {} : { metrics: { prometheus: { bindAddress: metricsAddress } } };
  Runtime.install({ logger: engineLogger(log), shutdownSignals: [], telemetryOptions: metrics });
  const db = openDatabase(settings.databaseUrl, { connections: 20 });
  await refusePowerfulRole(db);
  const connection = await NativeConnection.connect(connectionTo(temporal));
  const activities = createActivities({ db, transports, publicUrl });
  const { namespace, taskQueue } = temporal;
  const worker = await createWorker({ connection, namespace, taskQueue, activities, workflowBundle, isVersioned });
  const startInbound: SweepDeps['startInbound'] = async (clinicId, inboundMessageId) => {
    await worker.client?.workflow.start(
      'inboundMessageWorkflow',
      inboundStart({ clinicId, inboundMessageId }, taskQueue),
    );
  };
  const startRuleChange: SweepDeps['startRuleChange'] = async (change) => {
    await worker.client?.workflow.start('ruleChangeWorkflow', ruleChangeStart(change, taskQueue));
  };
  const tellOpening: SweepDeps['tellOpening'] = async ({ clinicId, openingId }) => {
    const workflow = worker.client?.workflow;
    if (workflow) await tellOpenings(db, { workflow, taskQueue }, { clinicId, openingIds: [openingId] });
  };
  const sweep = startSweep({ db, log, now: Date.now, startInbound, startRuleChange, tellOpening });
  const run = async () => {
    try {
      await worker.run();
    } finally {
      await sweep.stop();
      await connection.close();
      await db.close();
    }
  };
  const ended = run();
  log.info('the worker takes work', { address: temporal.address });
  return {
    ended,
    stop: () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      return ended;
    },
  };
}

/** The engine's own log lines through our one logger, which lets only ids and codes pass. */
function engineLogger(log: Log) {
  const write = (level: LogLevel, message: string, meta: LogEntry['meta'] = {}) => {
    const { workflowId, workflowType, activityType, change, error } = meta as Record<string, string | undefined>;
    // Of what goes well only the lives of workflows are news.
    if (level === 'TRACE' || level === 'DEBUG' || (level === 'INFO' && workflowId === undefined)) return;
    const fields = { workflowId, workflowType, activityType, change };
    if (level === 'INFO') log.info(message, fields);
    else log[level === 'WARN' ? 'warn' : 'error'](message, fields, error);
  };
  return {
    log: write,
    trace: () => {},
    debug: () => {},
    info: (message: string, meta?: LogEntry['meta']) => write('INFO', message, meta),
    warn: (message: string, meta?: LogEntry['meta']) => write('WARN', message, meta),
    error: (message: string, meta?: LogEntry['meta']) => write('ERROR', message, meta),
  };
}
