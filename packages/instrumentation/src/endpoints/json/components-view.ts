/** The `components` part of the JSON view. */
import { Distribution } from '@tsukimi/metrics';
import type { CallSeries } from '../../calls/recording/call-series.js';
import { averageMs, milliseconds, percentilesOf } from './latency.js';

/** What is shown of a method. */
export type ShownMethod = Pick<
  CallSeries,
  'method' | 'calls' | 'failures' | 'failuresByError' | 'distribution' | 'lastCalled' | 'isExposed'
>;

/** What is shown of a component. */
export interface ShownComponent {
  readonly component: string;
  readonly kind: string;
  readonly methods: ReadonlyMap<string, ShownMethod>;
}

export function componentsView(components: Iterable<ShownComponent>) {
  const measured = [...components].filter(({ methods }) => methods.size > 0);
  return Object.fromEntries(measured.map((calls) => [calls.component, componentView(calls)]));
}

function componentView({ kind, methods }: ShownComponent) {
  const all = [...methods.values()].filter(({ isExposed }) => isExposed);
  const durations = new Distribution([]);
  for (const { distribution } of all) durations.merge(distribution);
  return {
    type: kind,
    calls: sum(all, ({ calls }) => calls),
    failures: sum(all, ({ failures }) => failures),
    avg_duration_ms: averageMs(durations),
    min_ms: milliseconds(durations.min),
    max_ms: milliseconds(durations.max),
    p95_ms: milliseconds(durations.quantile(0.95)),
    last_called: latest(all)?.toISOString() ?? null,
    methods: Object.fromEntries(all.map((method) => [method.method, methodView(method)])),
  };
}

function methodView({ calls, failures, failuresByError, distribution, lastCalled }: ShownMethod) {
  return {
    calls,
    failures,
    ...(failures > 0 && { failures_by_error: failuresByError }),
    avg_duration_ms: averageMs(distribution),
    ...percentilesOf(distribution),
    last_called: lastCalled?.toISOString() ?? null,
  };
}

function sum(methods: readonly ShownMethod[], part: (method: ShownMethod) => number): number {
  return methods.reduce((total, method) => total + part(method), 0);
}

function latest(methods: readonly ShownMethod[]): Date | undefined {
  return methods.map(({ lastCalled }) => lastCalled).reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
}
