/** `@Profile`: enables classes and provider methods only with certain profiles. */
import 'reflect-metadata';
import { decoratorArgument, decoratorCompiledAsStandard, decoratorNotCalled, isStandardContext } from '../decorators/errors.js';
import { rememberDecorated } from './decorated-members.js';
import type { Class } from './definition.js';

const PROFILES = Symbol('tsukimi:profiles');
const PROFILED_METHODS = Symbol('tsukimi:profiled-methods');

/**
 * Enables a class or a `@Provider` method only with one of the given profiles.
 *
 * @param profiles names such as `prod`; `!test` stands for "any profile except test, or no profile". One match is enough.
 */
export function Profile(...profiles: readonly [string, ...string[]]): ClassDecorator & MethodDecorator {
  const [first]: readonly unknown[] = profiles;
  if (first === undefined) throw decoratorArgument('@Profile', first, "Name at least one: @Profile('prod').");
  if (typeof first !== 'string') throw decoratorNotCalled('@Profile', first);
  return (target: object, key?: string | symbol): void => {
    const standard = isStandardContext(key) ? key : undefined;
    if (standard !== undefined && standard.kind !== 'class') throw decoratorCompiledAsStandard('@Profile', standard);
    rememberDecorated(target);
    // With standard decorators, a class decorator also gets its class.
    if (key === undefined || standard !== undefined) Reflect.defineMetadata(PROFILES, profiles, target);
    else {
      Reflect.defineMetadata(PROFILES, profiles, target, key);
      Reflect.defineMetadata(PROFILED_METHODS, [...ownProfiledMethods(target), key], target);
    }
  };
}

/** Whether a class is enabled with the active profile (undefined if there is none). */
export function isClassActive(type: Class, profile: string | undefined): boolean {
  return matches(Reflect.getOwnMetadata(PROFILES, type), profile);
}

/** Whether a provider method is enabled with the active profile. */
export function isMethodActive(prototype: object, method: string, profile: string | undefined): boolean {
  return matches(Reflect.getMetadata(PROFILES, prototype, method), profile);
}

/** The methods of a class with their own `@Profile`, those of base classes first. */
export function profiledMethodsOf(type: Class): readonly (string | symbol)[] {
  const inherited = Object.getPrototypeOf(type);
  const base = typeof inherited === 'function' && inherited !== Function.prototype ? profiledMethodsOf(inherited) : [];
  return [...base, ...ownProfiledMethods(type.prototype)];
}

function ownProfiledMethods(prototype: object): readonly (string | symbol)[] {
  return Reflect.getOwnMetadata(PROFILED_METHODS, prototype) ?? [];
}

function matches(profiles: readonly string[] | undefined, active: string | undefined): boolean {
  if (profiles === undefined) return true;
  return profiles.some((profile) => (profile.startsWith('!') ? profile.slice(1) !== active : profile === active));
}
