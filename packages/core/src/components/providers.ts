/** `@Provider`: what methods of a `@Configuration` class make, and how that is looked up. */
import 'reflect-metadata';
import { requireCall } from '../decorators/decorator-use.js';
import { decoratorOnStaticMember } from '../decorators/errors.js';
import type { Class, Scope, Token } from './definition.js';

/** What `@Provider` may be told. */
export interface ProviderOptions {
  /** What others ask for it by; the method's declared return type unless given. Needed where that is an interface or a promise. */
  readonly token?: Token;
  /** `singleton` unless given. */
  readonly scope?: Scope;
  /** Its name in errors, and its `component` label; the name of its class unless given. */
  readonly name?: string;
}

/** A decorated provider method. */
export interface ProviderDeclaration extends ProviderOptions {
  readonly method: string;
  /** The return type the compiler emitted; undefined where none was. */
  readonly returnType: unknown;
}

const PROVIDERS = Symbol('tsukimi:providers');

/**
 * Makes a method of a `@Configuration` class the maker of a component; its parameters are injected.
 *
 * A singleton's method may be async: the start waits for it, and what it resolves to is injected.
 */
export function Provider(options?: ProviderOptions): (prototype: object, method: string) => void;
export function Provider(...given: readonly [ProviderOptions?, ...unknown[]]): (prototype: object, method: string) => void {
  requireCall('@Provider', given);
  const [options] = given;
  return (prototype, method) => {
    if (typeof prototype === 'function') throw decoratorOnStaticMember('@Provider()', prototype, method);
    const declaration = { ...options, method };
    Reflect.defineMetadata(PROVIDERS, [...ownProviders(prototype), declaration], prototype);
  };
}

/** The provider methods of a class and its base classes; an overriding method replaces the one it overrides. */
export function providersOf(type: Class): readonly ProviderDeclaration[] {
  const byMethod = new Map<string, ProviderDeclaration>();
  for (let prototype: object | null = type.prototype; prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    for (const declaration of ownProviders(prototype)) {
      if (byMethod.has(declaration.method)) continue;
      byMethod.set(declaration.method, {
        ...declaration,
        returnType: Reflect.getMetadata('design:returntype', prototype, declaration.method),
      });
    }
  }
  return [...byMethod.values()];
}

function ownProviders(prototype: object): readonly Omit<ProviderDeclaration, 'returnType'>[] {
  return Reflect.getOwnMetadata(PROVIDERS, prototype) ?? [];
}
