/** Runs every check on a project, and reports what they found: findings by file, and a count; or what is in order. */
import type { Colors } from '../colors.js';
import { documentationPage } from '../own-package.js';
import { printable } from '../printable.js';
import { CHECKS } from './checks/table.js';
import type { Finding } from './finding.js';
import type { Project } from './project/project.js';

/** A finding, and the check that made it. */
export interface Diagnosed extends Finding {
  readonly code: string;
}

/** Returns the findings by file and line, each once. */
export async function diagnose(project: Project): Promise<readonly Diagnosed[]> {
  const found = await Promise.all(CHECKS.map(async ({ code, find }) => (await find(project)).map((finding) => ({ ...finding, code }))));
  const different = new Map(found.flat().map((finding) => [JSON.stringify(finding), finding]));
  return [...different.values()].sort(byPlace);
}

function byPlace({ where: a }: Diagnosed, { where: b }: Diagnosed): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0);
}

/** The number of errors and warnings. */
export interface Counts {
  readonly errors: number;
  readonly warnings: number;
}

export function countsOf(findings: readonly Diagnosed[]): Counts {
  const errors = findings.filter(({ level }) => level === 'error').length;
  return { errors, warnings: findings.length - errors };
}

/** The report as text, ending with a line break. */
export function textReport(project: Project, findings: readonly Diagnosed[], colors: Colors): string {
  const name = printable(project.name);
  if (findings.length === 0) {
    const checked = CHECKS.map(({ about }) => `  ${colors.green('ok')}  ${about}`);
    return `${[...checked, '', `${name} has no problems: ${CHECKS.length} checks passed.`].join('\n')}\n`;
  }
  const { errors, warnings } = countsOf(findings);
  const sum = `${counted(errors, 'error')} and ${counted(warnings, 'warning')} in ${name}. ${documentationPage('docs/guides/doctor.md')} explains each one.`;
  return `${findings.map((finding) => paragraph(finding, colors)).join('\n')}\n${sum}\n`;
}

function paragraph({ level, code, where, what, fix }: Diagnosed, { bold, dim, red, yellow }: Colors): string {
  const place = where.line === undefined ? where.file : `${where.file}:${where.line}`;
  const paint = level === 'error' ? red : yellow;
  return `${bold(printable(place))}  ${paint(level)}  ${dim(code)}\n  ${printable(what)}\n  ${printable(fix)}\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** The report for scripts. */
export function jsonReport(project: Project, findings: readonly Diagnosed[]): string {
  const flat = findings.map(({ level, code, where, what, fix }) => ({
    level,
    code,
    file: where.file,
    line: where.line ?? null,
    what,
    fix,
  }));
  const document = { project: project.name, checks: CHECKS.map(({ code }) => code), ...countsOf(findings), findings: flat };
  return `${JSON.stringify(document, null, 2)}\n`;
}
