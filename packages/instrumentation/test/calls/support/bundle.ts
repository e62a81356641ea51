/** Makes a script that runs by itself, in a process of its own, from the sources as they are. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../../../..', import.meta.url));

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bundles `instrument`, `MetricsRegistry`, the profiles and what `@Slo` writes on methods, for scripts to import from `./measured.mjs`. @returns a folder to put them in */
export async function scriptFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-calls-'));
  const entry = join(folder, 'entry.ts');
  const source = (path: string): string => JSON.stringify(join(root, 'packages', path));
  await writeFile(
    entry,
    `export { instrument } from ${source('instrumentation/src/instrument/instrument.ts')};\nexport { MetricsRegistry } from ${source('metrics/src/index.ts')};\nexport { profileCpu } from ${source('instrumentation/src/profile/cpu-profile.ts')};\nexport { profileHeap } from ${source('instrumentation/src/profile/heap-profile.ts')};\nexport { writeSloOfMethod } from ${source('instrumentation/src/metadata/slo.ts')};\n`,
  );
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@tsukimi/source', 'node', 'import', 'default'] },
    ssr: { noExternal: true, resolve: { conditions: ['@tsukimi/source', 'node', 'import', 'default'] } },
    build: { ssr: entry, outDir: folder, emptyOutDir: false, minify: false, rollupOptions: { output: { entryFileNames: 'measured.mjs' } } },
  });
  return folder;
}

/** Runs a script in that folder with this Node. */
export async function runScript(folder: string, text: string, args: readonly string[] = []): Promise<Ended> {
  return await runNode([await writeScript(folder, text), ...args]);
}

/** Writes a script into that folder. @returns its path */
export async function writeScript(folder: string, text: string): Promise<string> {
  const path = join(folder, `script-${scripts++}.mjs`);
  await writeFile(path, text);
  return path;
}

/** Runs this Node. */
export async function runNode(args: readonly string[]): Promise<Ended> {
  return await new Promise((resolve) => {
    execFile(process.execPath, args, { env: { PATH: process.env['PATH'] } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

let scripts = 0;

/** Removes a folder. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
