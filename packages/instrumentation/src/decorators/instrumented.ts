/** The decorator: what it writes on a class or method, and how that is read at start. */
import 'reflect-metadata';
import { type Class, registerExtension } from '@tsukimi/core';
import { instrumentationExtension } from '../extension/extension.js';
import { writeOnClass, writeOnMethod } from '../metadata/instrumented.js';
import { checkedUnhandled, type Unhandled } from '../metadata/unhandled.js';
import { decoratorNotCalled } from './errors.js';
import { decoratedClassName, measurableMember } from './measurable-member.js';

export interface InstrumentedOptions {
  /** False leaves the class out of an instrumented application. `@default true` */
  readonly enabled?: boolean;
  /**
   * What becomes of a rejection that nobody handles, of a promise that a method returns without being `async`: `keep` lets the process hear of it, `contain` does not.
   * The nearest says: on the method, the component, its `@Provider` method, the application class.
   * @default 'keep'; 'contain' for what a `@Provider` makes of a class without decorators of ours
   */
  readonly unhandled?: Unhandled;
  /**
   * False on a controller, or on a method of one, leaves the requests to its routes out of the HTTP metrics; on the application class, all requests.
   * Calls are measured either way. `@default true`
   */
  readonly http?: boolean;
}

/** Goes on a class, a method, or a property that holds a function. */
export type InstrumentedDecorator = ClassDecorator & PropertyDecorator & MethodDecorator;

/**
 * Measures: on the application class everything, on a component that one, on a method that one.
 *
 * The order among other decorators makes no difference. With `{ enabled: false }` it opts a component or a method out.
 * @throws TSK_ERR_DECORATOR_NOT_CALLED, TSK_ERR_DECORATOR_PLACE, TSK_ERR_INSTRUMENTATION_OPTION, all where the class is declared
 */
export function Instrumented(options: InstrumentedOptions = {}): InstrumentedDecorator {
  if (typeof options !== 'object' || Object.hasOwn(options, 'constructor'))
    throw decoratorNotCalled('@Instrumented', decoratedClassName(options));
  const choice = { enabled: options.enabled ?? true, unhandled: checkedUnhandled(options.unhandled, '@Instrumented'), http: options.http };
  return (target: object, method?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (method === undefined) {
      writeOnClass(target, choice);
      registerExtension(target as Class, instrumentationExtension);
    } else {
      writeOnMethod(target, measurableMember({ decorator: '@Instrumented', target, method, descriptor }), choice);
      registerExtension(target.constructor as Class, instrumentationExtension);
    }
  };
}
