import { Connection } from '@temporalio/client';
import { readSimulatorEnv } from '../config/env.ts';
import { advance } from '../scripts/local-stack/advance.ts';
import { startSimulator } from './server.ts';

const { port, apiUrl, temporal } = readSimulatorEnv();

const connection = Connection.lazy({ address: temporal.address });
const simulator = await startSimulator({
  port,
  apiUrl,
  advance: ({ workflowId, ...journey }) => advance(connection, temporal.namespace, workflowId, journey),
});
process.stdout.write(`simulator: virtual phones at ${simulator.url}\n`);

async function stop(): Promise<void> {
  await simulator.close();
  await connection.close();
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
