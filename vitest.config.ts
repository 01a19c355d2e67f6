import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { Tally } from './test/support/tally.ts';

const POSTGRES = 'test/support/setup-postgres.ts';
const TEMPORAL = 'test/support/setup-temporal.ts';

const FOLDERS = '{domain,activities,api,config,db,worker,workflows,simulator,scripts}';

/** Tests that share a group run side by side; the groups follow one another, so that two cores are not asked for more. */
function project(
  name: string,
  group: number,
  test: TestProjectInlineConfiguration['test'],
): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      pool: 'forks',
      // Loading the product takes seconds: the files of a process share it. What a file starts it stops, as strict.ts holds.
      isolate: false,
      setupFiles: ['test/support/strict.ts'],
      sequence: { groupOrder: group },
      // What is awaited comes soon, or later where the machine is busy.
      expect: { poll: { timeout: 30_000 } },
      ...test,
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', new Tally()],
    projects: [
      project('unit', 0, {
        include: [`${FOLDERS}/**/*.test.ts`, 'test/*.test.ts', 'test/support/*.test.ts'],
        // Properties take seconds where the machine is busy.
        testTimeout: 60_000,
        hookTimeout: 60_000,
      }),
      project('replay', 0, { include: ['test/replay/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 }),
      project('db', 1, {
        include: ['test/db/**/*.test.ts'],
        globalSetup: [POSTGRES],
        testTimeout: 60_000,
        hookTimeout: 60_000,
      }),
      project('temporal', 2, {
        include: ['test/temporal/**/*.test.ts'],
        globalSetup: [POSTGRES, TEMPORAL],
        testTimeout: 300_000,
        hookTimeout: 120_000,
      }),
      project('cost', 3, {
        include: ['test/cost/**/*.test.ts'],
        globalSetup: [POSTGRES, TEMPORAL],
        testTimeout: 120_000,
        hookTimeout: 120_000,
      }),
      project('e2e', 4, {
        include: ['test/e2e/**/*.test.ts'],
        isolate: true,
        globalSetup: [POSTGRES, TEMPORAL],
        testTimeout: 300_000,
        hookTimeout: 120_000,
      }),
    ],
  },
});
