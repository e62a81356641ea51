/**
 * A project of TypeScript names every package that its sources import: the compiler builds these before it. If one is missing, a build from scratch fails,
 * and one where everything was built before does not.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Project {
  readonly include?: readonly string[];
  readonly references?: readonly { readonly path: string }[];
}

const folders = ['packages', 'examples']
  .flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`))
  .filter((folder) => existsSync(join(ROOT, folder, 'tsconfig.json')));
const projects = [...folders, 'benchmarks', 'packages/console/app'];

/** Folders by the names of their packages. */
const packages = new Map(folders.map((folder) => [JSON.parse(read(`${folder}/package.json`)).name as string, folder]));

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function sourcesOf(project: string): readonly string[] {
  const { include = [] } = JSON.parse(read(`${project}/tsconfig.json`)) as Project;
  return include.flatMap((each) =>
    readdirSync(join(ROOT, project, each), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !path.includes('node_modules'))
      .map((path) => join(project, each, path)),
  );
}

function importedBy(project: string): readonly string[] {
  const names = sourcesOf(project).flatMap((path) =>
    [...read(path).matchAll(/\bfrom '((?:@tsukimi\/)?[a-z-]+)(?:\/[a-z-]+)?'/g)].map(([, name = '']) => name),
  );
  const imported = names.flatMap((name) => packages.get(name) ?? []);
  return [...new Set(imported)].filter((folder) => folder !== project && !project.startsWith(`${folder}/`)).sort();
}

function referencedBy(project: string): readonly string[] {
  const { references = [] } = JSON.parse(read(`${project}/tsconfig.json`)) as Project;
  return references.map(({ path }) => relative(ROOT, join(ROOT, project, path)));
}

test.each(projects)('%s is built after what it imports', (project) => {
  const referenced = referencedBy(project);
  expect(importedBy(project).filter((folder) => !referenced.includes(folder))).toEqual([]);
});

test('imports are found', () => {
  expect(importedBy('packages/console/app')).toEqual(['packages/instrumentation']);
  expect(importedBy('packages/opentelemetry')).toContain('packages/metrics');
});
