/** How a project is built and started: its scripts, its tsconfig, and the file that calls `runApplication`. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseTsconfig } from 'get-tsconfig';
import type { Project } from './project.js';

/** How to build and start a project; undefined for parts that can't be determined. */
export interface Program {
  /** `npm run build`, or `npx tsc` where there is no such script and TypeScript is installed. */
  readonly build: string | undefined;
  /** The source that starts the application: `src/main.ts`. */
  readonly source: string | undefined;
  /** What it is compiled to: `dist/main.js`. */
  readonly entry: string | undefined;
}

const TSUKIMI = /^(tsukimi|@tsukimi\/core)$/;
const TESTS = /(^|\/)(test|tests|__tests__|spec)\/|\.(test|spec)\.[cm]?tsx?$/;

export function programOf(project: Project): Program {
  const { scripts, dependencies, devDependencies } = project.packageJson;
  const build = 'build' in scripts ? 'npm run build' : 'typescript' in { ...dependencies, ...devDependencies } ? 'npx tsc' : undefined;
  const started = startedBy(scripts['start']);
  const sources = startingSources(project).map((source) => ({ source, entry: outputOf(source, project, scripts['build']) }));
  const chosen = sources.find(({ entry }) => entry === started) ?? sources[0];
  return { build, source: chosen?.source, entry: started ?? chosen?.entry };
}

/** Every file that imports `runApplication`, tests left out; `src/main.ts` and the shortest paths first. */
function startingSources({ sources, shown }: Project): string[] {
  const files = sources.files.filter(({ imports }) =>
    [...imports.values()].some(({ module, name }) => name === 'runApplication' && TSUKIMI.test(module)),
  );
  const paths = files.map(({ path }) => shown(path)).filter((path) => !TESTS.test(path));
  return paths.sort(
    (left, right) => Number(/main\.[cm]?ts$/.test(right)) - Number(/main\.[cm]?ts$/.test(left)) || left.length - right.length,
  );
}

/** `dist/main.js` of `node --enable-source-maps dist/main.js`. */
function startedBy(script: string | undefined): string | undefined {
  return /(?:^|[\s;&])node\s(?:[^&|;]*?\s)?(?:\.\/)?([\w./-]+\.[cm]?js)(?:\s|$)/.exec(script ?? '')?.[1];
}

/** Returns where tsc writes the output of a source, by the tsconfig of the build; undefined if that can't be determined. */
function outputOf(source: string, project: Project, buildScript: string | undefined): string | undefined {
  const [, named = 'tsconfig.json'] = /(?:-p|--project)\s+(\S+)/.exec(buildScript ?? '') ?? [];
  const path = project.path(named.endsWith('.json') ? named : join(named, 'tsconfig.json'));
  if (!existsSync(path)) return undefined;
  try {
    const { outDir, rootDir } = parseTsconfig(path).compilerOptions ?? {};
    if (outDir === undefined) return source.replace(/ts(x?)$/, 'js');
    // Without a rootDir it is the folder that all sources have in common, which for most is the first of the path.
    const root = rootDir === undefined ? project.path(source.split('/')[0] ?? '') : resolve(dirname(path), rootDir);
    const inside = relative(root, project.path(source));
    if (inside.startsWith('..')) return undefined;
    return shownFrom(project.folder, join(resolve(dirname(path), outDir), inside))
      .replace(/tsx?$/, 'js')
      .replace(/\.mts$/, '.mjs')
      .replace(/\.cts$/, '.cjs');
  } catch {
    // Another check reports what is wrong with it.
    return undefined;
  }
}

function shownFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
