/** Finds how a project is built and started in a container, and what is missing for that. */
import { stat } from 'node:fs/promises';
import { configuration } from '../doctor/checks/configuration.js';
import { container } from '../doctor/checks/container.js';
import type { Finding } from '../doctor/finding.js';
import { programOf } from '../doctor/project/program.js';
import { openProject, type Project } from '../doctor/project/project.js';
import { printable } from '../printable.js';
import type { ContainerProgram } from './docker-files.js';

/** Returns the program from the project's files, or by default as in a project of `tsukimi init`. */
export async function containerProgram(folder: string): Promise<ContainerProgram> {
  // If the path is a file, writing to it will report the error.
  if (!(await stat(folder)).isDirectory()) return DEFAULT;
  const { build, source, entry } = programOf(await openProject(folder));
  const [sourceFolder = '', ...inside] = source?.split('/') ?? [];
  return {
    build: build ?? DEFAULT.build,
    sourceFolder: inside.length > 0 ? sourceFolder : DEFAULT.sourceFolder,
    entry: entry?.includes('/') ? entry : DEFAULT.entry,
  };
}

const DEFAULT: ContainerProgram = { build: 'npm run build', sourceFolder: 'src', entry: 'dist/main.js' };

/** Returns what prevents the container from starting, or Prometheus from reading the metrics. */
export async function containerFindings(project: Project): Promise<readonly Finding[]> {
  return [...(await configuration.find(project)), ...(await container.find(project))].filter(({ level }) => level === 'error');
}

/** Lines for the output; nothing if all is well. */
export function whatIsLeft(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const lines = findings.map(({ where, what, fix }) => `  ${printable(where.file)}: ${printable(what)}\n    ${printable(fix)}\n`);
  return `\nThe container does not work yet:\n${lines.join('')}`;
}
