/** Adds examples and links to the help of a command. */
import type { Command } from 'commander';
import { type DocumentationPage, documentationPage } from './own-package.js';

/** An example: a command line, and what it does. */
export interface Example {
  readonly line: string;
  readonly what: string;
}

/** The end of a help text. */
export interface Teaching {
  readonly examples: readonly Example[];
  /** Pages of the documentation, from the project's root. */
  readonly readOn: readonly DocumentationPage[];
}

/** Adds examples and pages to the help of a command, and returns the command. */
export function teach(command: Command, { examples, readOn }: Teaching): Command {
  const width = Math.max(...examples.map(({ line }) => line.length));
  const lines = examples.map(({ line, what }) => `  ${line.padEnd(width)}  ${what}`);
  return command.addHelpText(
    'after',
    ['', 'Examples:', ...lines, '', 'See also:', ...readOn.map((page) => `  ${documentationPage(page)}`)].join('\n'),
  );
}
