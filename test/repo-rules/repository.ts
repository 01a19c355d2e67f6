import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Path → text, of everything that git keeps or would keep. */
export type Repository = ReadonlyMap<string, string>;

/** Answers with what is wrong, each as `path:line what to do instead`; nothing wrong = an empty list. */
export type Rule = (repository: Repository) => string[];

/** These two feed the rules with what the rules forbid, so their text is left out. */
const testsOfRules = ['test/repo-rules.test.ts', 'test/import-rules.test.ts'];

export function loadRepository(): Repository {
  const root = resolve(import.meta.dirname, '../..');
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  const paths = listed.filter((path) => existsSync(join(root, path)));
  return new Map(
    paths.map((path) => [path, testsOfRules.includes(path) ? '' : readFileSync(join(root, path), 'utf8')]),
  );
}

export interface Line {
  path: string;
  text: string;
  /** `path:line`, as editors and terminals link it. */
  at: string;
}

export function linesOf(repository: Repository, isWanted: (path: string) => boolean): Line[] {
  return [...repository]
    .filter(([path]) => isWanted(path))
    .flatMap(([path, text]) =>
      text.split('\n').map((line, index) => ({ path, text: line, at: `${path}:${index + 1}` })),
    );
}

/** The lines of code, comments left out. */
export function codeLinesOf(repository: Repository, isWanted: (path: string) => boolean): Line[] {
  return linesOf(repository, isWanted).filter(({ text }) => !/^\s*(\/\/|\/?\*)/.test(text));
}

export function findings(lines: Line[], pattern: RegExp, advice: string): string[] {
  return lines.flatMap(({ text, at }) => {
    const match = pattern.exec(text);
    return match ? [`${at} \`${match[0].trim()}\`: ${advice}`] : [];
  });
}

export function isTest(path: string): boolean {
  return path.startsWith('test/') || path.endsWith('.test.ts');
}
