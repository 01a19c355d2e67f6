import { Ajv } from 'ajv';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { programVariables, readAdminEnv, readApiEnv, readWorkerEnv } from '../config/env.ts';
import * as searchAttributes from '../workflows/search-attributes.ts';
import {
  type Compose,
  type ComposeService,
  copiedFromRepository,
  exampleEnvironment,
  filledIn,
  interpolate,
  namesIn,
  readCompose,
  readDockerfile,
  readText,
  root,
} from './deployment/files.ts';

const compose = readCompose();
const services = Object.entries(compose.services);
const programs = {
  api: { read: readApiEnv, variables: programVariables.api },
  worker: { read: readWorkerEnv, variables: programVariables.worker },
  migrate: { read: readAdminEnv, variables: programVariables.admin },
};

/** The environment that `docker compose` gives to a service. */
function environmentOf({ environment = {} }: ComposeService, values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, interpolate(String(value ?? ''), values)]),
  );
}

describe('docker-compose.yml', () => {
  it('is what the compose specification calls valid', () => {
    // Its name of draft 7 begins with https, by which the validator does not know it.
    const { $schema: _, ...schema } = JSON.parse(readText('test/deployment/compose-spec/schema.json')) as {
      $schema: string;
    };
    const validate = new Ajv({ strict: false, logger: false }).compile(schema);
    validate(compose);
    expect(validate.errors).toBeNull();
    const wrong: Compose = structuredClone(compose);
    wrong.services['api']!.depends_on!['migrate']!.condition = 'service_finished';
    expect(validate(wrong)).toBe(false);
  });

  it('runs nothing but what production needs', () => {
    const names = services.map(([name]) => name).toSorted();
    const temporal = ['temporal', 'temporal-namespace', 'temporal-schema', 'temporal-ui'];
    expect(names).toEqual(['api', 'migrate', 'postgres', ...temporal, 'worker']);
    expect(readText('docker-compose.yml')).not.toMatch(/simulator/i);
  });

  it('pins what it runs: of others by version, of ours by the Dockerfile', () => {
    const images = services.map(([, { image, build }]) => (build === undefined ? image : `${image} from ${build}`));
    const isPinned = (image: string) => /^([\w/-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?|vuoro:local from \.)$/.test(image);
    expect(images.filter((image) => !isPinned(image))).toEqual([]);
    // The server does not start on a schema of another version.
    const temporal = images.filter((image) => /\/(server|admin-tools):/.test(image));
    expect(new Set(temporal.map((image) => image.split(':')[1])).size).toBe(1);
  });

  it('holds no secret', () => {
    const all = services.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const secrets = all.filter(([name]) => /PASSWORD|PWD|TOKEN|KEY|DATABASE_URL|_SID/.test(name));
    expect(secrets.length).toBeGreaterThan(10);
    expect(secrets.filter(([, value]) => !/^\$\{\w+:[?-]\}$/.test(String(value)))).toEqual([]);
  });

  it.each(Object.keys(filledIn))('does not start anything without %s', (name) => {
    const without = exampleEnvironment({ ...filledIn, [name]: '' });
    expect(() => services.map(([, service]) => environmentOf(service, without))).toThrow(`${name} has no value`);
  });

  it('is open to this machine only', () => {
    const ports = services.flatMap(([, { ports: all = [] }]) => all);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('names only files and volumes that exist', () => {
    const sources = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const isThere = (source: string) =>
      source.startsWith('./') ? existsSync(join(root, source)) : Object.keys(compose.volumes).includes(source);
    expect(sources.length).toBeGreaterThan(4);
    expect(sources.filter((source) => !isThere(source))).toEqual([]);
  });

  it('waits for health where health is asked, and for the end of what ends', () => {
    const needed = services.flatMap(([, { depends_on: needs = {} }]) => Object.entries(needs));
    const expected = needed.map(([name]) => {
      const { healthcheck, restart } = compose.services[name]!;
      if (restart.startsWith('on-failure')) return 'service_completed_successfully';
      return healthcheck?.test ? 'service_healthy' : `nothing, since ${name} has no health check`;
    });
    expect(needed.length).toBeGreaterThan(8);
    expect(needed.map(([, { condition }]) => condition)).toEqual(expected);
  });
});

describe.each(Object.entries(programs))('the service %s', (name, { read, variables }) => {
  const service = compose.services[name]!;

  it('gets exactly the variables that its program reads', () => {
    expect(Object.keys(service.environment ?? {}).toSorted()).toEqual(variables.toSorted());
  });

  it('starts with what .env.example holds, once that is filled in', () => {
    expect(() => read(environmentOf(service, exampleEnvironment(filledIn)))).not.toThrow();
  });

  it('runs a file that the build makes', () => {
    expect(mainsBuilt()).toContain(service.command?.[1]);
  });
});

it('the API answers at the port that is published, on every address of its container', () => {
  const api = compose.services['api']!;
  const { host, port } = readApiEnv(environmentOf(api, exampleEnvironment(filledIn)));
  expect(host).toBe('0.0.0.0');
  expect(api.ports).toEqual([`127.0.0.1:\${PORT:?}:${port}`]);
});

describe('.env.example', () => {
  it('has every variable that our programs and docker-compose.yml read, and no other', () => {
    const read = [...Object.values(programVariables).flat(), ...namesIn(readText('docker-compose.yml'))];
    expect(Object.keys(exampleEnvironment()).toSorted()).toEqual([...new Set(read)].toSorted());
  });

  it('has no value that would be a secret', () => {
    const secrets = Object.entries(exampleEnvironment()).filter(([name]) => /PASSWORD$|TOKEN|KEY/.test(name));
    expect(secrets.length).toBeGreaterThan(8);
    expect(secrets.filter(([, value]) => value !== '')).toEqual([]);
  });
});

describe('the Dockerfile', () => {
  const stages = readDockerfile();
  const last = stages.at(-1)!.instructions;
  const valueOf = (name: string) => last.find((instruction) => instruction.name === name)?.args;

  it('builds and runs on one pinned version of Node', () => {
    const images = new Set(stages.map(({ from }) => from.split(' ')[0]));
    expect([...images]).toEqual([expect.stringMatching(/^node:20\.\d+\.\d+-\w+-slim$/)]);
  });

  it('copies only what exists and .dockerignore lets through', () => {
    const ignored = readText('.dockerignore').split('\n');
    const letThrough = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = stages.flatMap((_stage, index) => copiedFromRepository(index)).map(([from]) => from);
    expect(ignored).toContain('*');
    expect(copied.length).toBeGreaterThan(10);
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(letThrough.toSorted()).toEqual([...new Set(copied)].toSorted());
  });

  it('keeps development packages out of the image, and runs as nobody special', () => {
    expect(stages[1]?.instructions.find(({ name }) => name === 'RUN')?.args).toBe('npm ci --omit=dev --ignore-scripts');
    expect(last.filter(({ name }) => name === 'COPY').map(({ args }) => args)).toEqual([
      '--from=packages /app/node_modules node_modules',
      'package.json LICENSE ./',
      '--from=build /app/dist dist',
    ]);
    expect(valueOf('USER')).toBe('node');
  });

  it('runs node itself, so that signals reach it, on a file that the build makes', () => {
    const [command, file] = JSON.parse(valueOf('CMD') ?? '[]') as string[];
    expect([command, valueOf('STOPSIGNAL')]).toEqual(['node', 'SIGTERM']);
    expect(mainsBuilt()).toContain(file);
  });
});

it('the namespace gets the search attributes that workflows set', () => {
  const script = readText('deploy/temporal/namespace.sh');
  const made = [...script.matchAll(/\b\w+=(Keyword|Datetime)\b/g)].map(([attribute]) => attribute.toLowerCase());
  const set = Object.values(searchAttributes).map(({ name, type }) => `${name}=${type}`.toLowerCase());
  expect(made.toSorted()).toEqual(set.toSorted());
});

/** The mains of the build, where it puts them. */
function mainsBuilt(): string[] {
  const { files } = JSON.parse(readText('tsconfig.build.json')) as { files: string[] };
  return files.map((file) => `dist/${file.replace(/\.ts$/, '.js')}`);
}
