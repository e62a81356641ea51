/** Imports all modules below a folder, so that their classes are declared. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { callSitesBelow, filePathOf } from '../components/call-sites.js';
import { isApplicationError } from '../errors/application-error.js';
import { scanFailed, scanImportFailed } from './errors.js';
import { filesBeingImported, importForScan, type ScanOrigin } from './pending-imports.js';

const MODULE = /(?<!\.d)\.(js|mjs|ts|mts)$/;
const TEST = /\.(test|spec)(-d)?\.[^.]+$/;
const SKIPPED_FOLDER = /^(node_modules|__tests__|__mocks__)$/;

/**
 * The files on the call stack. They are running already, so a scan need not import them. If they wait for the application, their import would
 * never end.
 */
export function filesThatCall(below: (...parameters: never[]) => unknown): readonly string[] {
  const files = callSitesBelow(below).flatMap((site) => filePathOf(site.getFileName()) ?? []);
  return [...new Set(files)];
}

/** @throws TSK_ERR_APPLICATION_SCAN_FOLDER, TSK_ERR_APPLICATION_SCAN_IMPORT, TSK_ERR_APPLICATION_SCAN_STARTS, TSK_ERR_APPLICATION_SCAN_WAITS */
export async function importAll(folder: URL, origin: ScanOrigin): Promise<void> {
  const paths = await modulesIn(folder);
  const begun = await withLinkedFiles([...origin.startedIn, ...filesBeingImported(), ...entryFile()]);
  const startedIn = paths.filter((path) => begun.has(path));
  for (const path of paths) {
    if (!begun.has(path)) await importModule(path, { ...origin, startedIn });
  }
}

// With --preserve-symlinks-main, the entry file has the name of the link it was started by, and a scan would evaluate it again by its real name.
async function withLinkedFiles(files: readonly string[]): Promise<ReadonlySet<string>> {
  const real = await Promise.all(files.map((file) => realpath(file).catch(() => file)));
  return new Set([...files, ...real]);
}

async function modulesIn(folder: URL): Promise<string[]> {
  const given = fileURLToPath(folder);
  try {
    const root = keepsLinks() ? given : await realpath(given);
    const modules = (await moduleFilesIn(root)).sort((left, right) => (left.path < right.path ? -1 : 1));
    const paths = await Promise.all(modules.map(({ path, isLink }) => (isLink ? linkedFile(path) : path)));
    return [...new Set(paths.filter((path) => path !== undefined))];
  } catch (error) {
    throw scanFailed(given, error);
  }
}

interface ModuleFile {
  readonly path: string;
  readonly isLink: boolean;
}

// Not readdir's own recursion: it reads node_modules too, and follows links to folders on newer versions of Node.js.
async function moduleFilesIn(folder: string): Promise<ModuleFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map((entry): ModuleFile[] | Promise<ModuleFile[]> => {
    const path = join(folder, entry.name);
    if (SKIPPED_FOLDER.test(entry.name)) return [];
    if (entry.isDirectory()) return moduleFilesIn(path);
    const isModule = (entry.isFile() || entry.isSymbolicLink()) && MODULE.test(entry.name) && !TEST.test(entry.name);
    return isModule ? [{ path, isLink: entry.isSymbolicLink() }] : [];
  });
  return (await Promise.all(found)).flat();
}

// Node.js evaluates a module once for each real path. Some build tools, such as Bazel, link every file.
async function linkedFile(path: string): Promise<string | undefined> {
  try {
    const target = await realpath(path);
    if (!(await stat(target)).isFile()) return undefined;
    return keepsLinks() ? path : target;
  } catch {
    return undefined;
  }
}

// With --preserve-symlinks, Node.js evaluates a module once for each path by which it is imported, so a scan must not import it by another.
function keepsLinks(): boolean {
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)].map((flag) => flag.replaceAll('_', '-'));
  return process.env['NODE_PRESERVE_SYMLINKS'] === '1' || flags.includes('--preserve-symlinks');
}

// `node dist` and `node dist/main` name the file without its extension.
function entryFile(): readonly string[] {
  const [, entry] = process.argv;
  if (entry === undefined) return [];
  try {
    return [createRequire(import.meta.url).resolve(entry)];
  } catch {
    return [];
  }
}

async function importModule(path: string, origin: ScanOrigin): Promise<void> {
  try {
    await importForScan(path, pathToFileURL(path).href, origin);
  } catch (error) {
    throw isApplicationError(error) && error.code.startsWith('TSK_ERR_APPLICATION_SCAN_') ? error : scanImportFailed(path, error);
  }
}
