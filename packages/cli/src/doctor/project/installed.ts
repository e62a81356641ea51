/** Finds the packages that a project would load, like Node.js, from each package's folder upwards. */
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readText } from '../files.js';
import { type PackageJson, parsePackageJson } from './package-json.js';
import type { Project } from './project.js';

/** One copy of a package. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** The real folder, behind symbolic links. */
  readonly folder: string;
  /** The packages that load this copy; may include the project itself. */
  readonly usedBy: readonly string[];
}

/** Every copy of every package that the project, or what it depends on, would load. Packages that are not installed are left out. */
export async function installedPackages(project: Project): Promise<readonly InstalledPackage[]> {
  const copies = new Map<string, InstalledPackage & { readonly usedBy: string[] }>();
  const dev = Object.keys(project.packageJson.devDependencies);
  const open = [{ folder: await realpath(project.folder), user: 'the project', names: [...dependenciesOf(project.packageJson), ...dev] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const name of next.names) {
      const found = await findPackage(name, next.folder);
      if (found === undefined) continue;
      const known = copies.get(found.folder);
      known?.usedBy.push(next.user);
      if (known !== undefined) continue;
      copies.set(found.folder, { name, version: found.packageJson.version ?? 'unknown', folder: found.folder, usedBy: [next.user] });
      open.push({ folder: found.folder, user: name, names: dependenciesOf(found.packageJson) });
    }
  }
  return [...copies.values()];
}

function dependenciesOf({ dependencies, peerDependencies, optionalDependencies }: PackageJson): string[] {
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
}

async function findPackage(name: string, from: string): Promise<{ folder: string; packageJson: PackageJson } | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    const text = await readText(join(candidate, 'package.json'));
    const packageJson = text === undefined ? undefined : parsePackageJson(text);
    if (packageJson !== undefined) return { folder: await realpath(candidate), packageJson };
    if (folder === dirname(folder)) return undefined;
  }
}
