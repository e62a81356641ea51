/** The decorator `@Instrumented`. */
import 'reflect-metadata';
import { type Class, registerExtension } from '@tsukimi/core';
import { requestLabelsMisplaced } from '../errors.js';
import { instrumentationExtension } from '../extension/extension.js';
import { checkedRequestLabels, type RequestLabels } from '../labels/request-labels.js';
import { writeOnClass, writeOnMethod } from '../metadata/instrumented.js';
import { checkedUnhandled, type Unhandled } from '../metadata/unhandled.js';
import { decoratorNotCalled } from './errors.js';
import { decoratedClassName, measurableMember } from './measurable-member.js';

export interface InstrumentedOptions {
  /**
   * Whether to measure the class or method. `false` leaves it out of an instrumented application.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * What happens if a promise that a non-async method returned rejects and nothing handles the rejection: with `keep`, the process emits
   * `unhandledRejection`; with `contain`, it does not. The nearest setting applies: on the method, the component, its `@Provider` method, or the
   * application class.
   * @default 'keep'; 'contain' for components that a `@Provider` creates from a class without decorators of ours
   */
  readonly unhandled?: Unhandled;
  /**
   * Whether to record HTTP requests. `false` on a controller, or on one of its methods, leaves the requests to its routes out of the HTTP metrics;
   * on the application class, all requests. Calls are measured in both cases.
   * @default true
   */
  readonly http?: boolean;
  /**
   * Labels that a function computes of each request, in `http_requests_total` and `http_request_duration_seconds`. Only on the application class.
   * `defineRequestLabels` checks their types.
   */
  readonly requestLabels?: RequestLabels;
}

/** A decorator of a class, a method, or a property that holds a function. */
export type InstrumentedDecorator = ClassDecorator & PropertyDecorator & MethodDecorator;

/**
 * Measures the calls of methods: on the application class, those of all components; on a component, those of its methods; on a method, only its own.
 *
 * The order among other decorators does not matter. `{ enabled: false }` leaves out a component or a method.
 * @throws TSK_ERR_DECORATOR_NOT_CALLED, TSK_ERR_DECORATOR_PLACE, TSK_ERR_INSTRUMENTATION_OPTION, when the class is declared
 */
export function Instrumented(options: InstrumentedOptions = {}): InstrumentedDecorator {
  if (typeof options !== 'object' || Object.hasOwn(options, 'constructor'))
    throw decoratorNotCalled('@Instrumented', decoratedClassName(options));
  const requestLabels = checkedRequestLabels(options.requestLabels, '@Instrumented');
  const choice = { enabled: options.enabled ?? true, unhandled: checkedUnhandled(options.unhandled, '@Instrumented'), http: options.http };
  return (target: object, method?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (method === undefined) {
      writeOnClass(target, { ...choice, requestLabels });
      registerExtension(target as Class, instrumentationExtension);
    } else {
      if (requestLabels !== undefined) throw requestLabelsMisplaced(`${decoratedClassName(target)}.${String(method)}`);
      writeOnMethod(target, measurableMember({ decorator: '@Instrumented', target, method, descriptor }), choice);
      registerExtension(target.constructor as Class, instrumentationExtension);
    }
  };
}
