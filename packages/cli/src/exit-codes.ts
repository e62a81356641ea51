/** How a command ends. */

/** The exit codes of `tsukimi`, for scripts. */
export const EXIT_CODES = {
  /** Done, and nothing was found wrong. */
  ok: 0,
  /** Done, and it found something (doctor, --check), or it could not be done. */
  failed: 1,
  /** The command line was not understood: nothing was done. */
  usage: 2,
  /** Ended by Ctrl-C: nothing was done. As a shell counts SIGINT, 128 + 2. */
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
