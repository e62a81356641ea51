/** Implements `tsukimi doctor`: examines a project, prints the report, and exits with 1 if there are problems. */
import { resolve } from 'node:path';
import { colorsOf } from '../colors.js';
import type { CommandContext } from '../command-context.js';
import { CommandExit, EXIT_CODES } from '../exit-codes.js';
import { openProject } from './project/project.js';
import { countsOf, diagnose, jsonReport, textReport } from './report.js';

/** The options, as parsed by commander. */
export interface DoctorOptions {
  readonly strict?: true;
  readonly json?: true;
}

export async function examine(
  { output, environment, workingDirectory }: CommandContext,
  folder: string,
  options: DoctorOptions,
): Promise<void> {
  const project = await openProject(resolve(workingDirectory, folder));
  const findings = await diagnose(project);
  output.write(options.json ? jsonReport(project, findings) : textReport(project, findings, colorsOf(output, environment)));
  const { errors, warnings } = countsOf(findings);
  if (errors > 0 || (options.strict && warnings > 0)) throw new CommandExit(EXIT_CODES.failed);
}
