/** Runs the command in this process and collects what it writes. */
import { PassThrough } from 'node:stream';
import { type CommandContext, type ExitCode, type Output, runCommand } from '@tsukimi/cli';

/** What the command is given of the world; no terminal, an empty environment and this folder unless said otherwise. */
export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: CommandContext['environment'];
  /** The terminal that both outputs are; none unless given. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
}

/** How it ended, and what it wrote. */
export interface Ran {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** `runTsukimi(['top', '127.0.0.1:8000', '--once'])`. */
export async function runTsukimi(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { cwd = process.cwd(), environment = {}, terminal } = options;
  const written = { stdout: '', stderr: '' };
  const outputTo = (name: 'stdout' | 'stderr'): Output => ({
    write: (text) => {
      written[name] += text;
    },
    isTerminal: terminal !== undefined,
    size: () => terminal,
  });
  const exitCode = await runCommand(argv, {
    output: outputTo('stdout'),
    errorOutput: outputTo('stderr'),
    // Never read: an input that is no terminal asks and hears nothing.
    input: new PassThrough() as unknown as NodeJS.ReadStream,
    workingDirectory: cwd,
    environment,
  });
  return { exitCode, ...written };
}
