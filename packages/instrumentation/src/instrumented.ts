/** The decorator: what it writes on a class or method, and how that is read at start. */
import 'reflect-metadata';
import { type Class, registerExtension } from '@tsukimi/core';
import { decoratorNotCalled } from './errors.js';
import { instrumentationExtension } from './extension.js';
import { writeOnClass, writeOnMethod } from './instrumented-metadata.js';
import { classNameOf, measurableMember } from './measurable-member.js';

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
  if (typeof options !== 'object' || Object.hasOwn(options, 'constructor')) throw decoratorNotCalled('@Instrumented', classNameOf(options));
  const enabled = options.enabled ?? true;
  return (target: object, method?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (method === undefined) {
      writeOnClass(target, enabled);
      registerExtension(target as Class, instrumentationExtension);
    } else {
      writeOnMethod(target, measurableMember({ decorator: '@Instrumented', target, method, descriptor }), enabled);
      registerExtension(target.constructor as Class, instrumentationExtension);
    }
  };
}
