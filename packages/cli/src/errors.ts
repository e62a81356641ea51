/** Every error of this package: its code, and a function that writes its message. */

/** A command could not do what it was asked: what happened, what was received, how to mend it. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  constructor(
    /** Stable, listed in docs/reference/errors.md. */
    readonly code: `TSK_ERR_${string}`,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
