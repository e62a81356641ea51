/** What registries tell of themselves, handed to prom-client: one metric for all registries that are merged. */
import { type DefaultLabels, filledUp } from './exposition/default-labels.js';
import type { Counter } from './instruments/counter.js';
import type { MetricObject, Sample } from './instruments/metric-object.js';

type SelfMetric = Counter<'metric'>;
type LabelsNow = () => DefaultLabels;

/** Those that further registries may still join, by the metric's name. */
const open = new Map<string, SelfMetricTotal>();

/** No further registry joins those that were handed out. */
export function closeTotals(): void {
  open.clear();
}

/**
 * The sum of a self-metric over registries, as prom-client reads a metric.
 *
 * prom-client's `Registry.merge` asks each registry for its metrics and registers all of them in a new one, which refuses two of the same name. All
 * the registries that it asks therefore give the same object. Nothing tells one merge from the next but this: the first look at a name ends one, and so
 * does the end of the turn.
 */
export class SelfMetricTotal {
  readonly help: string;
  readonly type = 'counter';
  readonly aggregator = 'sum';
  readonly #sources: Map<SelfMetric, LabelsNow>;
  readonly #name: string;
  #nameOfNextRead: string | undefined;

  constructor(name: string, help: string, sources: Iterable<readonly [SelfMetric, LabelsNow]> = []) {
    this.#name = name;
    this.help = help;
    this.#sources = new Map(sources);
  }

  get name(): string {
    if (open.get(this.#name) === this) open.delete(this.#name);
    return this.#name;
  }

  // As an instrument's: prom-client's OpenMetrics registry takes `_total` off for good.
  set name(name: string) {
    this.#nameOfNextRead = name;
  }

  /** Counts a registry's metric too. */
  add(source: SelfMetric): void {
    this.#sources.set(source, noLabels);
  }

  /** A total of what this one and another count, this one's with the default labels of the registry that it was in. */
  joinedTo(other: SelfMetricTotal | undefined, defaultLabels: LabelsNow): SelfMetricTotal {
    const joined = new SelfMetricTotal(this.#name, this.help, other === undefined ? [] : other.#sources);
    for (const [source, labels] of this.#sources) {
      if (!joined.#sources.has(source)) joined.#sources.set(source, () => filledUp(labels(), defaultLabels()));
    }
    return joined;
  }

  async get(): Promise<MetricObject> {
    const { help, type, aggregator } = this;
    const name = this.#nameOfNextRead ?? this.#name;
    this.#nameOfNextRead = undefined;
    const sums = new Map<string, Sample>();
    for (const [{ series }, defaultLabels] of this.#sources) {
      for (const { labelValues, value } of series) {
        const labels = filledUp({ metric: labelValues[0] ?? '' }, defaultLabels());
        const key = JSON.stringify(Object.entries(labels).sort());
        sums.set(key, { labels, value: (sums.get(key)?.value ?? 0) + value });
      }
    }
    return { name, help, type, aggregator, values: [...sums.values()] };
  }

  reset(): void {
    for (const source of this.#sources.keys()) source.reset();
  }
}

function noLabels(): DefaultLabels {
  return {};
}

/** A registry's self-metric, as it is handed to prom-client. */
export function selfMetricTotal(metric: SelfMetric): object {
  let total = open.get(metric.name);
  if (total === undefined) {
    total = new SelfMetricTotal(metric.name, metric.help);
    open.set(metric.name, total);
    queueMicrotask(closeTotals);
  }
  total.add(metric);
  return total;
}
