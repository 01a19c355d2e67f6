import { appendFileSync, existsSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Made by `.ci/run`, which sums the lines of all runs; without it nothing is written. */
const FILE = '.local/test-tally';

/** Adds the numbers of this run: passed, failed, skipped. */
export class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    if (!existsSync(FILE)) return;
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test: TestCase) => test.result().state === state).length;
    // A file that cannot be read or set up has no failed test, and yet has failed.
    const brokenFiles = modules.filter((module) => !module.ok() && !hasFailedTest(module)).length;
    const failed = count('failed') + brokenFiles + unhandledErrors.length;
    appendFileSync(FILE, `${count('passed')} ${failed} ${count('skipped') + count('pending')}\n`);
  }
}

function hasFailedTest(module: TestModule): boolean {
  return [...module.children.allTests('failed')].length > 0;
}
