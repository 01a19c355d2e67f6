import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflows, BUNDLE } from '../worker/bundle.ts';

/** What production runs, as plain JavaScript: `npm run build`, or `npm run build -- <folder>` for another place than `dist/`. */
const root = fileURLToPath(new URL('../', import.meta.url));
const target = resolve(root, process.argv[2] ?? 'dist');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(target, { recursive: true, force: true });
// From the three mains on, only what they import: so the simulator, the tests and the local stack stay out.
const args = [tsc, '--project', join(root, 'tsconfig.build.json'), '--outDir', target];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
if (status !== 0) process.exit(1);
cpSync(join(root, 'db/migrations'), join(target, 'db/migrations'), { recursive: true });
const { code } = await bundleWorkflows();
writeFileSync(join(target, BUNDLE), code);
console.log(`Built into ${target}`);
