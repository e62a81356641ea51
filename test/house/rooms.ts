/** The imports between the rooms of a package: its folders, and the files that stand beside them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseSync } from 'oxc-parser';

/** From room to room, with the imports that make the arrow. Rooms are named by their path below `src`. */
export type Arrows = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** The arrows between rooms that stand side by side. The index is above all: it is left out. Imports of types count. */
export function arrowsOf(source: string): Arrows {
  const arrows = new Map<string, Map<string, string[]>>();
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
  const isLeaf = leavesOf(files);
  for (const file of files) {
    for (const imported of importsOf(join(source, file))) {
      const rooms = roomsOf(file, relative(source, resolve(source, dirname(file), imported)).replace(/\.js$/u, '.ts'), isLeaf);
      if (rooms === undefined) continue;
      const [from, to] = rooms;
      const out = arrows.get(from) ?? new Map<string, string[]>();
      arrows.set(from, out);
      out.set(to, [...(out.get(to) ?? []), `${file} imports ${imported}`]);
    }
  }
  return arrows;
}

/** The groups of rooms that form loops, each sorted by name: strongly connected, and more than one. */
export function loopsOf(arrows: Arrows): string[][] {
  const reachable = new Map([...arrows.keys()].map((room) => [room, reachableFrom(arrows, room)]));
  const loops = new Map<string, string[]>();
  for (const [room, others] of reachable) {
    const loop = [...others].filter((other) => reachable.get(other)?.has(room)).sort();
    if (loop.length > 1) loops.set(loop.join(), loop);
  }
  return [...loops.values()];
}

function reachableFrom(arrows: Arrows, start: string): Set<string> {
  const found = new Set<string>();
  const open = [start];
  for (let room = open.pop(); room !== undefined; room = open.pop()) {
    for (const next of arrows.get(room)?.keys() ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

function importsOf(path: string): string[] {
  const { module } = parseSync(path, readFileSync(path, 'utf8'));
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest?.value)),
  ];
  return requests.filter((request): request is string => request?.startsWith('.') === true);
}

/**
 * The two rooms below the innermost folder that holds both files. A file that stands beside folders is a room of its own;
 * files of a folder that has no folders in it are in one room.
 */
function roomsOf(file: string, imported: string, isLeaf: (folder: string) => boolean): [string, string] | undefined {
  const [from, to] = [file.split(sep), imported.split(sep)];
  const depth = from.findIndex((part, index) => part !== to[index]);
  if (depth === -1 || isLeaf(from.slice(0, depth).join('/'))) return undefined;
  return [from.slice(0, depth + 1).join('/'), to.slice(0, depth + 1).join('/')];
}

/** The folders that hold files only. */
function leavesOf(files: readonly string[]): (folder: string) => boolean {
  const around = new Set<string>();
  for (const file of files) {
    for (let folder = dirname(dirname(file)); folder !== '.'; folder = dirname(folder)) around.add(folder);
  }
  return (folder) => folder !== '' && !around.has(folder);
}
