import { readFile } from 'node:fs/promises';
import { type Document, LineCounter, type Node, isMap, isNode, isScalar, parseDocument, visit } from 'yaml';
import { type ClinicDescription, readClinicDescription } from '../../domain/clinic-description.ts';
import { type FieldError, Refusal } from '../../domain/errors.ts';
import { UserError } from './command.ts';

/** A clinic's file: what it says, and where it says so. */
export interface ClinicFile {
  description: ClinicDescription;
  /** What is wrong with it, each problem with its line. */
  complaint: (errors: readonly FieldError[]) => UserError;
}

export async function readClinicFile(path: string): Promise<ClinicFile> {
  return parseClinicFile(await textOf(path), path);
}

/** Reads the text of such a file; throws a UserError that names every mistake with its line. */
export function parseClinicFile(text: string, path: string): ClinicFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length > 0) {
    throw new UserError(mistakes.map(({ pos, message }) => `${path}:${lineAt(pos[0])} ${message}`).join('\n'));
  }
  keepPlusSigns(document);

  const complaint = (errors: readonly FieldError[]) => {
    const found = errors.map(({ pointer, detail }) => {
      const names = namesIn(pointer);
      return { line: lineAt(offsetOf(document, names)), words: [names.join('.'), detail].filter(Boolean).join(' ') };
    });
    return new UserError(
      found
        .toSorted((a, b) => a.line - b.line)
        .map(({ line, words }) => `${path}:${line} ${words}`)
        .join('\n'),
    );
  };
  try {
    return { description: readClinicDescription(valueOf(document, path)), complaint };
  } catch (error) {
    throw error instanceof Refusal ? complaint(error.errors) : error;
  }
}

function valueOf(document: Document, path: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // An alias that leads nowhere, or too many of them.
    throw new UserError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code !== 'ENOENT';
    throw new UserError(isThere ? `${path} cannot be read.` : `There is no file ${path}.`);
  }
}

/** YAML takes +358401000001 for a number and drops the plus. */
function keepPlusSigns(document: Document): void {
  visit(document, {
    Scalar: (_key, scalar) => {
      if (typeof scalar.value === 'number' && scalar.source?.startsWith('+')) scalar.value = scalar.source;
    },
  });
}

function namesIn(pointer: string): string[] {
  const names = pointer.split('/').slice(1);
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Where it stands; of what is missing, where the part begins that lacks it. */
function offsetOf(document: Document, names: readonly string[]): number {
  for (let depth = names.length; depth > 0; depth--) {
    const within = document.getIn(names.slice(0, depth - 1), true);
    const name = names[depth - 1];
    const pair = isMap(within) ? within.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
    const node: unknown = pair ? pair.key : document.getIn(names.slice(0, depth), true);
    if (isNode(node)) return startOf(node);
  }
  return isNode(document.contents) ? startOf(document.contents) : 0;
}

function startOf({ range }: Node): number {
  return range?.[0] ?? 0;
}
