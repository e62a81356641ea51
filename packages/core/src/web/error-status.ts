/** Finds the response status of an error. */
import { HttpError } from './http-error.js';
import { isErrorStatus, responseStatusOf } from './response-status.js';

/**
 * Returns the response status of an error that a controller, or anything below it, throws: 500 unless the error was made for clients.
 *
 * Errors made for clients are: `HttpError`, errors of Fastify and of plugins that use `@fastify/error`, errors of http-errors with `expose: true`,
 * and instances of classes with `@ResponseStatus`. The `statusCode` of any other error is the status of another server's response.
 *
 * Use it to find out who caused a failure: below 500, it is the client. It never throws.
 */
export function errorStatus(error: unknown): number {
  try {
    return answerStatus(error) ?? 500;
  } catch {
    // A getter or a proxy threw, so the error was not made for clients.
    return 500;
  }
}

/** The status of an error that was made for clients; undefined for all others. A getter of the error may throw. */
export function answerStatus(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const declared = responseStatusOf(error);
  if (declared !== undefined) return declared.statusCode ?? ownStatus(error);
  return error instanceof HttpError || isFastifyError(error) || isExposed(error) ? ownStatus(error) : undefined;
}

/** The `statusCode` or else the `status` of an error or object, if it is from 400 to 599. */
export function ownStatus(error: object): number | undefined {
  const { statusCode, status } = error as { readonly statusCode?: unknown; readonly status?: unknown };
  if (isErrorStatus(statusCode)) return statusCode;
  return isErrorStatus(status) ? status : undefined;
}

// `@fastify/error` marks its errors with this symbol, in all copies and versions.
const FASTIFY_ERROR = Symbol.for('fastify-error-generic');

function isFastifyError(error: Error): boolean {
  return FASTIFY_ERROR in error;
}

// Checks the class and not own properties: `createError(502, upstream)` writes `expose` and a status on another library's error,
// which keeps its own status if it has one, and whose message is about the other server.
function isExposed(error: Error): boolean {
  const { expose, status, statusCode } = error as HttpErrorsShape;
  if (expose !== true || typeof statusCode !== 'number' || status !== statusCode) return false;
  const made = Object.getPrototypeOf(error) as HttpErrorsShape;
  return typeof made.expose === 'boolean' && typeof made.statusCode === 'number';
}

// Many versions of http-errors can be installed; this is the common shape of their errors.
interface HttpErrorsShape {
  readonly expose?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
}
