/** Asks at the terminal for options that are not set on the command line. */
import { Writable } from 'node:stream';
import { confirm, isCancel, text } from '@clack/prompts';
import type { CommandContext, Output } from '../command-context.js';
import { CommandExit, EXIT_CODES } from '../exit-codes.js';
import { problemOfName, unscopedName } from './project-name.js';
import { DEFAULT_PORT, type ProjectOptions, parsePort } from './project-options.js';

/** The options that are set on the command line. */
export type GivenOptions = { readonly [Key in keyof ProjectOptions]: ProjectOptions[Key] | undefined };

/** Whether the command can ask: input and output are terminals. */
export function canAsk({ input, output }: CommandContext): boolean {
  return input.isTTY === true && output.isTerminal;
}

/**
 * Asks for the missing options one by one.
 * @throws CommandExit with code 130 after Ctrl-C or Escape
 */
export async function askForOptions(context: CommandContext, given: GivenOptions): Promise<ProjectOptions> {
  const streams = { input: context.input, output: new TerminalStream(context.output) };
  const name =
    given.name ?? (await answer(text({ ...streams, message: 'Name of the project?', placeholder: 'shop', validate: checkName })));
  const directory =
    given.directory ?? (await answer(text({ ...streams, message: 'Folder?', initialValue: unscopedName(name), validate: checkDirectory })));
  const port =
    given.port ?? Number(await answer(text({ ...streams, message: 'Port?', initialValue: String(DEFAULT_PORT), validate: checkPort })));
  const docker = given.docker ?? (await answer(confirm({ ...streams, message: 'Add Docker, Prometheus and Grafana?' })));
  return { name, directory, port, docker };
}

async function answer<T>(asked: Promise<T>): Promise<Exclude<T, symbol>> {
  const value = await asked;
  if (isCancel(value)) throw new CommandExit(EXIT_CODES.interrupted);
  return value as Exclude<T, symbol>;
}

function checkName(name = ''): string | undefined {
  const problem = problemOfName(name);
  return problem === undefined ? undefined : `The name ${problem}.`;
}

function checkDirectory(directory = ''): string | undefined {
  return directory.trim() === '' ? 'Enter a folder, or a dot for the current one.' : undefined;
}

function checkPort(port = ''): string | undefined {
  try {
    parsePort(port);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The context's output as the stream that the prompts draw on. */
class TerminalStream extends Writable {
  readonly isTTY = true;
  readonly #output: Output;

  constructor(output: Output) {
    super({ decodeStrings: false });
    this.#output = output;
  }

  get columns(): number | undefined {
    return this.#output.size()?.columns;
  }

  get rows(): number | undefined {
    return this.#output.size()?.rows;
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.#output.write(String(chunk));
    done();
  }
}
