import { dirname, join } from 'node:path/posix';
import { type Line, linesOf, type Repository, type Rule } from './repository.ts';

const isDocument = (path: string) => /^(README|ARCHITECTURE|CONTRIBUTING)\.md$|^docs\/.+\.md$/.test(path);
const pathLike = /^[\w.@*<>{},-]+(\/[\w.@*<>{},-]+)*\/?$/;
const fileEnding = /\.(ts|cjs|json|md|ya?ml|sql|csv|html|css)$/;
/** Made while running, so named in documents but never kept. */
const madeLater = /^(\.local|node_modules|dist|coverage|\.env)(\/|$)/;

export const documentsNameRealPaths: Rule = (repository) => {
  const everything = pathsAndFolders(repository);
  const topLevel = new Set(
    [...repository.keys()].filter((path) => path.includes('/')).map((path) => path.split('/')[0]),
  );
  const isPath = (token: string, isAlone: boolean) => {
    if (!pathLike.test(token) || madeLater.test(token)) return false;
    return token.includes('/')
      ? topLevel.has(token.split('/')[0]) || fileEnding.test(token)
      : isAlone && fileEnding.test(token);
  };
  const missing = (line: Line, token: string) => !exists(everything, line.path, token);
  return documentLines(repository).flatMap(({ line, isFenced }) => {
    const links = isFenced ? [] : linkTargets(line.text).filter((target) => missing(line, target));
    const names = quoted(line.text, isFenced).filter(
      ({ token, isAlone }) => isPath(token, isAlone) && missing(line, token),
    );
    return [...links, ...names.map(({ token }) => token)].map(
      (name) => `${line.at} names ${name}, which does not exist: correct the path or drop the sentence`,
    );
  });
};

export const scriptsNamedExist: Rule = (repository) => {
  const manifest = JSON.parse(repository.get('package.json') ?? '{}') as { scripts?: Record<string, string> };
  const known = Object.keys(manifest.scripts ?? {}).toSorted();
  const lines = linesOf(repository, (path) => !/package-lock\.json$|CHANGELOG\.md$/.test(path));
  return lines.flatMap(({ text, at }) => {
    const named = [...text.matchAll(/\bnpm (?:run (?:-\S+ )*([a-z][\w:-]*)|(test|start)\b)/g)];
    const unknown = named.map((match) => match[1] ?? match[2] ?? '').filter((name) => !known.includes(name));
    return unknown.map((name) => `${at} names the script "${name}"; package.json has ${known.join(', ')}`);
  });
};

function documentLines(repository: Repository): { line: Line; isFenced: boolean }[] {
  let isFenced = false;
  return linesOf(repository, isDocument).flatMap((line) => {
    if (line.at.endsWith(':1')) isFenced = false;
    if (!line.text.trimStart().startsWith('```')) return [{ line, isFenced }];
    isFenced = !isFenced;
    return [];
  });
}

function linkTargets(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return targets.filter((target) => !/^([a-z]+:|#)/.test(target)).map((target) => target.replace(/#.*$/, ''));
}

/** What stands in backticks; of a code block, every word. A bare file name counts only where it stands alone. */
function quoted(text: string, isFenced: boolean): { token: string; isAlone: boolean }[] {
  const passages = isFenced ? [text] : [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  return passages.flatMap((passage) => {
    const tokens = passage.split(/[\s()|=]+/).map((token) => token.replace(/[,.;:]+$/, ''));
    return tokens.map((token) => ({ token, isAlone: !isFenced && token === passage }));
  });
}

function pathsAndFolders(repository: Repository): string[] {
  const folders = new Set<string>();
  for (const path of repository.keys()) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  return [...repository.keys(), ...folders];
}

function exists(everything: string[], document: string, name: string): boolean {
  const wanted = [name, join(dirname(document), name)].map((path) => path.replace(/^\.\//, '').replace(/\/$/, ''));
  if (!name.includes('/')) wanted.push(`**/${name}`);
  return wanted.some((path) => everything.some((known) => toPattern(path).test(known)));
}

/** `*` and `<noun>` stand for one name, `**` for any, `{a,b}` for either. */
function toPattern(path: string): RegExp {
  const source = path
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\{([^}]*)\}/g, (_, names: string) => `(${names.replaceAll(',', '|')})`)
    .replace(/<[^>]*>|\*+/g, (wildcard) => (wildcard === '**' ? '.*' : '[^/]*'));
  return new RegExp(`^${source}$`);
}
