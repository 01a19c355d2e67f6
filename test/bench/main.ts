import { startTemporaryStack } from '../../scripts/local-stack/stack.ts';
import { award } from './award.ts';
import { type Bench, load, say } from './bench.ts';
import { inbound } from './inbound.ts';
import { localActivities } from './local-activities.ts';
import { offers } from './offers.ts';
import { countProcessorTime } from './processor-time.ts';

const benches: Readonly<Record<string, Bench>> = { offers, award, inbound, 'local-activities': localActivities };

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  say(`There is no bench "${unknown}". There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}
// One after the other, each on a stack of its own.
for (const name of chosen.length > 0 ? chosen : Object.keys(benches)) {
  const { about, run } = benches[name]!;
  say(`\n${name}: ${about}`);
  const stack = await startTemporaryStack();
  try {
    const before = load();
    const processorTime = countProcessorTime(stack);
    await run(stack);
    say(`  processor time: ${processorTime()}`);
    say(`  load of the machine: ${before} before, ${load()} after`);
  } finally {
    await stack.stop();
  }
}
process.exit();
