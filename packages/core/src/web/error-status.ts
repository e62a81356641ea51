/** The status that an error gives its answer. */
import { HttpError } from './http-error.js';
import { isErrorStatus, responseStatusOf } from './response-status.js';

/**
 * The status that an error is answered with where a controller, or anything below it, throws it: 500 unless the error was made to be an answer.
 *
 * Made to be an answer are an `HttpError`, an error of Fastify or of a plugin that uses its `@fastify/error`, one of http-errors with `expose: true`,
 * and instances of classes with `@ResponseStatus`. Any other `statusCode` says what another server answered, not what this one should.
 *
 * What answers requests asks it, and so can whoever wants to know whose fault a failure is: below 500 it is the client's. It never throws.
 */
export function errorStatus(error: unknown): number {
  try {
    return answerStatus(error) ?? 500;
  } catch {
    // A getter or a proxy that throws: whatever the error is, it is not meant for a client.
    return 500;
  }
}

/** The status of an error that was made to be an answer; undefined for every other one. May throw what a getter of the error throws. */
export function answerStatus(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const declared = responseStatusOf(error);
  if (declared !== undefined) return declared.statusCode ?? ownStatus(error);
  return error instanceof HttpError || isFastifyError(error) || isExposed(error) ? ownStatus(error) : undefined;
}

/** The `statusCode`, or else the `status`, from 400 to 599 that an error or an object says it has. */
export function ownStatus(error: object): number | undefined {
  const { statusCode, status } = error as { readonly statusCode?: unknown; readonly status?: unknown };
  if (isErrorStatus(statusCode)) return statusCode;
  return isErrorStatus(status) ? status : undefined;
}

// `@fastify/error` marks what it makes by this symbol, which is the same in each of its copies and versions.
const FASTIFY_ERROR = Symbol.for('fastify-error-generic');

function isFastifyError(error: Error): boolean {
  return FASTIFY_ERROR in error;
}

// By the class and not by what is on the error itself: `createError(502, upstream)` writes `expose` and a status on an error of somebody else,
// and where that had a status it keeps it. What its message says is about the other server.
function isExposed(error: Error): boolean {
  const { expose, status, statusCode } = error as HttpErrorsShape;
  if (expose !== true || typeof statusCode !== 'number' || status !== statusCode) return false;
  const made = Object.getPrototypeOf(error) as HttpErrorsShape;
  return typeof made.expose === 'boolean' && typeof made.statusCode === 'number';
}

// http-errors has copies of many versions: this is the shape of what all of them make.
interface HttpErrorsShape {
  readonly expose?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
}
