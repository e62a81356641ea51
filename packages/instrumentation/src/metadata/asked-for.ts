/** Which methods carry a decorator of ours. */
import { isMethodInstrumented } from './instrumented.js';
import { methodMetricsOf } from './method-metrics.js';
import { sloOfMethod } from './slo.js';

/** Whether a method was asked to be measured by a decorator on itself, so that a function is measured that an instance otherwise only holds. */
export function isAskedFor(prototype: object, method: string): boolean {
  return (
    isMethodInstrumented(prototype, method) === true ||
    methodMetricsOf(prototype, method).length > 0 ||
    sloOfMethod(prototype, method) !== undefined
  );
}
