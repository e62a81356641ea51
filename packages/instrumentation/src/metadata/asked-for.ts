/** Finds methods with one of our decorators. */
import { isMethodInstrumented } from './instrumented.js';
import { methodMetricsOf } from './method-metrics.js';
import { sloOfMethod } from './slo.js';

/** Whether a method has one of our decorators, so that it is measured even if it is a function that an instance only holds. */
export function isAskedFor(prototype: object, method: string): boolean {
  return (
    isMethodInstrumented(prototype, method) === true ||
    methodMetricsOf(prototype, method).length > 0 ||
    sloOfMethod(prototype, method) !== undefined
  );
}
