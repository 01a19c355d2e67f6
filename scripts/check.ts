import { spawn } from 'node:child_process';

/** What needs no service, the slowest first; two at a time, since most machines have at least two cores. */
const steps: [name: string, command: string][] = [
  ['tests', 'vitest run --project unit --project replay'],
  ['types', 'tsc --noEmit --incremental --tsBuildInfoFile .local/tsbuildinfo'],
  ['imports', 'depcruise activities api config db domain scripts simulator test worker workflows'],
  ['lint', 'oxlint'],
  ['dead code', 'knip'],
  ['format', 'oxfmt --check'],
];

interface Outcome {
  name: string;
  command: string;
  passed: boolean;
  output: string;
}

const startedAt = performance.now();
const waiting = [...steps];
const outcomes: Outcome[] = [];
await Promise.all([work(), work()]);

const failed = outcomes.filter((outcome) => !outcome.passed);
for (const { name, command, output } of failed) console.log(`\n── ${name}: npx ${command}\n\n${output.trim()}`);
const advice = failed.some(({ name }) => name === 'format') ? ' `npm run format` formats.' : '';
console.log(
  `\ncheck: ${outcomes.length - failed.length} passed, ${failed.length} failed in ${since(startedAt)}.${advice}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const began = performance.now();
    const outcome = await run(...step);
    outcomes.push(outcome);
    console.log(`${outcome.passed ? '✓' : '✗'} ${outcome.name.padEnd(10)} ${since(began).padStart(7)}`);
  }
}

function run(name: string, command: string): Promise<Outcome> {
  return new Promise((resolve) => {
    // npm puts node_modules/.bin on the PATH; the shell finds the command there on Windows too.
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('close', (code) => resolve({ name, command, passed: code === 0, output }));
  });
}

function since(began: number): string {
  return `${((performance.now() - began) / 1_000).toFixed(1)} s`;
}
