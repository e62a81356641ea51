/** What `@Timed`, `@Counted` and `@Gauged` leave on methods. */
import 'reflect-metadata';
import type { LabelValue } from '@tsukimi/metrics';

/** A metric that a method asks for. */
export interface MethodMetric {
  readonly kind: 'timed' | 'counted' | 'gauged';
  /** `OrderService.create`, as it was declared: for errors. */
  readonly member: string;
  readonly name: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelValue>>;
  readonly buckets?: readonly number[] | undefined;
}

const METRICS = Symbol('tsukimi.method-metrics');
const METHODS = Symbol('tsukimi.methods-with-metrics');

export function writeMethodMetric(prototype: object, method: string, metric: MethodMetric): void {
  const own: readonly MethodMetric[] = Reflect.getOwnMetadata(METRICS, prototype, method) ?? [];
  // Decorators run from the last to the first: this is the order in which they are written.
  Reflect.defineMetadata(METRICS, [metric, ...own], prototype, method);
  Reflect.defineMetadata(METHODS, [...new Set([...methodsWithMetrics(prototype), method])], prototype);
}

/** The metrics of a method: those of the nearest class that gives it any. */
export function methodMetricsOf(prototype: object, method: string): readonly MethodMetric[] {
  return Reflect.getMetadata(METRICS, prototype, method) ?? [];
}

/** The methods that have any, on a class or on one it extends. */
export function methodsWithMetrics(prototype: object): readonly string[] {
  return Reflect.getMetadata(METHODS, prototype) ?? [];
}

export function hasMethodMetrics(prototype: object | undefined): boolean {
  return prototype !== undefined && methodsWithMetrics(prototype).length > 0;
}
