import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog('info', { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line', () => {
  it('carries what is on the list and nothing else', () => {
    const fields = { clinicId: 'c', code: 'SLOT_TAKEN', mobile: '+358401000101', nested: { name: 'Anna' } };
    const [line] = logged((log) => log.info('request', fields));
    expect(line).toMatchObject({ msg: 'request', clinicId: 'c', code: 'SLOT_TAKEN' });
    expect(JSON.stringify(line)).not.toMatch(/Anna|358401000101/);
  });

  it('tells an error by kind, code and place, never by its words', () => {
    const cause = Object.assign(new TypeError('duplicate key (mobile)=(+358401000101)'), { code: '23505' });
    const [line] = logged((log) => log.error('failed', {}, new Error('insert … params: Anna', { cause })));
    expect(line).toMatchObject({ errorName: 'Error < TypeError', errorCode: '23505' });
    expect(line?.['errorAt']).toContain('log.test.ts');
    expect(JSON.stringify(line)).not.toMatch(/Anna|358401000101/);
  });
});
