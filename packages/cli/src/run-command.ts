/** Runs a command line and returns its exit code. Never throws. */
import { CommanderError } from 'commander';
import { colorsOf } from './colors.js';
import type { CommandContext } from './command-context.js';
import { UsageError } from './errors.js';
import { CommandExit, EXIT_CODES, type ExitCode } from './exit-codes.js';
import { createProgram } from './program.js';

/**
 * Runs `tsukimi` with the words that follow its name.
 *
 * @param argv such as `['init', 'shop']`.
 * @returns the exit code; what went wrong has been written to the error output.
 */
export async function runCommand(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    await createProgram(context).parseAsync(argv, { from: 'user' });
    return EXIT_CODES.ok;
  } catch (error) {
    return endOf(error, context);
  }
}

function endOf(error: unknown, context: CommandContext): ExitCode {
  if (error instanceof CommandExit) return error.exitCode;
  // Commander has already written its message or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  const { red } = colorsOf(context.errorOutput, context.environment);
  context.errorOutput.write(`${red('error')}${messageOf(error, context)}\n`);
  return isUsageError(error) ? EXIT_CODES.usage : EXIT_CODES.failed;
}

// Invalid values of --from, --title, --uid and --job are found by the packages that use them.
const USAGE_CODES = new Set(['TSK_ERR_REMOTE_URL', 'TSK_ERR_DASHBOARD_OPTION']);

function isUsageError(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && isToldError(error) && USAGE_CODES.has(error.code));
}

// In the same form as runApplication's message about a failed start.
function messageOf(error: unknown, { environment }: CommandContext): string {
  if (!(error instanceof Error)) return `: ${String(error)}`;
  if (environment['DEBUG'] && error.stack !== undefined) return `: ${error.stack}`;
  if (isToldError(error)) return ` ${error.code}: ${error.message}`;
  return `: ${error.message}\nThis error does not come from Tsukimi. Set DEBUG=1 to see where it comes from.`;
}

/** Whether an error is from one of our packages, so that its message is all that a user needs. */
function isToldError(error: Error): error is Error & { readonly code: string } {
  return 'code' in error && typeof error.code === 'string' && error.code.startsWith('TSK_ERR_');
}
