import { Connection } from '@temporalio/client';
import { advance } from '../scripts/local-stack/advance.ts';
import { startSimulator } from './server.ts';

const {
  SIMULATOR_PORT = '3001',
  API_URL = 'http://127.0.0.1:3000',
  TEMPORAL_ADDRESS = '127.0.0.1:7233',
  TEMPORAL_NAMESPACE = 'default',
} = process.env;

const connection = Connection.lazy({ address: TEMPORAL_ADDRESS });
const simulator = await startSimulator({
  port: Number(SIMULATOR_PORT),
  apiUrl: API_URL,
  advance: ({ workflowId, ...journey }) => advance(connection, TEMPORAL_NAMESPACE, workflowId, journey),
});
process.stdout.write(`simulator: virtual phones at ${simulator.url}\n`);

async function stop(): Promise<void> {
  await simulator.close();
  await connection.close();
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
