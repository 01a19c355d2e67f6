import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export const root = resolve(import.meta.dirname, '../..');

export interface ComposeService {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string | number | null>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  restart: string;
}

export interface Compose {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function readCompose(): Compose {
  return parse(readText('docker-compose.yml'), { merge: true }) as Compose;
}

type Values = Readonly<Record<string, string>>;

/** `${NAME}`, `${NAME:-instead}` and `${NAME:?}`, as `docker compose` reads them. */
export function interpolate(text: string, values: Values): string {
  return text.replaceAll(/\$\{(\w+)(?::(-|\?)([^}]*))?\}/g, (_whole, name: string, mark?: string, instead = '') => {
    const value = values[name] ?? '';
    if (value === '' && mark === '?') throw new Error(`${name} has no value`);
    return value === '' ? instead : value;
  });
}

/** The names that a text interpolates. */
export function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name))];
}

/** The variables of `.env.example` in its order, with what a deployment fills in first. */
export function exampleEnvironment(filledIn: Values = {}): Record<string, string> {
  const values: Record<string, string> = { ...filledIn };
  const lines = [...readText('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)];
  for (const [, name = '', text = ''] of lines) values[name] = filledIn[name] ?? interpolate(text, values);
  return values;
}

/** What somebody who deploys has to know. */
export const filledIn: Values = {
  PUBLIC_URL: 'https://vuoro.example',
  POSTGRES_PASSWORD: 'password1',
  MIGRATION_PASSWORD: 'password2',
  APP_PASSWORD: 'password3',
  TEMPORAL_PASSWORD: 'password4',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000002',
  TWILIO_AUTH_TOKEN: 'token',
};

/** The instructions of the Dockerfile by stage, with continued lines joined. */
export function readDockerfile(): { from: string; instructions: { name: string; args: string }[] }[] {
  const lines = readText('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
  const stages: ReturnType<typeof readDockerfile> = [];
  for (const line of lines) {
    const [name = '', ...rest] = line.split(' ');
    if (name === 'FROM') stages.push({ from: rest.join(' '), instructions: [] });
    else stages.at(-1)?.instructions.push({ name, args: rest.join(' ') });
  }
  return stages;
}

/** What a stage copies from the folder of the build, as `[from, to]`. */
export function copiedFromRepository(stage: number): [from: string, to: string][] {
  const copies = readDockerfile()[stage]?.instructions.filter(
    ({ name, args }) => name === 'COPY' && !args.startsWith('--from'),
  );
  return (copies ?? []).flatMap(({ args }) => {
    const words = args.split(' ');
    const to = words.pop() ?? '';
    return words.map((from): [string, string] => [from, to.endsWith('/') ? to + (from.split('/').pop() ?? '') : to]);
  });
}

/** `deploy/postgres/roles.sql` as psql would send it: one statement each, with the variables of the environment put in. */
export function roleStatements(environment: Values): string[] {
  const variables = new Map<string, string>();
  const text = readText('deploy/postgres/roles.sql')
    .replaceAll(/^--.*\n/gm, '')
    .replaceAll(/^\\getenv (\w+) (\w+)\n/gm, (_line, variable: string, name: string) => {
      variables.set(variable, environment[name] ?? '');
      return '';
    })
    .replaceAll(
      /:'(\w+)'/g,
      (_whole, variable: string) => `'${(variables.get(variable) ?? '').replaceAll("'", "''")}'`,
    );
  const statements = text.split(';').map((statement) => statement.trim());
  return statements.filter((statement) => statement !== '');
}
