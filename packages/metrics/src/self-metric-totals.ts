/** The registries' metrics about themselves for prom-client: one metric for all registries that are merged. */
import { type DefaultLabels, filledUp } from './exposition/default-labels.js';
import type { Counter } from './instruments/counter.js';
import type { MetricObject, Sample } from './instruments/metric-object.js';

type SelfMetric = Counter<'metric'>;
type LabelsNow = () => DefaultLabels;

/** The totals that further registries can still join, by the metric's name. */
const open = new Map<string, SelfMetricTotal>();

/** Closes the returned totals to further registries. */
export function closeTotals(): void {
  open.clear();
}

/**
 * The sum of a self-metric over registries, in the form that prom-client reads.
 *
 * prom-client's `Registry.merge` gets the metrics of each registry and registers all of them in a new one, which rejects two of the same name.
 * Therefore, all registries of one merge return the same object. A merge is considered to have ended when a name is first read, or at the end of
 * the turn.
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

  // As for instruments: prom-client's OpenMetrics registry permanently removes `_total`.
  set name(name: string) {
    this.#nameOfNextRead = name;
  }

  /** Includes the metric of another registry. */
  add(source: SelfMetric): void {
    this.#sources.set(source, noLabels);
  }

  /** Returns a total of this and another one. The parts of this one get the default labels of their registry. */
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

/** Returns the object that represents a registry's self-metric for prom-client. */
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
