/** Which members a decorator can ask to be measured. */
import { memberNotMeasurable } from './errors.js';

/** A decorator and what it stands on. */
export interface DecoratedMember {
  /** `@Timed` */
  readonly decorator: string;
  readonly target: object;
  readonly method: string | symbol;
  readonly descriptor: PropertyDescriptor | undefined;
}

/**
 * The name of the method.
 * @throws TSK_ERR_DECORATOR_PLACE for what is never measured, and so can't be asked to be
 */
export function measurableMember({ decorator, target, method, descriptor }: DecoratedMember): string {
  const refused = (why: string) => memberNotMeasurable({ decorator, member: `${decoratedClassName(target)}.${String(method)}`, why });
  if (typeof descriptor === 'number') throw refused('which has it on a parameter');
  if (typeof target === 'function') throw refused('which is static');
  if (typeof method === 'symbol') throw refused('whose name is a symbol. Symbols are never measured');
  if (method.startsWith('_')) throw refused('whose name starts with an underscore. Such methods are not public and never measured');
  if (descriptor?.get !== undefined || descriptor?.set !== undefined) throw refused('an accessor. Accessors are never measured');
  return method;
}

/** Whether a decorator was given what it stands on in place of options: somebody wrote it without parentheses. */
export function isDecorated(given: unknown): boolean {
  return typeof given === 'function' || (typeof given === 'object' && given !== null && Object.hasOwn(given, 'constructor'));
}

/** The name of the class that was decorated, or whose prototype was. */
export function decoratedClassName(target: unknown): string {
  const type: unknown = typeof target === 'object' && target !== null ? target.constructor : target;
  return typeof type === 'function' ? type.name : String(type);
}
