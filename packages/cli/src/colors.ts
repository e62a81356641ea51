/** Colours for terminals. */
import pc from 'picocolors';
import type { CommandContext, Output } from './command-context.js';

/** Functions that colour a text, or return it unchanged. */
export type Colors = ReturnType<typeof pc.createColors>;

/** Returns the colours for an output. They have no effect without a terminal, with `NO_COLOR`, or with `TERM=dumb`. */
export function colorsOf(output: Output, environment: CommandContext['environment']): Colors {
  return pc.createColors(hasColors(output, environment));
}

/**
 * Whether an output may have colour.
 * @see https://no-color.org: any value but an empty one counts.
 */
export function hasColors(output: Output, environment: CommandContext['environment']): boolean {
  return output.isTerminal && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}
