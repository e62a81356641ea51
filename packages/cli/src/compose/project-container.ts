/** How the project at hand is built and started in a container, and what has yet to be done for that. */
import { stat } from 'node:fs/promises';
import { configuration } from '../doctor/checks/configuration.js';
import { container } from '../doctor/checks/container.js';
import type { Finding } from '../doctor/finding.js';
import { programOf } from '../doctor/project/program.js';
import { openProject, type Project } from '../doctor/project/project.js';
import { printable } from '../printable.js';
import type { ContainerProgram } from './docker-files.js';

/** As the project says; where it does not, as a project of `tsukimi init` has it. */
export async function containerProgram(folder: string): Promise<ContainerProgram> {
  // A file in the place of the folder is told of when it is written to.
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

/** What keeps the container from starting, or Prometheus from reading. */
export async function containerFindings(project: Project): Promise<readonly Finding[]> {
  return [...(await configuration.find(project)), ...(await container.find(project))].filter(({ level }) => level === 'error');
}

/** Lines for the output; nothing if all is well. */
export function whatIsLeft(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const lines = findings.map(({ where, what, fix }) => `  ${printable(where.file)}: ${printable(what)}\n    ${printable(fix)}\n`);
  return `\nThe container does not work yet:\n${lines.join('')}`;
}
