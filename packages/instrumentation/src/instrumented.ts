/** The decorator: what it writes on a class or method, and how that is read at start. */
import 'reflect-metadata';
import { type Class, registerExtension } from '@tsukimi/core';
import { decoratorNotCalled, memberNotMeasurable } from './errors.js';
import { instrumentationExtension } from './extension.js';
import { writeOnClass, writeOnMethod } from './instrumented-metadata.js';

export interface InstrumentedOptions {
  /** False opts out, of an application that is instrumented. True unless told. */
  readonly enabled?: boolean;
}

/** Goes on a class, a method, or a property that holds a function. */
export type InstrumentedDecorator = ClassDecorator & PropertyDecorator & MethodDecorator;

/**
 * Measures: on the application class everything, on a component that one, on a method that one.
 *
 * The order among other decorators makes no difference. With `{ enabled: false }` it opts a component or a method out.
 * @throws TSK_ERR_INSTRUMENTED_NOT_CALLED, TSK_ERR_INSTRUMENTED_MEMBER, both where the class is declared
 */
export function Instrumented(options: InstrumentedOptions = {}): InstrumentedDecorator {
  if (typeof options !== 'object' || Object.hasOwn(options, 'constructor')) throw decoratorNotCalled(nameOf(options));
  const enabled = options.enabled ?? true;
  return (target: object, method?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (method === undefined) {
      writeOnClass(target, enabled);
      registerExtension(target as Class, instrumentationExtension);
    } else {
      writeOnMethod(target, checkedMember(target, method, descriptor), enabled);
      registerExtension(target.constructor as Class, instrumentationExtension);
    }
  };
}

/** What is never measured, and so can't be asked to be. */
function checkedMember(target: object, method: string | symbol, descriptor: PropertyDescriptor | undefined): string {
  const member = `${nameOf(target)}.${String(method)}`;
  if (typeof target === 'function') throw memberNotMeasurable(member, 'which is static: no instance has it');
  if (typeof method === 'symbol') throw memberNotMeasurable(member, 'which has a symbol for a name: those are left alone');
  if (method.startsWith('_')) throw memberNotMeasurable(member, 'which starts with an underscore: those are not public, and left alone');
  if (descriptor?.get !== undefined || descriptor?.set !== undefined)
    throw memberNotMeasurable(member, 'an accessor: those are never read');
  return method;
}

/** The class that was decorated, or whose prototype was. */
function nameOf(target: unknown): string {
  const type: unknown = typeof target === 'object' && target !== null ? target.constructor : target;
  return typeof type === 'function' ? type.name : String(type);
}
