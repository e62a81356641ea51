/** Detects decorators without parentheses or with invalid arguments. */
import { decoratorArgument, decoratorNotCalled, isStandardContext } from './errors.js';

/**
 * Rejects a method decorator that was written without parentheses, which is called with a prototype and the name of a member.
 *
 * Without this check, the decorator would silently have no effect, because its result would be used as the method's descriptor.
 *
 * @throws TSK_ERR_DECORATOR_NOT_CALLED
 */
export function requireCall(decorator: string, given: readonly unknown[]): void {
  const [target, member] = given;
  if (typeof member === 'string' || typeof member === 'symbol' || isStandardContext(member)) throw decoratorNotCalled(decorator, target);
}

/**
 * Rejects options that are not an object.
 *
 * @param fix what to write instead: `Write @Service({ name: 'orders' }).`
 * @throws TSK_ERR_DECORATOR_NOT_CALLED for a class, TSK_ERR_DECORATOR_ARGUMENT for anything else.
 */
export function requireOptions(decorator: string, options: unknown, fix: string): void {
  if (typeof options === 'function') throw decoratorNotCalled(decorator, options);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw decoratorArgument(decorator, options, fix);
}

/** Whether a decorated member is a method of the prototype, and not a getter or a property. */
export function isMethod(prototype: object, member: string): boolean {
  for (let owner: object | null = prototype; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, member);
    if (descriptor !== undefined) return typeof descriptor.value === 'function';
  }
  return false;
}
