/** Creates the metrics of `@Timed`, `@Counted` and `@Gauged`, and records calls in them. */
import { type CounterSeries, holdSeries, type Labels, MetricError, type MetricsRegistry } from '@tsukimi/metrics';
import type { MethodObserver, ObservableMethod } from '../calls/recording/call-recorder.js';
import { isInCatalogue } from '../catalogue.js';
import { Kept, RunningCount } from '../kept-series.js';
import { DECORATORS, type MethodMetric, methodMetricsOf, methodsWithMetrics } from '../metadata/method-metrics.js';
import { callLabelObserver } from './call-labels.js';
import { methodMetricRefused, methodMetricReserved } from './errors.js';

/**
 * Returns the observers of a method. They are created on first use, with their series, which are exposed at 0 before the first call.
 * @throws TSK_ERR_OBSERVER_METRIC with class and method, if a metric can't be created
 */
export function observersFor(
  registry: MetricsRegistry,
  { prototype, method }: Pick<ObservableMethod, 'prototype' | 'method'>,
): readonly MethodObserver[] {
  return methodMetricsOf(prototype, method).map((metric) => {
    const observers = made.get(registry) ?? new WeakMap<MethodMetric, MethodObserver>();
    made.set(registry, observers);
    const observer = observers.get(metric) ?? observerFor(registry, metric);
    observers.set(metric, observer);
    return observer;
  });
}

// Shared by all instances, because series reference their holders.
const made = new WeakMap<MetricsRegistry, WeakMap<MethodMetric, MethodObserver>>();

function observerFor(registry: MetricsRegistry, metric: MethodMetric): MethodObserver {
  const asked = { decorator: DECORATORS[metric.kind], member: metric.member, name: metric.name };
  if (isInCatalogue(metric.name)) throw methodMetricReserved(asked);
  try {
    return metric.computed === undefined ? OBSERVERS[metric.kind](registry, metric) : callLabelObserver(registry, metric, metric.computed);
  } catch (error) {
    throw error instanceof MetricError ? methodMetricRefused(asked, error) : error;
  }
}

/**
 * Creates all metrics of the methods of a class, so that mistakes are found at start and not with the first request.
 * @throws TSK_ERR_OBSERVER_METRIC
 */
export function makeMethodMetrics(registry: MetricsRegistry, prototype: object): void {
  for (const method of methodsWithMetrics(prototype)) observersFor(registry, { prototype, method });
}

const OBSERVERS: Readonly<Record<MethodMetric['kind'], (registry: MetricsRegistry, metric: MethodMetric) => MethodObserver>> = {
  timed(registry, { name, help, labels, buckets }) {
    const options = { name, help, labelNames: Object.keys(labels), ...(buckets !== undefined && { buckets }) };
    const series = new Kept(registry, (holder) => holdSeries(registry.histogram<string>(options).labels(labels as Labels<string>), holder));
    return { ended: (durationNanoseconds) => series.now?.observe(durationNanoseconds * 1e-9) };
  },
  counted(registry, { name, help, labels }) {
    const series = new Kept(registry, (holder) => {
      const counter = registry.counter<string>({ name, help, labelNames: [...Object.keys(labels), 'status'] });
      const of = (status: string): CounterSeries => holdSeries(counter.labels({ ...labels, status } as Labels<string>), holder);
      return { success: of('success'), failure: of('failure') };
    });
    return { ended: (_durationNanoseconds, hasFailed) => series.now?.[hasFailed ? 'failure' : 'success'].add(1) };
  },
  gauged(registry, { name, help, labels }) {
    const find = () => registry.gauge<string>({ name, help, labelNames: Object.keys(labels) }).labels(labels as Labels<string>);
    const running = new RunningCount(registry, find);
    return { began: () => running.began(), ended: () => running.ended() };
  },
};
