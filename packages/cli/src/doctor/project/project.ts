/** A project for the checks: its folder, its package.json, its sources. */
import { stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { projectMissing } from '../../errors.js';
import { invalidPackage, noFolder } from '../errors.js';
import { readFolder, readText } from '../files.js';
import { Sources } from '../source/sources.js';
import { type PackageJson, parsePackageJson } from './package-json.js';

/** A project. Everything is read once, when a check first needs it. */
export class Project {
  /** Absolute. */
  readonly folder: string;
  readonly packageJson: PackageJson;
  readonly packageText: string;
  /** Its TypeScript files, parsed. */
  readonly sources: Sources;

  constructor(parts: Pick<Project, 'folder' | 'packageJson' | 'packageText' | 'sources'>) {
    this.folder = parts.folder;
    this.packageJson = parts.packageJson;
    this.packageText = parts.packageText;
    this.sources = parts.sources;
  }

  get name(): string {
    return this.packageJson.name ?? this.folder;
  }

  /** The absolute path of a file that is named from the project's folder. */
  path(file: string): string {
    return join(this.folder, file);
  }

  /** A path for findings, relative to the project's folder. */
  readonly shown = (path: string): string => relative(this.folder, path).split(sep).join('/');

  /** A file of the project; undefined if there is none. */
  text(file: string): Promise<string | undefined> {
    return readText(this.path(file));
  }

  /** The names of the files directly in the project's folder. */
  async fileNames(): Promise<readonly string[]> {
    const entries = await readFolder(this.folder);
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  }
}

/** @throws TSK_ERR_DOCTOR_FOLDER, TSK_ERR_CLI_PROJECT_MISSING, TSK_ERR_DOCTOR_PACKAGE_FORM, TSK_ERR_DOCTOR_UNREADABLE */
export async function openProject(folder: string): Promise<Project> {
  await requireFolder(folder);
  const file = join(folder, 'package.json');
  const packageText = await readText(file);
  if (packageText === undefined)
    throw projectMissing(folder, 'it is not a project. Pass the folder of a project, or create one with: tsukimi init.');
  const packageJson = parsePackageJson(packageText);
  if (packageJson === undefined) throw invalidPackage(file);
  return new Project({ folder, packageJson, packageText, sources: await Sources.read(folder) });
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    throw noFolder(folder, error);
  });
  if (!found.isDirectory()) throw noFolder(folder, new Error(`${folder} is a file`));
}
