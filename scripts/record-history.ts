import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inClinic, openDatabase } from '../db/client.ts';
import { addRuleChange } from '../db/commands/rule-changes/add.ts';
import { clinics, openings } from '../db/schema/index.ts';
import { asId, ruleChangeWorkflowId } from '../domain/ids.ts';
import { rulesChangedSignal } from '../workflows/appointment/messages.ts';
import { startRuleChange } from './admin/rule-change.ts';
import { ClinicClient } from './demo/clinic-client.ts';
import { lives } from './history/lives.ts';
import type { Recorder } from './history/recorder.ts';
import { tidyHistory } from './history/tidy.ts';
import { advance } from './local-stack/advance.ts';
import { type Stack, startTemporaryStack } from './local-stack/stack.ts';
import { kallio, kallioId } from './seed/kallio.ts';

/**
 * Lives every life on a stack of its own and keeps the histories that `test/replay` replays. Histories of a version that has
 * been released stay: a life whose history is there is left out, unless the next version gives it an ending, as in
 * `node --import tsx scripts/record-history.ts appointment/moved .2`.
 */
const [, , only = '', ending = ''] = process.argv;
const NAMESPACE = 'default';
const HISTORIES = new URL('../test/replay/histories/', import.meta.url);

const stack = await startTemporaryStack({ report: console.log });
const connection = await Connection.connect({ address: stack.addresses.temporal });
const client = new Client({ connection, namespace: NAMESPACE });
try {
  const recorder = recorderOn(stack);
  await recorder.changePolicy();
  for (const [name, live] of Object.entries(lives)) {
    if (!name.startsWith(only)) continue;
    const file = fileURLToPath(new URL(`${name}${ending}.json`, HISTORIES));
    if (existsSync(file)) console.log(`kept ${name}${ending}`);
    else await record(name, file, await live(recorder));
  }
} finally {
  await connection.close();
  await stack.stop();
}

async function record(name: string, file: string, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  await handle.result();
  const history = tidyHistory(historyToJSON(await handle.fetchHistory()));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, history);
  console.log(`recorded ${name}`);
}

function recorderOn({ addresses, taskQueue }: Stack): Recorder {
  const { temporal: address } = addresses;
  return {
    clinic: new ClinicClient(addresses, 'vk_test_kallio_staff'),
    temporal: { address, namespace: NAMESPACE, taskQueue },
    travel: (workflowId, to) => advance(connection, NAMESPACE, workflowId, { to }),
    tellOfRules: (workflowId) =>
      client.workflow.getHandle(workflowId).signal(rulesChangedSignal, { ruleChangeId: asId(randomUUID()) }),
    changeRules: async (clinicId) => {
      const db = openDatabase(addresses.migrationDatabase, { connections: 1 });
      const ruleChangeId = await inClinic(db, clinicId, (tx) => addRuleChange(tx, clinicId, Date.now()));
      await db.close();
      await startRuleChange({ clinicId, ruleChangeId }, { address, namespace: NAMESPACE, taskQueue });
      return ruleChangeWorkflowId(clinicId, ruleChangeId);
    },
    // At night nobody would be offered anything, and recording would have to wait until the morning.
    changePolicy: async (changes = {}) => {
      const db = openDatabase(addresses.migrationDatabase, { connections: 1 });
      const policy = { ...kallio.clinic.policy, quietHours: null, ...changes };
      await inClinic(db, kallioId, (tx) => tx.update(clinics).set({ policy }));
      await db.close();
    },
    passNoticeLimit: async (clinicId) => {
      const db = openDatabase(addresses.migrationDatabase, { connections: 1 });
      await inClinic(db, clinicId, (tx) => tx.update(openings).set({ offerUntil: Date.now() - 1 }));
      await db.close();
    },
    workflowsOf: async (type) => {
      const found = [];
      for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = '${type}'` }))
        found.push(workflowId);
      return found;
    },
  };
}
