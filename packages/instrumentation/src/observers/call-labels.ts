/** Feeds the metrics of methods whose labels a function computes of each call. */
import { holdSeries, type MetricsRegistry } from '@tsukimi/metrics';
import type { EndedCall, MethodObserver } from '../calls/recording/call-recorder.js';
import { Kept, reporting } from '../kept-series.js';
import { BoundedLabels } from '../labels/bounded-labels.js';
import { ByLabelSet } from '../labels/by-label-set.js';
import { type ComputedMethodLabels, DECORATORS, type MethodMetric } from '../metadata/method-metrics.js';

type RecordCall = (values: readonly string[], durationNanoseconds: number, call: EndedCall) => void;

/**
 * Series are made with the first call that has their labels; those whose labels are all listed are there at 0 before.
 * @throws MetricError where the metric can't be made
 */
export function callLabelObserver(
  registry: MetricsRegistry,
  metric: MethodMetric,
  { declarations, compute }: ComputedMethodLabels,
): MethodObserver {
  const { kind, member, name } = metric;
  const labels = new BoundedLabels({ declarations, registry, metric: name, source: `labels of ${DECORATORS[kind]} on ${member}` });
  const record = kind === 'timed' ? timed(registry, metric, labels) : counted(registry, metric, labels);
  return {
    endedCall: (durationNanoseconds, call) =>
      record(
        labels.of(() => compute(call as never)),
        durationNanoseconds,
        call,
      ),
  };
}

function timed(registry: MetricsRegistry, { name, help, buckets }: MethodMetric, { names, listed }: BoundedLabels): RecordCall {
  const options = { name, help, labelNames: names, ...(buckets !== undefined && { buckets }) };
  const find = () => registry.histogram<string>(options);
  find();
  const of = (values: readonly string[]) =>
    reporting(registry, () => new Kept(registry, (holder) => holdSeries(find().labels(...values), holder)));
  const series = new ByLabelSet(of, registry.maxSeriesPerMetric);
  for (const values of listed) series.of(values);
  return (values, durationNanoseconds) => series.of(values)?.now?.observe(durationNanoseconds * 1e-9);
}

function counted(registry: MetricsRegistry, { name, help }: MethodMetric, { names, listed }: BoundedLabels): RecordCall {
  const find = () => registry.counter<string>({ name, help, labelNames: [...names, 'status'] });
  find();
  const of = (values: readonly string[]) =>
    reporting(
      registry,
      () =>
        new Kept(registry, (holder) => {
          const counter = find();
          return {
            success: holdSeries(counter.labels(...values, 'success'), holder),
            failure: holdSeries(counter.labels(...values, 'failure'), holder),
          };
        }),
    );
  const series = new ByLabelSet(of, registry.maxSeriesPerMetric);
  for (const values of listed) series.of(values);
  return (values, _durationNanoseconds, { status }) => series.of(values)?.now?.[status].add(1);
}
