/** How the `tsukimi` command ends, for scripts. */
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
