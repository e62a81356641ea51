/** What the doctor says: findings by file, and a count; or what is in order. */
import type { Colors } from '../colors.js';
import { documentationPage } from '../documentation.js';
import { printable } from '../printable.js';
import { CHECKS } from './checks/table.js';
import type { Diagnosed } from './diagnosis.js';
import type { Project } from './project/project.js';

/** How many of each there are. */
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
    return `${[...checked, '', `${name} is well: ${CHECKS.length} checks, nothing found.`].join('\n')}\n`;
  }
  const { errors, warnings } = countsOf(findings);
  const sum = `${counted(errors, 'error')} and ${counted(warnings, 'warning')} in ${name}. ${documentationPage('docs/guides/doctor.md')} explains each.`;
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
