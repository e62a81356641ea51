/** `@ResponseStatus`: makes the errors of a class answers. */
import { requireCall } from '../decorators/decorator-use.js';
import { decoratorNotCalled } from '../decorators/errors.js';
import { describeReceived } from '../errors/received.js';
import { errorStatusInvalid } from './errors.js';

/** What `@ResponseStatus` said of a class. */
export interface DeclaredStatus {
  /** Undefined where each error has its own. */
  readonly statusCode: number | undefined;
}

type ErrorClass = abstract new (...parameters: never[]) => Error;

// By prototype, so that subclasses are found and nothing is written into a class of somebody else.
const declared = new WeakMap<object, DeclaredStatus>();

/**
 * Makes the errors of a class, and of its subclasses, answers: clients get the status, the message and a `code` that is text.
 *
 * It holds for the whole process. For a class of a library call it once: `ResponseStatus(401)(JWTExpired)`.
 *
 * @param statusCode from 400 to 599; without it, each error's own `statusCode` or `status`, and 500 with no message where it has none.
 * @throws TSK_ERR_WEB_ERROR_STATUS where the status is not an integer from 400 to 599.
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

/** What was said of the class of an error, or of the nearest of its base classes. */
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
