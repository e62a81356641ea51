/** Finds files with which a scan cannot end: they load the file that waits for the start, or start an application themselves. */
import { existsSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import type { Check, Finding } from '../finding.js';
import { programOf } from '../project/program.js';
import type { Project } from '../project/project.js';
import { componentsOf, type FoundComponent, tsukimiName } from '../source/components.js';
import type { SourceFile } from '../source/source-file.js';
import { type FoundStart, startsAwaitedBy, startsWhileEvaluated } from '../source/starts.js';

const LEFT_OUT = /\.(test|spec)(-d)?\.[^.]+$|[\\/](__tests__|__mocks__)[\\/]/;

export const scan: Check = {
  code: 'scan',
  about: 'the folder that the application scans exists, and none of its files waits for the start or starts an application',
  find: (project) => scansOf(project).flatMap((found) => findingsOf(found, project)),
};

interface Scan extends FoundComponent {
  readonly folder: string;
  readonly line: number;
}

function scansOf({ sources }: Project): readonly Scan[] {
  return componentsOf(sources).flatMap(({ file, component }) => {
    const application = component.decorators.find((decorator) => tsukimiName(file, decorator) === 'Application');
    const given = application?.options?.get('scan');
    const [, , path] = /^new URL\(\s*(['"`])([^'"`]*)\1\s*,\s*import\.meta\.url\s*,?\s*\)/.exec(given?.text ?? '') ?? [];
    return given === undefined || path === undefined
      ? []
      : [{ file, component, folder: resolve(dirname(file.path), path), line: given.line }];
  });
}

function findingsOf(found: Scan, project: Project): readonly Finding[] {
  const { file, component, folder, line } = found;
  if (!existsSync(folder)) {
    const what = `${component.name} scans ${project.shown(folder)}, which does not exist: the application fails to start.`;
    return [{ level: 'error', where: { file: project.shown(file.path), line }, what, fix: 'Name a folder that exists.' }];
  }
  const scanned = project.sources.files.filter(({ path }) => path.startsWith(folder + sep) && !LEFT_OUT.test(path));
  return [...waitingFiles(found, scanned, project), ...startingFiles(found, scanned, project)];
}

/** Files that load, directly or through others, a file whose evaluation waits for the start: each waits for the other. */
function waitingFiles(found: Scan, scanned: readonly SourceFile[], project: Project): readonly Finding[] {
  const { sources, shown } = project;
  const starts = new Map(
    sources.files
      .filter(({ path }) => !LEFT_OUT.test(path))
      .map((file) => [file, startsAwaitedBy(file, sources).filter((start) => isOf(start, found))] as const)
      .filter(([, own]) => own.length > 0),
  );
  const running = runningFiles([...starts.values()].flat(), project);
  return scanned
    .filter((file) => !starts.has(file) && !running.has(file))
    .flatMap((file) => {
      const path = sources.shortestPath(file, (each) => starts.has(each));
      const [, next = file] = path ?? [];
      if (path === undefined) return [];
      return [
        {
          level: 'error' as const,
          where: { file: shown(file.path), line: sources.lineOfImport(file, next) },
          what: `${shown(file.path)} is in the folder that ${found.component.name} scans, and loads a file that waits for the start with a top-level await: ${path.map((each) => shown(each.path)).join(' -> ')}. Each waits for the other, and the application fails to start.`,
          fix: 'Move what the files share into another file, or start the application without a top-level await.',
        },
      ];
    });
}

/** Files that start an application when the scan imports them, unless they are the ones that the project is started by. */
function startingFiles(found: Scan, scanned: readonly SourceFile[], project: Project): readonly Finding[] {
  const { sources, shown } = project;
  const starting = scanned.flatMap((file) => {
    const [start] = startsWhileEvaluated(file, sources).filter((each) => each.by === 'runApplication' || isOf(each, found));
    return start === undefined ? [] : [{ file, start }];
  });
  const entries = entryFiles(project);
  const [own = starting[0]?.file] = entries;
  const isOwn = (file: SourceFile) => file === own || entries.includes(file);
  return starting
    .filter(
      ({ file }) =>
        !isOwn(file) &&
        sources.shortestPath(file, isOwn) === undefined &&
        !entries.some((entry) => sources.shortestPath(entry, (each) => each === file)),
    )
    .map(({ file, start }) => ({
      level: 'error',
      where: { file: shown(file.path), line: start.file === file ? start.call.line : undefined },
      what: `${shown(file.path)} is in the folder that ${found.component.name} scans, and calls ${start.by} when it is imported: the application fails to start.`,
      fix: 'Move the file out of the folder, or scan a folder below it.',
    }));
}

function isOf({ application }: FoundStart, { file, component }: Scan): boolean {
  return application === undefined || (application.file === file && application.name === component.name);
}

/** The scan skips the entry file, and the files whose code is starting the application. */
function runningFiles(starts: readonly FoundStart[], project: Project): ReadonlySet<SourceFile> {
  return new Set([...entryFiles(project), ...starts.map(({ file }) => file)]);
}

/** The file that calls `runApplication`, and the one that the script `start` runs, which may load the first. */
function entryFiles(project: Project): readonly SourceFile[] {
  const { source, entry } = programOf(project);
  const isEntry = (path: string) => path === source || (entry !== undefined && inFolder(path) === inFolder(entry));
  return project.sources.files.filter(({ path }) => isEntry(project.shown(path)));
}

/** `main` of `src/main.ts` and `dist/main.js`. */
function inFolder(path: string): string {
  return path.replace(/^[^/]+\//, '').replace(/\.[cm]?[jt]sx?$/, '');
}
