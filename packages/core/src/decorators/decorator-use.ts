/** Finds decorators that were written without their parentheses, or given something else than they take. */
import { decoratorArgument, decoratorNotCalled, isStandardContext } from './errors.js';

/**
 * Refuses a decorator of methods that was written without parentheses: it then gets a prototype and a member's name.
 *
 * Without this, what the decorator returns would be taken for the method's descriptor, and nothing would ever tell.
 *
 * @throws TSK_ERR_DECORATOR_NOT_CALLED
 */
export function requireCall(decorator: string, given: readonly unknown[]): void {
  const [target, member] = given;
  if (typeof member === 'string' || typeof member === 'symbol' || isStandardContext(member)) throw decoratorNotCalled(decorator, target);
}

/**
 * Refuses options that are no object.
 *
 * @param fix what to write instead: `Write @Service({ name: 'orders' }).`
 * @throws TSK_ERR_DECORATOR_NOT_CALLED for a class, TSK_ERR_DECORATOR_ARGUMENT for anything else.
 */
export function requireOptions(decorator: string, options: unknown, fix: string): void {
  if (typeof options === 'function') throw decoratorNotCalled(decorator, options);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw decoratorArgument(decorator, options, fix);
}

/** Whether a member of a prototype is a method: what gets a decorator may be a getter, or a property of its instances only. */
export function isMethod(prototype: object, member: string): boolean {
  for (let owner: object | null = prototype; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, member);
    if (descriptor !== undefined) return typeof descriptor.value === 'function';
  }
  return false;
}
