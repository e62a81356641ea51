/** What the doctor finds in a project, as JSON. */
import { expect } from 'vitest';
import { projectFolder } from '../support/project-folder.js';
import { runTsukimi } from '../support/run-tsukimi.js';

/** A finding as `--json` has it. */
export interface JsonFinding {
  readonly level: 'error' | 'warning';
  readonly code: string;
  readonly file: string;
  readonly line: number | null;
  readonly what: string;
  readonly fix: string;
}

/** The findings in the healthy project with these changes. */
export async function findingsWith(changes: Readonly<Record<string, string | null>>): Promise<readonly JsonFinding[]> {
  return await findingsIn(await projectFolder(changes));
}

export async function findingsIn(folder: string): Promise<readonly JsonFinding[]> {
  const { exitCode, stdout, stderr } = await runTsukimi(['doctor', folder, '--json']);
  expect(stderr).toBe('');
  const { findings, errors } = JSON.parse(stdout) as { readonly findings: readonly JsonFinding[]; readonly errors: number };
  expect(exitCode).toBe(errors > 0 ? 1 : 0);
  return findings;
}

/** `error decorator-flags tsconfig.json:3`, for comparing many at once. */
export function inShort(findings: readonly JsonFinding[]): readonly string[] {
  return findings.map(({ level, code, file, line }) => `${level} ${code} ${file}${line === null ? '' : `:${line}`}`);
}
