/** `@Provider`: methods of a `@Configuration` class that create components. */
import 'reflect-metadata';
import { requireCall } from '../decorators/decorator-use.js';
import { decoratorOnStaticMember } from '../decorators/errors.js';
import { rememberDecorated } from './decorated-members.js';
import type { Class, Scope, Token } from './definition.js';

/** Options of `@Provider`. */
export interface ProviderOptions {
  /**
   * The token by which the component is injected. Required if the return type is an interface or a promise.
   * @default the declared return type of the method
   */
  readonly token?: Token;
  /**
   * How long an instance lives.
   * @default 'singleton'
   */
  readonly scope?: Scope;
  /**
   * The component's name in errors, and its `component` label in metrics.
   * @default the name of its class
   */
  readonly name?: string;
}

/** A decorated provider method. */
export interface ProviderDeclaration extends ProviderOptions {
  readonly method: string;
  /** The return type the compiler emitted; undefined if none was. */
  readonly returnType: unknown;
}

const PROVIDERS = Symbol('tsukimi:providers');

/**
 * Makes a method of a `@Configuration` class create a component. The parameters of the method are injected.
 *
 * The method of a singleton can be async: the start waits for it, and the resolved value is injected.
 */
export function Provider(options?: ProviderOptions): (prototype: object, method: string) => void;
export function Provider(...given: readonly [ProviderOptions?, ...unknown[]]): (prototype: object, method: string) => void {
  requireCall('@Provider', given);
  const [options] = given;
  return (prototype, method) => {
    if (typeof prototype === 'function') throw decoratorOnStaticMember('@Provider()', prototype, method);
    rememberDecorated(prototype);
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
