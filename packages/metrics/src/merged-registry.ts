/** Merges several registries into one of prom-client, also if they are merged ones. */
import { contentTypesDiffer, mergeConflict } from './errors.js';
import { type DefaultLabels, filledUp } from './exposition/default-labels.js';
import { type PromClientFamily, type PromClientMetric, Registry } from './prom-client.js';
import { closeTotals, SelfMetricTotal } from './self-metric-totals.js';

/** A registry, and a function that reads its default labels, which may be set later. */
interface Source {
  readonly registry: Registry;
  readonly defaultLabels: () => DefaultLabels;
}

type Read = () => Promise<PromClientFamily>;

/** A metric with the default labels of its registry. */
class LabelledMetric {
  /** prom-client reads this instead of `get` if it exists. */
  declare readonly getForPromString: Read | undefined;
  readonly get: Read;

  constructor(
    private readonly metric: PromClientMetric & { name: string; readonly getForPromString?: Read },
    private readonly defaultLabels: () => DefaultLabels,
  ) {
    this.get = this.#labelled(() => metric.get() as never);
    if (typeof metric.getForPromString === 'function') this.getForPromString = this.#labelled(() => metric.getForPromString?.() as never);
  }

  get name(): string {
    return this.metric.name;
  }

  // prom-client's OpenMetrics registry removes `_total`.
  set name(name: string) {
    this.metric.name = name;
  }

  get help(): unknown {
    return (this.metric as { readonly help?: unknown }).help;
  }

  get type(): unknown {
    return (this.metric as { readonly type?: unknown }).type;
  }

  get aggregator(): unknown {
    return (this.metric as { readonly aggregator?: unknown }).aggregator;
  }

  reset(): void {
    this.metric.reset();
  }

  #labelled(read: Read): Read {
    return async () => {
      const family = await read();
      const labels = this.defaultLabels();
      return { ...family, values: (family.values ?? []).map((sample) => ({ ...sample, labels: filledUp(sample.labels ?? {}, labels) })) };
    };
  }
}

/** One for each metric of a registry, so that a metric that is reached in two ways stays one metric. */
const labelled = new WeakMap<Registry, WeakMap<object, object>>();

function labelledMetric(metric: object, { registry, defaultLabels }: Source): object {
  let known = labelled.get(registry);
  if (known === undefined) {
    known = new WeakMap();
    labelled.set(registry, known);
  }
  let view = known.get(metric);
  if (view === undefined) {
    view = new LabelledMetric(metric as never, defaultLabels);
    known.set(metric, view);
  }
  return view;
}

/**
 * Returns a new prom-client registry with the current metrics of registries.
 * @throws TSK_ERR_METRIC_NAME_TAKEN, TSK_ERR_METRIC_CONTENT_TYPE
 */
export function mergedRegistry(registries: readonly Registry[], labelsOf: (registry: Registry) => DefaultLabels): Registry {
  const contentType = registries[0]?.contentType ?? Registry.PROMETHEUS_CONTENT_TYPE;
  const metrics = new Map<string, object>();
  const totals = new Map<string, SelfMetricTotal>();
  for (const registry of registries) {
    if (registry.contentType !== contentType) throw contentTypesDiffer(contentType, registry.contentType);
    const defaultLabels = (): DefaultLabels => labelsOf(registry);
    closeTotals();
    for (const metric of registry.getMetricsAsArray() as readonly unknown[] as readonly { readonly name: string }[]) {
      const { name } = metric;
      if (metric instanceof SelfMetricTotal) totals.set(name, metric.joinedTo(totals.get(name), defaultLabels));
      else addTo(metrics, name, Object.keys(defaultLabels()).length === 0 ? metric : labelledMetric(metric, { registry, defaultLabels }));
    }
  }
  const merged = new Registry();
  merged.setContentType(contentType);
  for (const metric of [...totals.values(), ...metrics.values()]) merged.registerMetric(metric as never);
  return merged;
}

function addTo(metrics: Map<string, object>, name: string, metric: object): void {
  const existing = metrics.get(name);
  if (existing !== undefined && existing !== metric) throw mergeConflict(name);
  metrics.set(name, metric);
}
