/** Runs every check on a project. */
import { CHECKS } from './checks/table.js';
import type { Finding } from './finding.js';
import type { Project } from './project/project.js';

/** A finding, and the check that made it. */
export interface Diagnosed extends Finding {
  readonly code: string;
}

/** What was found, by file and line; nothing is said twice. */
export async function diagnose(project: Project): Promise<readonly Diagnosed[]> {
  const found = await Promise.all(CHECKS.map(async ({ code, find }) => (await find(project)).map((finding) => ({ ...finding, code }))));
  const different = new Map(found.flat().map((finding) => [JSON.stringify(finding), finding]));
  return [...different.values()].sort(byPlace);
}

function byPlace({ where: a }: Diagnosed, { where: b }: Diagnosed): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0);
}
