/** Every error of this package: its code, and a function that writes its message. */

/** An error of the framework: what happened, what was received, how to mend it. */
export class ApplicationError extends Error {
  override readonly name: string = 'ApplicationError';
  constructor(
    /** Stable, listed in docs/reference/errors.md. */
    readonly code: `TSK_ERR_${string}`,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
