/** The class of every error that the framework throws. */
import { isError } from './thrown.js';

/** An error of the framework: what happened, what was received, how to fix it. */
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

/** Returns whether an error is one of Tsukimi's, whose message says what happened and how to fix it. */
export function isApplicationError(error: unknown): error is Error & { readonly code: string } {
  // A frozen error counts; a revoked Proxy, whose properties can't be read, does not.
  return isError(error) && codeOf(error).startsWith('TSK_ERR_');
}

function codeOf(error: Error): string {
  try {
    return 'code' in error && typeof error.code === 'string' ? error.code : '';
  } catch {
    return '';
  }
}
