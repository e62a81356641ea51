/** The decorator: what it writes on a class or method, and how that is read at start. */
import 'reflect-metadata';
import { type Class, registerExtension } from '@tsukimi/core';
import { instrumentationExtension } from './extension.js';
import { writeOnClass, writeOnMethod } from './instrumented-metadata.js';

export interface InstrumentedOptions {
  /** False opts out, of an application that is instrumented. True unless told. */
  readonly enabled?: boolean;
}

/**
 * Measures: on the application class everything, on a component that one, on a method that one.
 *
 * The order among other decorators makes no difference. With `{ enabled: false }` it opts a component or a method out.
 */
export function Instrumented(options: InstrumentedOptions = {}): ClassDecorator & MethodDecorator {
  const enabled = options.enabled ?? true;
  return (target: object, method?: string | symbol): void => {
    if (method === undefined) {
      writeOnClass(target, enabled);
      registerExtension(target as Class, instrumentationExtension);
    } else {
      writeOnMethod(target, method, enabled);
      registerExtension(target.constructor as Class, instrumentationExtension);
    }
  };
}
