import { relative } from 'node:path';
import { paintFor, readableLine } from './local-stack/readable-log.ts';
import { createStack, localStackOptions } from './local-stack/stack.ts';
import { welcome } from './local-stack/welcome.ts';
import { kallio } from './seed/kallio.ts';
import { markt } from './seed/markt.ts';

const paint = paintFor(process.stdout.isTTY && !process.env['NO_COLOR']);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const began = performance.now();
const options = localStackOptions();
const stack = createStack({
  ...options,
  report: (line) => say(`  ${line}`),
  output: (part, line) => say(readableLine(part, line, paint)),
});

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());

say(paint.bold('Starting Vuoro'));
try {
  await stack.start();
  const dir = relative(process.cwd(), options.dir);
  say(`\n${welcome({ addresses: stack.addresses, seconds: secondsSince(began), dir, ...demonstration() }, paint)}\n`);
} catch (error) {
  if (!isStopping) {
    await stack.stop();
    say(`\n${paint.bad(error instanceof Error ? error.message : String(error))}`);
    process.exit(1);
  }
}

async function stop(): Promise<void> {
  // Ctrl-C pressed twice does not hurry: what was begun is finished and recorded.
  if (isStopping) return;
  isStopping = true;
  say(`\n${paint.bold('Stopping')}`);
  const stoppedAt = performance.now();
  await stack.stop();
  say(`  stopped (${secondsSince(stoppedAt).toFixed(1)} s)`);
  process.exit(0);
}

function demonstration() {
  const keys = [kallio, markt].flatMap(({ clinic, apiKeys }) =>
    apiKeys.map(({ name, scopes }, index) => ({
      clinic: index === 0 ? clinic.name : '',
      key: name,
      for: `speaks for ${scopes.join(', ')}`,
    })),
  );
  return { keys, visitTypeId: kallio.visitTypes[0]!.id };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1_000;
}
