/** How the `tsukimi` command ends, for scripts. */
export const EXIT_CODES = {
  /** Done, and nothing was found wrong. */
  ok: 0,
  /** Done, and it found something (doctor), or it could not be done. */
  failed: 1,
  /** The command line was not understood: nothing was done. */
  usage: 2,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
