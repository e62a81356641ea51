/** Stores the options of `@HealthCheck`, and applies inheritance. */
import { rememberDecorated } from '../components/decorated-members.js';
import type { Class } from '../components/definition.js';
import { isMethod } from '../decorators/decorator-use.js';
import { healthCheckMisplaced } from './errors.js';
import type { HealthCheckOptions } from './health.js';

/** One `@HealthCheck` on one method. */
export interface HealthDeclaration {
  readonly method: string;
  readonly options: HealthCheckOptions;
}

const declarations = new WeakMap<object, HealthDeclaration[]>();

/** Stores a check. Decorators run from the last to the first, so each one is inserted before the others of its method. */
export function declareHealthCheck(prototype: object, method: string | symbol, options: HealthCheckOptions): void {
  if (typeof prototype === 'function' || typeof method !== 'string' || !isMethod(prototype, method))
    throw healthCheckMisplaced(prototype, method);
  rememberDecorated(prototype);
  const own = declarations.get(prototype) ?? [];
  declarations.set(prototype, own);
  const position = own.findIndex((declaration) => declaration.method === method);
  own.splice(position === -1 ? own.length : position, 0, { method, options });
}

/**
 * Returns the checks of a class, those of base classes first. The checks of an overriding method replace those of the overridden one.
 * @param until a base class; its checks and those of its own base classes are left out.
 */
export function healthChecksOf(type: Class, until?: Class): readonly HealthDeclaration[] {
  if (type === until) return [];
  const inherited: object | null = Object.getPrototypeOf(type.prototype);
  const base = inherited === null || inherited === Object.prototype ? [] : healthChecksOf(inherited.constructor as Class, until);
  const own = declarations.get(type.prototype) ?? [];
  const redeclared = new Set(own.map(({ method }) => method));
  return [...base.filter(({ method }) => !redeclared.has(method)), ...own];
}
