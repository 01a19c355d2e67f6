/** The standard of a log line's fields that every line has; the rest is shown behind the sentence. */
const ALWAYS = new Set(['level', 'time', 'msg']);
const WIDTH = 'PostgreSQL'.length;

export interface Paint {
  dim: (text: string) => string;
  bold: (text: string) => string;
  bad: (text: string) => string;
  good: (text: string) => string;
}

const wrap = (code: string, end: string) => (text: string) => `\u001B[${code}m${text}\u001B[${end}m`;

export function paintFor(hasColours: boolean): Paint {
  const plain = (text: string): string => text;
  if (!hasColours) return { dim: plain, bold: plain, bad: plain, good: plain };
  return { dim: wrap('2', '22'), bold: wrap('1', '22'), bad: wrap('31', '39'), good: wrap('32', '39') };
}

/** One line of a program's output for a person: who said it, when, what, and the ids behind it. */
export function readableLine(part: string, line: string, paint: Paint): string {
  const name = paint.dim(part.padEnd(WIDTH));
  const entry = parseEntry(line);
  if (entry === undefined) return `${name}  ${line}`;
  const time = paint.dim(new Date(entry.time).toTimeString().slice(0, 8));
  const sentence = entry.level >= 40 ? paint.bad(entry.msg) : entry.msg;
  const fields = Object.entries(entry)
    .filter(([field]) => !ALWAYS.has(field))
    .map(([field, value]) => `${field}=${String(value)}`);
  return [name, time, sentence, paint.dim(fields.join(' '))].join('  ').trimEnd();
}

interface Entry extends Record<string, unknown> {
  level: number;
  time: string;
  msg: string;
}

function parseEntry(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as Partial<Entry>;
    const isEntry =
      typeof entry.level === 'number' && typeof entry.msg === 'string' && !Number.isNaN(Date.parse(String(entry.time)));
    return isEntry ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}
