/** Checks that a decorated member can be measured. */
import 'reflect-metadata';
import { rememberProperty } from '../metadata/decorated-properties.js';
import { memberNotMeasurable } from '../metadata/errors.js';

/** A decorator and the member that it decorates. */
export interface DecoratedMember {
  /** `@Timed` */
  readonly decorator: string;
  readonly target: object;
  readonly method: string | symbol;
  readonly descriptor: PropertyDescriptor | undefined;
}

/**
 * Returns the name of the method.
 * @throws TSK_ERR_DECORATOR_PLACE if the member can't be measured
 */
export function measurableMember({ decorator, target, method, descriptor }: DecoratedMember): string {
  const member = `${decoratedClassName(target)}.${String(method)}`;
  const refused = (why: string) => memberNotMeasurable({ decorator, member, why });
  if (typeof descriptor === 'number') throw refused('which has it on a parameter');
  if (typeof target === 'function') throw refused('which is static');
  if (typeof method === 'symbol') throw refused('whose name is a symbol. Symbols are never measured');
  if (method.startsWith('_')) throw refused('whose name starts with an underscore. Such methods are not public and never measured');
  if ((target.constructor as { readonly prototype?: unknown } | undefined)?.prototype !== target)
    throw refused('which is not a member of a class');
  const held = descriptor === undefined ? heldType(target, method) : undefined;
  if (held !== undefined) throw refused(`a property that holds a ${held}, and no function`);
  if (descriptor?.get !== undefined || descriptor?.set !== undefined) throw refused('an accessor. Accessors are never measured');
  if (descriptor === undefined && !(method in target)) rememberProperty(target, { decorator, member, name: method });
  return method;
}

// The compiler emits Object for what may be a function: an interface, a union.
function heldType(target: object, property: string): string | undefined {
  const type: unknown = Reflect.getMetadata('design:type', target, property);
  return typeof type !== 'function' || type === Object || type === Function ? undefined : type.name;
}

/** Whether a decorator was called with a decorated class or member instead of options, because it was written without parentheses. */
export function isDecorated(given: unknown): boolean {
  return typeof given === 'function' || (typeof given === 'object' && given !== null && Object.hasOwn(given, 'constructor'));
}

/** Returns the name of the decorated class, also for its prototype. */
export function decoratedClassName(target: unknown): string {
  const type: unknown = typeof target === 'object' && target !== null ? target.constructor : target;
  return typeof type === 'function' ? type.name : String(type);
}
