/** The `tsukimi` command, for programs and tests that run it in their own process. */
export type { CommandContext, Output } from './command-context.js';
export { CommandError, UsageError } from './errors.js';
export { EXIT_CODES, type ExitCode } from './exit-codes.js';
export { runCommand } from './run-command.js';
