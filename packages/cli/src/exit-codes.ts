/** How a command ends. */

/** The exit codes of `tsukimi`, for scripts. */
export const EXIT_CODES = {
  /** The command succeeded and found no problems. */
  ok: 0,
  /** The command failed, or it found problems (doctor, --check). */
  failed: 1,
  /** The command line is invalid. Nothing was done. */
  usage: 2,
  /** Ended by Ctrl-C. Nothing was done. The shell's code for SIGINT, 128 + 2. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/**
 * Thrown by a command's action to end with another exit code than 0. Nothing further is printed: the command has reported everything
 * already (findings of the doctor, stale files, Ctrl-C at a question).
 */
export class CommandExit extends Error {
  override readonly name: string = 'CommandExit';
  constructor(readonly exitCode: ExitCode) {
    super(`The command ends with exit code ${exitCode}.`);
  }
}
