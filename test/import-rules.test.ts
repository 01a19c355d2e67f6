import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const config = join(root, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };

interface Graph {
  modules: { source: string; dependencies: { resolved: string; preCompilationOnly?: boolean }[] }[];
  summary: { violations: { from: string; rule: { name: string } }[] };
}

const refused: [rule: string, file: string, code: string][] = [
  ['domain-imports', 'domain/reads-database.ts', "import { x } from '../db/queries/appointments.ts';"],
  ['domain-imports', 'domain/reads-types.ts', "import type { x } from '../db/schema/appointments.ts';"],
  ['domain-imports', 'domain/reads-environment.ts', "import { x } from '../config/env.ts';"],
  ['config-imports', 'config/knows-database.ts', "import { x } from '../db/client.ts';"],
  ['db-imports', 'db/calls-activity.ts', "import { x } from '../activities/appointment.ts';"],
  ['activities-imports', 'activities/knows-workflow.ts', "import { x } from '../workflows/appointment/workflow.ts';"],
  ['activities-imports', 'activities/knows-route.ts', "import { x } from '../api/problem.ts';"],
  ['worker-imports', 'worker/uses-api.ts', "import { x } from '../api/app.ts';"],
  ['worker-imports', 'worker/uses-simulator.ts', "import { x } from '../simulator/app.ts';"],
  ['api-imports', 'api/routes/writes-appointment.ts', "import { x } from '../../db/commands/appointments/cancel.ts';"],
  ['api-imports', 'api/routes/writes-opening.ts', "import { x } from '../../db/commands/openings/close.ts';"],
  ['api-imports', 'api/routes/occupies.ts', "import { x } from '../../db/commands/occupancies/make-permanent.ts';"],
  ['api-imports', 'api/routes/sends.ts', "import { x } from '../../activities/messaging/send.ts';"],
  ['api-imports', 'api/uses-simulator.ts', "import { x } from '../simulator/app.ts';"],
  ['api-workflows-as-types', 'api/starts.ts', "import { x } from '../workflows/appointment/workflow.ts';"],
  ['workflows-imports', 'workflows/opening/plain.ts', "import { x } from '../appointment/workflow.ts';"],
  ['workflows-imports', 'workflows/opening/stores.ts', "import type { x } from '../../db/client.ts';"],
  ['workflows-root-imports', 'workflows/options.ts', "import { x } from '../db/client.ts';"],
  ['workflows-activities-as-types', 'workflows/opening/runs.ts', "import { x } from '../../activities/index.ts';"],
  ['simulator-imports', 'simulator/uses-database.ts', "import { x } from '../db/client.ts';"],
  ['simulator-imports', 'simulator/uses-dev.ts', "import { x } from '../scripts/dev.ts';"],
  ['environment-only-in-mains', 'api/routes/environment.ts', "import { x } from '../../config/env.ts';"],
  ['no-import-of-tests', 'scripts/uses-fixture.ts', "import { x } from '../test/support/clinic.ts';"],
  ['workflow-sdk', 'activities/sleeps.ts', "import { sleep } from '@temporalio/workflow';"],
  ['client-sdk', 'activities/starts.ts', "import { Client } from '@temporalio/client';"],
  ['client-sdk', 'api/routes/signals.ts', "import type { Client } from '@temporalio/client';"],
  ['worker-sdk', 'activities/works.ts', "import { Worker } from '@temporalio/worker';"],
  ['activity-sdk', 'db/heartbeats.ts', "import { heartbeat } from '@temporalio/activity';"],
  ['sql', 'activities/queries.ts', "import { eq } from 'drizzle-orm';"],
  ['sql', 'api/routes/queries.ts', "import type { PgTable } from 'drizzle-orm/pg-core';"],
  ['sql', 'scripts/connects.ts', "import postgres from 'postgres';"],
  ['http', 'activities/serves.ts', "import { Hono } from 'hono';"],
  ['providers', 'activities/messaging/texts.ts', "import twilio from 'twilio';"],
  ['time-zones', 'domain/availability.ts', "import { Temporal } from 'temporal-polyfill';"],
  ['time-zones', 'workflows/opening/zone.ts', "import type { Temporal } from 'temporal-polyfill';"],
  ['domain-packages', 'domain/logs.ts', "import { pino } from 'pino';"],
  ['domain-packages', 'domain/reads-file.ts', "import { readFileSync } from 'node:fs';"],
  ['workflows-packages', 'workflows/opening/hashes.ts', "import { createHash } from 'node:crypto';"],
  ['workflows-packages', 'workflows/opening/parses.ts', "import { z } from 'zod';"],
  ['no-development-packages', 'api/checks.ts', "import fc from 'fast-check';"],
  ['no-development-packages', 'scripts/admin/bundles.ts', "import ts from 'typescript';"],
  ['no-cycles', 'domain/egg.ts', "import { hen } from './hen.ts'; export const egg = hen;"],
  ['no-unresolvable', 'domain/lost.ts', "import { x } from './without-ending';"],
];

