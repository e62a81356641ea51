/** Writes generated files to a folder, or only checks them. */
import { relative } from 'node:path';
import { type Colors, colorsOf } from '../colors.js';
import type { CommandContext } from '../command-context.js';
import { CommandExit, EXIT_CODES } from '../exit-codes.js';
import { filesInTheWay } from './errors.js';
import { type FileState, type PlannedFile, type PlanOptions, planFiles } from './file-plan.js';
import { writeFiles } from './write-files.js';

/** Where the files go. */
export interface OutputFilesOptions extends PlanOptions {
  /** Absolute. */
  readonly folder: string;
  /** Whether to write nothing, and to exit with code 1 if a file would change. */
  readonly check?: boolean;
}

/**
 * Writes the files, and lists the result for each.
 *
 * @throws CommandError `TSK_ERR_OUTPUT_IN_THE_WAY` if a file of the user's would be lost; nothing is written then.
 * @throws CommandExit with `check`, where files are stale.
 */
export async function outputFiles(context: CommandContext, options: OutputFilesOptions): Promise<void> {
  const { folder, check = false } = options;
  const plan = await planFiles(folder, options);
  if (check) return reportCheck(context, plan);
  const inTheWay = plan.filter(({ state }) => state === 'in the way').map(({ file }) => file.path);
  if (inTheWay.length > 0) throw filesInTheWay(shownFolder(context, folder), inTheWay);
  await writeFiles(folder, plan);
  const { output, environment } = context;
  output.write(`${shownFolder(context, folder)}\n${planText(plan, colorsOf(output, environment))}`);
}

function reportCheck({ output, environment }: CommandContext, plan: readonly PlannedFile[]): void {
  output.write(planText(plan, colorsOf(output, environment), 'checked'));
  const stale = plan.filter(({ state }) => state !== 'unchanged' && state !== 'kept').length;
  if (stale === 0) return;
  output.write(`${stale} of ${plan.length} files would change. Run the command without --check, and commit what it writes.\n`);
  throw new CommandExit(EXIT_CODES.failed);
}

/** A folder as the user would type it. */
function shownFolder({ workingDirectory }: CommandContext, folder: string): string {
  const path = relative(workingDirectory, folder);
  if (path === '') return '.';
  return path.startsWith('..') ? folder : path;
}

/** The words for the states of files, after writing and with `--check`. */
const WORDS = {
  written: { new: 'new', unchanged: 'unchanged', updated: 'updated', kept: 'kept', 'in the way': 'in the way', obsolete: 'removed' },
  checked: { new: 'missing', unchanged: 'up to date', updated: 'stale', kept: 'kept', 'in the way': 'not generated', obsolete: 'obsolete' },
} as const satisfies Record<string, Record<FileState, string>>;

const COLOR = {
  new: 'green',
  unchanged: 'dim',
  updated: 'yellow',
  kept: 'dim',
  'in the way': 'red',
  obsolete: 'yellow',
} as const satisfies Record<FileState, keyof Colors>;

/** The lines of a plan, each with its end. */
function planText(plan: readonly PlannedFile[], colors: Colors, told: keyof typeof WORDS = 'written'): string {
  const width = Math.max(...Object.values(WORDS[told]).map((word) => word.length));
  return plan.map(({ file, state }) => `  ${colors[COLOR[state]](WORDS[told][state].padEnd(width))}  ${file.path}\n`).join('');
}
