/** Extensions that decorators bring along: which class carries which, and which an application has. */
import type { Class, Token } from '../components/definition.js';
import type { ExtensionFactory } from './extension.js';

const factories = new WeakMap<Class, readonly ExtensionFactory[]>();

/**
 * Ties an extension to a class: an application has it if the class is one of its components, or is injected anywhere in it.
 * Its subclasses bring it too.
 */
export function registerExtension(target: Class, factory: ExtensionFactory): void {
  factories.set(target, [...(factories.get(target) ?? []), factory]);
}

/** The extensions tied to a class, then those tied to the classes it extends. */
export function extensionsOf(target: Class): readonly ExtensionFactory[] {
  const base: unknown = Object.getPrototypeOf(target);
  const inherited = typeof base === 'function' ? extensionsOf(base as Class) : [];
  return [...(factories.get(target) ?? []), ...inherited];
}

/** The extensions of all these classes and of `listed`, each once, in that order; tokens that are no class carry none. */
export function collectExtensions(carriers: readonly Token[], listed: readonly ExtensionFactory[]): readonly ExtensionFactory[] {
  const carried = carriers.flatMap((carrier) => (typeof carrier === 'function' ? extensionsOf(carrier) : []));
  return [...new Set([...carried, ...listed])];
}
