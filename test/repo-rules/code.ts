import { codeLinesOf, findings, isTest, linesOf, type Repository, type Rule } from './repository.ts';

const isCode = (path: string) => path.endsWith('.ts');

export const environmentIsReadOnce: Rule = (repository) =>
  findings(
    codeLinesOf(repository, (path) => isCode(path) && !isTest(path) && !/^(config\/env\.ts$|scripts\/)/.test(path)),
    /\bprocess\.env\b|from 'node:process'/,
    'add it to the schema in config/env.ts and take the value as an argument',
  );

export const timeIsAnArgument: Rule = (repository) =>
  findings(
    codeLinesOf(
      repository,
      (path) => isCode(path) && !isTest(path) && /^(domain|activities(?!\/attempt-time)|db)\//.test(path),
    ),
    /(?<!withDeadline\()\bDate\.now\b|\bDate\(\s*\)|\bperformance\.now\b|\bTemporal\.Now\b|(?<!withDeadline\(Date\.)\bnow\(\)|\b(clock|current|statement)_timestamp\b/i,
    'take `now` from the caller; at hand-over use activities/attempt-time.ts',
  );

/** The type allows an async validator, but then nothing is ever refused. */
export const validatorsAreSynchronous: Rule = (repository) =>
  codeLinesOf(repository, (path) => isCode(path) && path.startsWith('workflows/')).flatMap(({ path, text, at }) => {
    const match = /\bvalidator\b(?:\s*:\s*(\w+))?/.exec(text);
    if (!match) return [];
    const isAsync =
      match[1] === 'async' ||
      /\basync\s+validator\b/.test(text) ||
      isAsyncFunction(repository, path, match[1] ?? 'validator');
    return isAsync ? [`${at} is async: check what is in memory and throw, or let the loop decide`] : [];
  });

function isAsyncFunction(repository: Repository, path: string, name: string): boolean {
  return new RegExp(`\\basync function ${name}\\b|\\b${name}\\b[^=\\n]*= async\\b`).test(repository.get(path) ?? '');
}

export const testsAllRun: Rule = (repository) =>
  findings(
    codeLinesOf(repository, (path) => (isCode(path) && isTest(path)) || path === 'vitest.config.ts'),
    /\.(only|skip|todo|fails|skipIf|runIf)(?=[.(])|\b(xit|fit|xdescribe|fdescribe)\(|\bvi\.(mock|doMock)\(|\bretry:\s*[1-9]/,
    'a test runs always, once, on real parts; without its server it fails',
  );

export const nothingNamesThisMachine: Rule = (repository) =>
  findings(
    linesOf(repository, (path) => path !== 'test/repo-rules/code.ts'),
    /(?<![\w.:/-])\/(home|Users|root|work)\/[\w.-]+|[A-Z]:\\Users\\|\bregistry\.(npmjs|yarnpkg)\.|"resolved": "http/,
    'it means nothing on the next machine: compute the path, leave out the host',
  );

const emptyNames = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'services',
  'lib',
  'manager',
  'managers',
  'misc',
  'shared',
];

export const namesSaySomething: Rule = (repository) =>
  [...repository.keys()].flatMap((path) => {
    const name = path.split('/').find((part) => emptyNames.includes(part.replace(/(\.test)?\.\w+$/, '')));
    return name === undefined ? [] : [`${path}:1 "${name}" says nothing: a folder is a noun, a file what it does`];
  });

/** npm 11 refuses `npm ci` when an optional package of another platform has no entry. */
export const lockFileIsWhole: Rule = (repository) => {
  const { packages = {} } = JSON.parse(repository.get('package-lock.json') ?? '{}') as {
    packages?: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const named = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
  const wanted = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ path, name })),
  );
  return wanted
    .filter(({ name }) => !named.has(name))
    .map(
      ({ path, name }) =>
        `package-lock.json:1 lacks ${name}, wanted by ${path}: run \`npm install\` with all platforms in reach`,
    );
};
