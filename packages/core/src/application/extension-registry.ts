/** The extensions that decorators register with classes. */
import type { Class, Token } from '../components/definition.js';
import type { ExtensionFactory } from './extension.js';

const factories = new WeakMap<Class, readonly ExtensionFactory[]>();

/**
 * Registers an extension with a class: an application has the extension if the class, or a subclass, is one of its components or is injected
 * into one of them.
 */
export function registerExtension(target: Class, factory: ExtensionFactory): void {
  factories.set(target, [...(factories.get(target) ?? []), factory]);
}

/** The extensions registered with a class, followed by those of its base classes. */
export function extensionsOf(target: Class): readonly ExtensionFactory[] {
  const base: unknown = Object.getPrototypeOf(target);
  const inherited = typeof base === 'function' ? extensionsOf(base as Class) : [];
  return [...(factories.get(target) ?? []), ...inherited];
}

/** The extensions of all these classes and of `listed`, each once, in that order. */
export function collectExtensions(carriers: readonly Token[], listed: readonly ExtensionFactory[]): readonly ExtensionFactory[] {
  const carried = carriers.flatMap((carrier) => (typeof carrier === 'function' ? extensionsOf(carrier) : []));
  return [...new Set([...carried, ...listed])];
}
