/** The TypeScript files of a project, with look-ups of names. */
import { dirname, join, resolve } from 'node:path';
import { readFolder, readText } from '../files.js';
import { parseSource } from './parse.js';
import type { DeclaredKind, SourceFile } from './source-file.js';

const NOT_OURS = new Set(['node_modules', 'dist', 'build', 'coverage']);
const TYPESCRIPT = /(?<!\.d)\.[cm]?tsx?$/;
/** The endings of source files for the endings of imports. */
const SOURCE_ENDINGS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};

/** A name at the place of its declaration. */
export interface DeclaredName {
  readonly file: SourceFile;
  readonly name: string;
  readonly kind: DeclaredKind;
}

export class Sources {
  readonly files: readonly SourceFile[];
  readonly #byPath: ReadonlyMap<string, SourceFile>;

  private constructor(files: readonly SourceFile[]) {
    this.files = files;
    this.#byPath = new Map(files.map((file) => [file.path, file]));
  }

  /** Reads a folder, except installed packages, build output and nested projects. */
  static async read(folder: string): Promise<Sources> {
    const paths = (await pathsIn(folder)).sort();
    const files: SourceFile[] = [];
    // One after the other, because a process can't open as many files at once as a large project has.
    for (const path of paths) files.push(parseSource(path, (await readText(path)) ?? ''));
    return new Sources(files);
  }

  /** Returns the kind of a name's declaration, through imports and re-exports; undefined if it is outside the project. */
  kindOf(file: SourceFile, name: string): DeclaredKind | undefined {
    return this.placeOf(file, name)?.kind;
  }

  /** Returns where a name is declared, through imports and re-exports; undefined if it is outside the project. */
  placeOf(file: SourceFile, name: string): DeclaredName | undefined {
    const kind = file.declarations.get(name);
    if (kind !== undefined) return { file, name, kind };
    const imported = file.imports.get(name);
    return imported && this.#exportedPlace(this.#resolve(file, imported.module), imported.name, new Set());
  }

  /** Returns the files of the project that a file loads before it runs, without those from which it imports only types. */
  neededBy(file: SourceFile): readonly SourceFile[] {
    const imported = [...file.imports].flatMap(([name, { module, isTypeOnly }]) => {
      const kind = this.kindOf(file, name);
      return isTypeOnly || kind === 'interface' || kind === 'type alias' ? [] : [module];
    });
    const exported = [...file.exports.values()].flatMap((each) => ('module' in each ? [each.module] : []));
    const { importedForEffect, calls } = file;
    const modules = [...imported, ...exported, ...file.exportsAllOf, ...importedForEffect, ...calls.awaitedImports];
    const files = modules.map((module) => this.#resolve(file, module));
    return [...new Set(files.filter((each) => each !== undefined))];
  }

  /** The shortest chain of files that load each other, from a file to another, including both; undefined if there is none. */
  shortestPath(from: SourceFile, isEnd: (file: SourceFile) => boolean): readonly SourceFile[] | undefined {
    const before = new Map<SourceFile, SourceFile | undefined>([[from, undefined]]);
    for (const file of before.keys()) {
      if (file !== from && isEnd(file)) return chainTo(file, before);
      for (const needed of this.neededBy(file)) if (!before.has(needed)) before.set(needed, file);
    }
    return undefined;
  }

  /** The line of a file that imports another; undefined if it only exports it again. */
  lineOfImport(file: SourceFile, imported: SourceFile): number | undefined {
    return [...file.imports.values()].find(({ module }) => this.#resolve(file, module) === imported)?.line;
  }

  #exportedPlace(file: SourceFile | undefined, name: string, seen: Set<SourceFile>): DeclaredName | undefined {
    if (file === undefined || seen.has(file)) return undefined;
    seen.add(file);
    const exported = file.exports.get(name);
    if (exported !== undefined && 'local' in exported) return this.placeOf(file, exported.local);
    if (exported !== undefined) return this.#exportedPlace(this.#resolve(file, exported.module), exported.name, seen);
    for (const module of file.exportsAllOf) {
      const place = this.#exportedPlace(this.#resolve(file, module), name, seen);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  #resolve(from: SourceFile, module: string): SourceFile | undefined {
    if (!module.startsWith('.')) return undefined;
    const path = resolve(dirname(from.path), module);
    return candidates(path)
      .map((candidate) => this.#byPath.get(candidate))
      .find((file) => file !== undefined);
  }
}

function chainTo(end: SourceFile, before: ReadonlyMap<SourceFile, SourceFile | undefined>): readonly SourceFile[] {
  const path: SourceFile[] = [];
  for (let file: SourceFile | undefined = end; file !== undefined; file = before.get(file)) path.unshift(file);
  return path;
}

function candidates(path: string): readonly string[] {
  const [ending] = /\.[cm]?jsx?$/.exec(path) ?? [''];
  const sameName = (SOURCE_ENDINGS[ending] ?? []).map((source) => path.slice(0, -ending.length) + source);
  return [path, ...sameName, `${path}.ts`, `${path}.tsx`, join(path, 'index.ts')];
}

async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readFolder(folder);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return TYPESCRIPT.test(entry.name) ? [path] : [];
      if (!entry.isDirectory() || entry.name.startsWith('.') || NOT_OURS.has(entry.name)) return [];
      return (await isProject(path)) ? [] : await pathsIn(path);
    }),
  );
  return found.flat();
}

async function isProject(folder: string): Promise<boolean> {
  return (await readFolder(folder)).some(({ name }) => name === 'package.json');
}
