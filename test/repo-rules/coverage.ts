import ts from 'typescript';
import { isTest, linesOf, type Repository, type Rule } from './repository.ts';

export const messagesAreTested: Rule = (repository) => {
  const tests = textOfTests(repository);
  return linesOf(repository, (path) => /^workflows\/[^/]+\/messages\.ts$/.test(path)).flatMap(({ text, at }) => {
    const name = /^export const (\w+) = define(?:Update|Signal|Query)\b/.exec(text)?.[1];
    return name === undefined || names(tests, name) ? [] : [`${at} ${name} is in no test: send it in test/temporal`];
  });
};

export const activitiesAreTested: Rule = (repository) => {
  const tests = textOfTests(repository);
  const activities = [...repository]
    .filter(([path]) => path.startsWith('activities/') && !isTest(path))
    .flatMap(activitiesIn);
  if (activities.length === 0)
    return ['activities/index.ts:1 no activity found: keep them in functions called `…Activities`'];
  return activities
    .filter(({ name }) => !names(tests, name))
    .map(({ name, at }) => `${at} ${name} is in no test: run it in test/db or test/temporal, twice`);
};

export const workflowsHaveHistories: Rule = (repository) => {
  const histories = [...repository].filter(([path]) => /^test\/replay\/.+\.json$/.test(path)).map(([, text]) => text);
  const recorded = new Set(histories.map((text) => /"workflowType":\s*\{\s*"name":\s*"(\w+)"/.exec(text)?.[1]));
  return linesOf(repository, (path) => path === 'workflows/index.ts').flatMap(({ text, at }) => {
    const workflows = [...text.matchAll(/\b\w+Workflow\b/g)].map(([name]) => name);
    return workflows
      .filter((name) => !recorded.has(name))
      .map((name) => `${at} ${name} has no history under test/replay: record one with scripts/record-history.ts`);
  });
};

/** The keys of the objects that functions called `…Activities` return. */
function activitiesIn([path, text]: [path: string, text: string]): { name: string; at: string }[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const factories = source.statements.filter(
    (statement) => ts.isFunctionDeclaration(statement) && statement.name?.text.endsWith('Activities'),
  );
  return factories
    .flatMap((factory) => returnedKeys(factory))
    .map((key) => ({ name: key.text, at: `${path}:${lineOf(source, key)}` }));
}

function returnedKeys(node: ts.Node): ts.Identifier[] {
  const keys: ts.Identifier[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isReturnStatement(child) && child.expression && ts.isObjectLiteralExpression(child.expression)) {
      for (const { name } of child.expression.properties) if (name && ts.isIdentifier(name)) keys.push(name);
    } else if (!ts.isFunctionLike(child)) ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return keys;
}

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

function textOfTests(repository: Repository): string {
  const tests = [...repository].filter(
    ([path]) => isTest(path) && path.endsWith('.ts') && !path.startsWith('test/repo-rules/'),
  );
  return tests.map(([, text]) => text).join('\n');
}

function names(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text);
}
