/** `@ResponseStatus`: sends the errors of a class to clients. */
import { requireCall } from '../decorators/decorator-use.js';
import { decoratorNotCalled } from '../decorators/errors.js';
import { describeReceived } from '../errors/received.js';
import { errorStatusInvalid } from './errors.js';

/** The argument of a class's `@ResponseStatus`. */
export interface DeclaredStatus {
  /** Undefined if each error has its own status. */
  readonly statusCode: number | undefined;
}

type ErrorClass = abstract new (...parameters: never[]) => Error;

// By prototype, so that subclasses are found and other libraries' classes are not modified.
const declared = new WeakMap<object, DeclaredStatus>();

/**
 * Sends the errors of a class, and of its subclasses, to clients: with the status, the message, and the `code` if it is a string.
 *
 * It applies to the whole process. For a class of a library, call it once: `ResponseStatus(401)(JWTExpired)`.
 *
 * @param statusCode from 400 to 599. By default, each error's own `statusCode` or `status` is used, and 500 without the message if it has none.
 * @throws TSK_ERR_WEB_ERROR_STATUS if the status is not an integer from 400 to 599.
 * @example
 * ```ts
 * @ResponseStatus(409)
 * class SoldOut extends Error {}
 * ```
 */
export function ResponseStatus(statusCode?: number): (target: ErrorClass) => void;
export function ResponseStatus(...given: readonly [number?, ...unknown[]]): (target: ErrorClass) => void {
  requireCall('@ResponseStatus', given);
  const [statusCode] = given;
  if (typeof statusCode === 'function') throw decoratorNotCalled('@ResponseStatus', statusCode);
  if (statusCode !== undefined && !isErrorStatus(statusCode))
    throw errorStatusInvalid(`@ResponseStatus(${describeReceived(statusCode, { isPlain: true })})`);
  return (target) => void declared.set(target.prototype, { statusCode });
}

/** Returns the declared status of the class of an error, or of its nearest base class that has one. */
export function responseStatusOf(error: Error): DeclaredStatus | undefined {
  for (let prototype: object | null = Object.getPrototypeOf(error); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    const found = declared.get(prototype);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a value is the status of an error. */
export function isErrorStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 599;
}
