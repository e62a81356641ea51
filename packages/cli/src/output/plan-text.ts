/** A plan as a person reads it: one line for each file. */
import type { Colors } from '../colors.js';
import type { FileState, PlannedFile } from './file-plan.js';

/** What is said of a file once it has been written, and where nothing was (`--check`). */
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
export function planText(plan: readonly PlannedFile[], colors: Colors, told: keyof typeof WORDS = 'written'): string {
  const width = Math.max(...Object.values(WORDS[told]).map((word) => word.length));
  return plan.map(({ file, state }) => `  ${colors[COLOR[state]](WORDS[told][state].padEnd(width))}  ${file.path}\n`).join('');
}
