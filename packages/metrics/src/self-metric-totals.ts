/** What registries tell of themselves, handed to prom-client: one metric for all registries that are merged. */
import type { Counter } from './instruments/counter.js';
import type { MetricObject, Sample } from './instruments/metric-object.js';

type SelfMetric = Counter<'metric'>;

/** Those that further registries may still join, by the metric's name. */
const open = new Map<string, SelfMetricTotal>();

/**
 * The sum of a self-metric over registries, as prom-client reads a metric.
 *
 * `Registry.merge` asks each registry for its metrics and registers all of them in a new one, which refuses two of the same name. All the
 * registries that it asks therefore give the same object. Nothing tells one merge from the next but this: the first look at a name ends one.
 */
class SelfMetricTotal {
  readonly help: string;
  readonly type = 'counter';
  readonly aggregator = 'sum';
  readonly sources = new Set<SelfMetric>();
  readonly #name: string;
  #nameOfNextRead: string | undefined;

  constructor({ name, help }: SelfMetric) {
    this.#name = name;
    this.help = help;
  }

  get name(): string {
    if (open.get(this.#name) === this) open.delete(this.#name);
    return this.#name;
  }

  // As an instrument's: prom-client's OpenMetrics registry takes `_total` off for good.
  set name(name: string) {
    this.#nameOfNextRead = name;
  }

  async get(): Promise<MetricObject> {
    const { help, type, aggregator, name: ownName } = this;
    const name = this.#nameOfNextRead ?? ownName;
    this.#nameOfNextRead = undefined;
    const values = new Map<string, number>();
    for (const { series } of this.sources) {
      for (const { labelValues, value } of series) values.set(labelValues[0] ?? '', (values.get(labelValues[0] ?? '') ?? 0) + value);
    }
    return { name, help, type, aggregator, values: [...values].map(([metric, value]): Sample => ({ labels: { metric }, value })) };
  }

  reset(): void {
    for (const source of this.sources) source.reset();
  }
}

/** A registry's self-metric, as it is handed to prom-client. */
export function selfMetricTotal(metric: SelfMetric): object {
  let total = open.get(metric.name);
  if (total === undefined) {
    total = new SelfMetricTotal(metric);
    open.set(metric.name, total);
  }
  total.sources.add(metric);
  return total;
}
