/** Builds the live page into `packages/console/dist/app`, unless nothing that it is built from has changed since. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../packages/console/', import.meta.url));
const built = join(root, 'dist/app');
const stamp = fileURLToPath(new URL('../node_modules/.cache/console-app.txt', import.meta.url));

/** @param {() => void} [began] called if there is something to build */
export async function buildPage(began) {
  const sources = hashOfSources();
  if (existsSync(join(built, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  began?.();
  const { build } = await import('vite');
  // Built beside its place, because a server may read the page, and two builds may run, at the same time.
  const fresh = `${built}-${process.pid}`;
  const old = `${fresh}-old`;
  try {
    await build({ configFile: join(root, 'vite.config.ts'), root: join(root, 'app'), logLevel: 'warn', build: { outDir: fresh } });
    if (existsSync(built)) renameSync(built, old);
    renameSync(fresh, built);
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
}

function hashOfSources() {
  const hash = createHash('sha256');
  const read = ['app', 'src/api'].flatMap((name) => readdirSync(join(root, name), { recursive: true, withFileTypes: true }));
  const files = read.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  for (const file of [...files.sort(), ...['vite.config.ts', 'package.json', 'src/api-types.ts'].map((name) => join(root, name))])
    hash.update(`${file}\n`).update(readFileSync(file)).update('\n');
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
