/** `@Profile`: which classes and provider methods take part under which profile. */
import 'reflect-metadata';
import { decoratorArgument, decoratorCompiledAsStandard, decoratorNotCalled, isStandardContext } from '../decorators/errors.js';
import type { Class } from './definition.js';

const PROFILES = Symbol('tsukimi:profiles');
const PROFILED_METHODS = Symbol('tsukimi:profiled-methods');

/**
 * Lets a class or a `@Provider` method take part only under one of the given profiles.
 *
 * @param profiles names such as `prod`; `!test` stands for "any profile but test, or none". One match is enough.
 */
export function Profile(...profiles: readonly [string, ...string[]]): ClassDecorator & MethodDecorator {
  const [first]: readonly unknown[] = profiles;
  if (first === undefined) throw decoratorArgument('@Profile', first, "Name at least one: @Profile('prod').");
  if (typeof first !== 'string') throw decoratorNotCalled('@Profile', first);
  return (target: object, key?: string | symbol): void => {
    const standard = isStandardContext(key) ? key : undefined;
    if (standard !== undefined && standard.kind !== 'class') throw decoratorCompiledAsStandard('@Profile', standard);
    // Where decorators are compiled as the standard has them, those of classes get their class nevertheless.
    if (key === undefined || standard !== undefined) Reflect.defineMetadata(PROFILES, profiles, target);
    else {
      Reflect.defineMetadata(PROFILES, profiles, target, key);
      Reflect.defineMetadata(PROFILED_METHODS, [...ownProfiledMethods(target), key], target);
    }
  };
}

/** Whether a class takes part under the active profile (undefined where none is active). */
export function isClassActive(type: Class, profile: string | undefined): boolean {
  return matches(Reflect.getOwnMetadata(PROFILES, type), profile);
}

/** Whether a provider method takes part under the active profile. */
export function isMethodActive(prototype: object, method: string, profile: string | undefined): boolean {
  return matches(Reflect.getMetadata(PROFILES, prototype, method), profile);
}

/** The methods of a class that have a profile of their own, its base classes' first. */
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
