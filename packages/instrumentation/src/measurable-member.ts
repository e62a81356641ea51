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
 * @throws TSK_ERR_INSTRUMENTED_MEMBER for what is never measured, and so can't be asked to be
 */
export function measurableMember({ decorator, target, method, descriptor }: DecoratedMember): string {
  const refused = (why: string) => memberNotMeasurable({ decorator, member: `${classNameOf(target)}.${String(method)}`, why });
  if (typeof target === 'function') throw refused('which is static: no instance has it');
  if (typeof method === 'symbol') throw refused('which has a symbol for a name: those are left alone');
  if (method.startsWith('_')) throw refused('which starts with an underscore: those are not public, and left alone');
  if (descriptor?.get !== undefined || descriptor?.set !== undefined) throw refused('an accessor: those are never read');
  return method;
}

/** The name of the class that was decorated, or whose prototype was. */
export function classNameOf(target: unknown): string {
  const type: unknown = typeof target === 'object' && target !== null ? target.constructor : target;
  return typeof type === 'function' ? type.name : String(type);
}