const allowed: [file: string, code: string][] = [
  ['domain/nest.ts', "import { z } from 'zod'; import { x } from './interval.ts'; export const nest = [x, z];"],
  ['domain/clinic-time.ts', "import { Temporal } from 'temporal-polyfill';"],
  ['domain/rules.test.ts', "import fc from 'fast-check'; import { x } from './interval.ts';"],
  [
    'db/commands/appointments/book.ts',
    "import { sql } from 'drizzle-orm'; import { x } from '../../../domain/interval.ts';",
  ],
  ['activities/book.ts', "import { x } from '../db/commands/appointments/cancel.ts';"],
  ['activities/tells.ts', "import { x } from '../workflows/opening/messages.ts';"],
  ['activities/messaging/transports/text.ts', "import twilio from 'twilio';"],
  [
    'workflows/opening/workflow.ts',
    "import type { A } from '../../activities/index.ts'; import { sleep } from '@temporalio/workflow';",
  ],
  [
    'workflows/opening/tells.ts',
    "import { x } from '../appointment/messages.ts'; import { y } from '../activity-options.ts';",
  ],
  ['workflows/index.ts', "export { x } from './appointment/workflow.ts';"],
  [
    'api/routes/asks.ts',
    "import { x } from '../../workflows/appointment/messages.ts'; import { y } from '../temporal-gateway.ts';",
  ],
  [
    'api/routes/reads.ts',
    "import { x } from '../../db/queries/appointments.ts'; import { y } from '../../db/inbox/receipt.ts';",
  ],
  [
    'api/routes/leases.ts',
    "import { x } from '../../db/commands/occupancies/lease.ts'; import { y } from '../../db/commands/patients/add.ts';",
  ],
  [
    'api/temporal-gateway.ts',
    "import { Client } from '@temporalio/client'; import type { x } from '../workflows/appointment/workflow.ts';",
  ],
  ['api/main.ts', "import { x } from '../config/env.ts'; import { serve } from '@hono/node-server';"],
  ['worker/main.ts', "import { x } from '../config/env.ts'; import { y } from '../activities/index.ts';"],
  [
    'simulator/moves.ts',
    "import { x } from '../scripts/local-stack/advance.ts'; import type { y } from '../domain/ids.ts';",
  ],
  ['test/e2e/story.test.ts', "import { x } from '../support/clinic.ts'; import { Client } from '@temporalio/client';"],
];

let fixture: string;
let fixtureGraph: Graph;
let violations: string[];

beforeAll(() => {
  fixture = mkdtempSync(join(tmpdir(), 'import-rules-'));
  symlinkSync(join(root, 'node_modules'), join(fixture, 'node_modules'));
  for (const file of ['package.json', 'tsconfig.json']) copyFileSync(join(root, file), join(fixture, file));
  const files = [...refused.map(([, file, code]) => [file, code] as const), ...allowed];
  for (const [file, code] of files)
    for (const target of importedFiles(file, code)) write(target, 'export const x = 1, y = 2;');
  write('domain/hen.ts', "import { egg } from './egg.ts'; export const hen = egg;");
  for (const [file, code] of files) write(file, code);
  fixtureGraph = cruise(fixture);
  violations = fixtureGraph.summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
});

