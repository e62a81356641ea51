/** Colour, where a person looks at a terminal and has not asked for none. */
import pc from 'picocolors';
import type { CommandContext, Output } from './command-context.js';

/** Functions that colour a text, or give it back as it is. */
export type Colors = ReturnType<typeof pc.createColors>;

/** The colours for one output; none of them does anything off a terminal, with `NO_COLOR` set, or with `TERM=dumb`. */
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
