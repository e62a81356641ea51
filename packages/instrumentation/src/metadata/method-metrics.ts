/** The metadata of `@Timed`, `@Counted` and `@Gauged` on methods. */
import type { LabelValue } from '@tsukimi/metrics';
import type { LabelDeclarations } from '../labels/declarations.js';
import { MethodNotes } from './method-notes.js';

/** Labels that a function computes when a call has ended. */
export interface ComputedMethodLabels {
  readonly declarations: LabelDeclarations;
  readonly compute: (call: never) => unknown;
}

/** A metric of a method. */
export interface MethodMetric {
  readonly kind: 'timed' | 'counted' | 'gauged';
  /** `OrderService.create`, as it was declared: for errors. */
  readonly member: string;
  readonly name: string;
  readonly help: string;
  /** Labels that are the same for every call. */
  readonly labels: Readonly<Record<string, LabelValue>>;
  /** Labels that a function computes of each call. */
  readonly computed?: ComputedMethodLabels | undefined;
  readonly buckets?: readonly number[] | undefined;
}

/** The decorator of each kind, for errors. */
export const DECORATORS = { timed: '@Timed', counted: '@Counted', gauged: '@Gauged' } as const;

const notes = new MethodNotes<readonly MethodMetric[]>('metrics');

export function writeMethodMetric(prototype: object, method: string, metric: MethodMetric): void {
  // Decorators run from the last to the first, so this restores the order in which they are written.
  notes.write(prototype, method, [metric, ...(notes.own(prototype, method) ?? [])]);
}

/** The metrics of a method, from the nearest class that declares any. */
export function methodMetricsOf(prototype: object, method: string): readonly MethodMetric[] {
  return notes.of(prototype, method) ?? [];
}

/** The methods with metrics, on a class or on one it extends. */
export function methodsWithMetrics(prototype: object): readonly string[] {
  return notes.methods(prototype);
}

export function hasMethodMetrics(prototype: object | undefined): boolean {
  return prototype !== undefined && methodsWithMetrics(prototype).length > 0;
}
