import type { Cost } from './costs.ts';

/** Empty where the costs are the same; otherwise a table of what changed, with the line to write into `costs.ts`. */
export function comparison(life: string, expected: Cost, actual: Cost): string {
  const before = flat(expected);
  const after = flat(actual);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const rows = names.flatMap((name) => {
    const [was = 0, is = 0] = [before[name], after[name]];
    return was === is ? [] : [`${name.padEnd(20)} ${String(was).padStart(5)} → ${String(is).padStart(5)}`];
  });
  if (rows.length === 0) return '';
  return [
    `What "${life}" costs has changed:`,
    '',
    ...rows.map((row) => `  ${row}`),
    '',
    'If that is worth it, accept it in test/cost/costs.ts:',
    '',
    `  actions: ${listed(actual.actions)},`,
    `  statements: ${listed(actual.statements)},`,
  ].join('\n');
}

function flat({ actions, statements }: Cost): Record<string, number> {
  return { ...actions, 'statements of api': statements.api, 'statements of worker': statements.worker };
}

function listed(counts: Record<string, number>): string {
  const named = Object.entries(counts).filter(([name, count]) => count > 0 || name === 'api' || name === 'worker');
  return `{ ${named.map(([name, count]) => `${name}: ${count}`).join(', ')} }`;
}
