import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { readStackEnv } from '../../config/env.ts';
import { freePorts } from '../../scripts/local-stack/ports.ts';
import { temporalBinary } from '../../scripts/local-stack/temporal-binary.ts';
import { startTemporal } from '../../scripts/local-stack/temporal.ts';
import { bundleQuietly } from './bundle.ts';
import { endRun, oncePerRun } from './once-per-run.ts';
import type { ProvidedTemporal } from './provided.ts';

const WORKFLOWS = new URL('../../workflows/index.ts', import.meta.url);

/** One Temporal server for the run, in memory, and one bundle of the workflows. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('temporal', await oncePerRun('temporal', start));
}

export const teardown = endRun;

async function start(dir: string, atEnd: (stop: () => Promise<void>) => void): Promise<ProvidedTemporal> {
  const chosen = readStackEnv().temporalCli;
  const report = (line: string): void => void process.stdout.write(`${line}\n`);
  const binary = await temporalBinary({ chosen, report });
  const [port, uiPort] = (await freePorts(2)) as [number, number];
  const server = await startTemporal({ binary, dir, port, uiPort, isDurable: false });
  atEnd(server.stop);
  const workflowBundle = join(dir, 'workflows.js');
  const { code } = await bundleQuietly(WORKFLOWS);
  await writeFile(workflowBundle, code);
  return { address: server.address, workflowBundle };
}
