import { describe, expect, it } from 'vitest';
import * as code from './repo-rules/code.ts';
import * as coverage from './repo-rules/coverage.ts';
import * as docs from './repo-rules/docs.ts';
import { loadRepository, type Rule } from './repo-rules/repository.ts';

interface Example {
  sentence: string;
  rule: Rule;
  bad: Record<string, string>;
  good: Record<string, string>;
}

const manifest = '{ "scripts": { "check": "x" } }';
const messages = 'workflows/appointment/messages.ts';
const message = "export const confirmUpdate = defineUpdate<void>('confirm');";
const activity = 'export function createActivities() {\n  return { send: () => 1 };\n}';

const rules: Example[] = [
  {
    sentence: 'documents name only paths that exist',
    rule: docs.documentsNameRealPaths,
    bad: { 'README.md': 'See `domain/b.ts`.', 'domain/a.ts': '' },
    good: {
      'README.md': 'See `domain/a.ts`, `domain/*.ts`, `a.ts`, `domain/`, `.local/`, `GET /v1/a`.',
      'domain/a.ts': '',
    },
  },
  {
    sentence: 'documents link only to files that exist',
    rule: docs.documentsNameRealPaths,
    bad: { 'docs/a.md': 'See [that](b.md).' },
    good: { 'docs/a.md': 'See [this](a.md), [here](#part) and [there](https://example.com/b.md).' },
  },
  {
    sentence: 'code blocks in documents name only paths that exist',
    rule: docs.documentsNameRealPaths,
    bad: { 'README.md': '```\nnode domain/b.ts\n```', 'domain/a.ts': '' },
    good: { 'README.md': '```\nnode domain/a.ts\ncurl http://127.0.0.1/domain/b\n```', 'domain/a.ts': '' },
  },
  {
    sentence: 'only npm scripts that exist are named',
    rule: docs.scriptsNamedExist,
    bad: { 'package.json': manifest, 'README.md': 'Then `npm run fly`.' },
    good: { 'package.json': manifest, 'README.md': 'Then `npm run check`.' },
  },
  {
    sentence: 'the environment is read in one file',
    rule: code.environmentIsReadOnce,
    bad: { 'api/app.ts': 'const port = process.env.PORT;' },
    good: { 'config/env.ts': 'process.env', 'scripts/dev.ts': 'process.env', 'api/app.ts': '// process.env' },
  },
  {
    sentence: 'domain, activities and database take the time as an argument',
    rule: code.timeIsAnArgument,
    bad: { 'domain/a.ts': 'const late = new Date() > start;' },
    good: { 'domain/a.ts': 'new Date(now)', 'workflows/a.ts': 'Date.now()', 'domain/a.test.ts': 'Date.now()' },
  },
  {
    sentence: 'activities take the time as an argument, but for how long they wait at the wire',
    rule: code.timeIsAnArgument,
    bad: { 'activities/a.ts': 'const at = Date.now();' },
    good: {
      'activities/a.ts': 'client.withDeadline(Date.now() + PATIENCE, call)',
      'activities/attempt-time.ts': 'Date.now()',
    },
  },
  {
    sentence: 'SQL takes the time as an argument',
    rule: code.timeIsAnArgument,
    bad: { 'db/commands/a.ts': 'sql`update a set b = now()`' },
    good: { 'db/commands/a.ts': 'sql`update a set b = ${now}`' },
  },
  {
    sentence: 'update validators are synchronous',
    rule: code.validatorsAreSynchronous,
    bad: { 'workflows/a.ts': 'setHandler(u, handle, { validator: async () => {} });' },
    good: { 'workflows/a.ts': 'setHandler(u, async () => {}, { validator: check });\nfunction check() {}' },
  },
  {
    sentence: 'update validators that are named are synchronous',
    rule: code.validatorsAreSynchronous,
    bad: { 'workflows/a.ts': 'setHandler(u, handle, { validator: check });\nconst check = async () => {};' },
    good: { 'workflows/a.ts': 'setHandler(u, handle, { validator: check });\nconst check = () => {};' },
  },
  {
    sentence: 'every test runs',
    rule: code.testsAllRun,
    // A text that the rule is to find: nothing is skipped here.
    bad: { 'api/a.test.ts': "it.skip('works', () => {});" },
    good: { 'api/a.test.ts': "it('works', () => {});" },
  },
  {
    sentence: 'nothing names a machine or a registry',
    rule: code.nothingNamesThisMachine,
    bad: { 'scripts/a.ts': "const data = '/home/somebody/data';" },
    good: { 'scripts/a.ts': "const link = 'https://example.com/home/page';", 'api/a.ts': "get('/a/home/b')" },
  },
  {
    sentence: 'folders and files have names that say something',
    rule: code.namesSaySomething,
    bad: { 'domain/utils.ts': '' },
    good: { 'domain/utilisation.ts': '' },
  },
  {
    sentence: 'the lock file has an entry for every platform',
    rule: code.lockFileIsWhole,
    bad: { 'package-lock.json': '{ "packages": { "node_modules/a": { "optionalDependencies": { "a-mac": "1" } } } }' },
    good: { 'package-lock.json': '{ "packages": { "node_modules/a": { "optionalDependencies": {} } } }' },
  },
  {
    sentence: 'every workflow message is in a test',
    rule: coverage.messagesAreTested,
    bad: { [messages]: message, 'test/temporal/a.test.ts': '' },
    good: { [messages]: message, 'test/temporal/a.test.ts': 'handle.executeUpdate(confirmUpdate)' },
  },
  {
    sentence: 'every activity is in a test',
    rule: coverage.activitiesAreTested,
    bad: { 'activities/index.ts': activity, 'test/db/a.test.ts': 'sending' },
    good: { 'activities/index.ts': activity, 'test/db/a.test.ts': 'await send();' },
  },
  {
    sentence: 'every workflow has a recorded history',
    rule: coverage.workflowsHaveHistories,
    bad: { 'workflows/index.ts': "export { aWorkflow } from './a/workflow.ts';" },
    good: {
      'workflows/index.ts': "export { aWorkflow } from './a/workflow.ts';",
      'test/replay/a.json': '{ "workflowType": { "name": "aWorkflow" } }',
    },
  },
];

describe('in this repository', () => {
  const repository = loadRepository();

  it.each(rules.filter((example, index) => rules.findIndex(({ rule }) => rule === example.rule) === index))(
    '$sentence',
    ({ rule }) => {
      expect(rule(repository)).toEqual([]);
    },
  );
});

describe('the rule notices when it does not hold, and only then:', () => {
  it.each(rules)('$sentence', ({ rule, bad, good }) => {
    expect(rule(new Map(Object.entries(bad)))).toEqual([expect.stringMatching(/^[\w./-]+:\d+ /)]);
    expect(rule(new Map(Object.entries(good)))).toEqual([]);
  });
});
