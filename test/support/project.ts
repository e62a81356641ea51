/** The files of this project, by their path from its root. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const ROOT = new URL('../../', import.meta.url);

/** The absolute path of a file, from its path relative to the project's root. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}

/** The text of a file of the project. */
export function projectText(path: string): string {
  return readFileSync(projectPath(path), 'utf8');
}

/** A YAML file of the project, in the shape the caller expects of it. */
export function projectYaml<T>(path: string): T {
  return parse(projectText(path)) as T;
}