afterAll(() => rmSync(fixture, { recursive: true }));

describe('the import rules refuse', () => {
  it.each(refused)('%s: %s', (rule, file) => {
    expect(violations).toContain(`${rule}: ${file}`);
  });

  it('something for every rule', () => {
    expect(new Set(refused.map(([rule]) => rule))).toEqual(new Set(forbidden.map((rule) => rule.name)));
  });
});

describe('the import rules allow', () => {
  it.each(allowed)('%s', (file) => {
    expect(violations.filter((violation) => violation.endsWith(`: ${file}`))).toEqual([]);
  });
});

describe('at run time', () => {
  const graph = cruise(root);

  it('an import counts, an import of a type does not', () => {
    expect(pathsTo(fixtureGraph, 'simulator/moves.ts', /^scripts/)).toEqual([
      'simulator/moves.ts → scripts/local-stack/advance.ts',
    ]);
    expect(pathsTo(fixtureGraph, 'simulator/moves.ts', /^domain/)).toEqual([]);
  });

  it.each(['api/main.ts', 'worker/main.ts', 'workflows/index.ts'])(
    '%s does not reach the simulator, scripts or tests',
    (main) => {
      expect(pathsTo(graph, main, /^(simulator|scripts|test)\//)).toEqual([]);
    },
  );

  it('scripts/admin.ts, which production has, does not reach the simulator, the local stack or tests', () => {
    expect(pathsTo(graph, 'scripts/admin.ts', /^(simulator|test|scripts\/(?!admin))/)).toEqual([]);
  });

  it('workflow code does not reach time zones, whose data differ between versions of Node,', () => {
    expect(pathsTo(graph, 'workflows/index.ts', /domain\/clinic-time\.ts|node_modules\/temporal-polyfill\//)).toEqual(
      [],
    );
  });
});

function cruise(directory: string): Graph {
  const folders = [
    'activities',
    'api',
    'config',
    'db',
    'domain',
    'scripts',
    'simulator',
    'test',
    'worker',
    'workflows',
  ];
  const args = [join(root, 'node_modules/.bin/depcruise'), '--config', config, '--output-type', 'json', ...folders];
  const options = { cwd: directory, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  try {
    return JSON.parse(execFileSync(process.execPath, args, options)) as Graph;
  } catch (error) {
    // It exits with the number of violations; what it found is on stdout all the same.
    return JSON.parse((error as { stdout: string }).stdout) as Graph;
  }
}

function importedFiles(file: string, code: string): string[] {
  const specifiers = [...code.matchAll(/from '(\.[^']+\.ts)'/g)].map((match) => match[1] ?? '');
  return specifiers.map((specifier) => join(dirname(file), specifier));
}

function write(file: string, code: string): void {
  mkdirSync(dirname(join(fixture, file)), { recursive: true });
  writeFileSync(join(fixture, file), `${code}\n`);
}

/** Every way from `start` to a file that matches, as `a → b → c`, leaving out imports of types. */
function pathsTo({ modules }: Graph, start: string, target: RegExp): string[] {
  const dependencies = new Map(modules.map((module) => [module.source, module.dependencies]));
  expect(dependencies.has(start), `${start} is missing`).toBe(true);
  const found: string[] = [];
  const seen = new Set([start]);
  const waiting = [[start]];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const { resolved, preCompilationOnly } of dependencies.get(path.at(-1) ?? '') ?? []) {
      if (preCompilationOnly === true || seen.has(resolved)) continue;
      seen.add(resolved);
      if (target.test(resolved)) found.push([...path, resolved].join(' → '));
      waiting.push([...path, resolved]);
    }
  }
  return found;
}
