/** The process-wide list of decorated classes: the only global state, and only decorators write it. */
import 'reflect-metadata';
import { injectable } from 'tsyringe';
import { componentDeclaredTwice } from '../errors/components.js';
import type { Class, ComponentKind, ConcreteClass, Scope } from './definition.js';

/** What a decorator said of a class. */
export interface ComponentDeclaration {
  readonly target: ConcreteClass;
  readonly kind: ComponentKind;
  readonly scope: Scope;
  readonly name: string;
}

const PARAMETER_TYPES = 'design:paramtypes';
const declarations = new Map<Class, ComponentDeclaration>();

/**
 * Adds a class to the catalogue; what a class decorator such as `@Service` does.
 *
 * @param options.scope `singleton` unless given.
 * @param options.name the class's name unless given.
 * @throws TSK_ERR_COMPONENT_DECLARED_TWICE where the class has a role already.
 */
export function declareComponent(target: ConcreteClass, options: { kind: ComponentKind; scope?: Scope; name?: string }): void {
  const existing = declarations.get(target);
  if (existing !== undefined) throw componentDeclaredTwice(target, existing.kind, options.kind);
  const { kind, scope = 'singleton', name = target.name } = options;
  applyInjectable(target);
  declarations.set(target, { target, kind, scope, name });
}

/** Every declared class, in the order in which the classes were imported. */
export function declaredComponents(): readonly ComponentDeclaration[] {
  return [...declarations.values()];
}

/** What was declared of exactly this class (not of its base classes). */
export function declarationOf(target: Class): ComponentDeclaration | undefined {
  return declarations.get(target);
}

// tsyringe writes the `@Inject` tokens into the array of parameter types that the compiler emitted. It gets a copy, so
// that whoever reads the types later (a subclass that inherits the constructor, a user's own decorator) finds types.
function applyInjectable(target: ConcreteClass): void {
  const emitted: unknown[] | undefined = Reflect.getMetadata(PARAMETER_TYPES, target);
  if (emitted === undefined) {
    injectable()(target);
    return;
  }
  const own = Reflect.hasOwnMetadata(PARAMETER_TYPES, target);
  Reflect.defineMetadata(PARAMETER_TYPES, [...emitted], target);
  injectable()(target);
  if (own) Reflect.defineMetadata(PARAMETER_TYPES, emitted, target);
  else Reflect.deleteMetadata(PARAMETER_TYPES, target);
}
