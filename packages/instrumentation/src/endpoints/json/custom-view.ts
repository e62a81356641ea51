/** The `custom` part of the JSON view: the application's own metrics. */
import {
  type CounterSeries,
  type Distribution,
  Histogram,
  type HistogramSeries,
  Info,
  type Instrument,
  type MetricsRegistry,
  StateSet,
  type StateSetSeries,
  Summary,
  type SummarySeries,
} from '@tsukimi/metrics';
import { isInCatalogue } from '../../catalogue.js';

/** Called if the `collect` function of a metric failed. The metric is then missing from the view, as from the text. */
export type CollectFailed = (metric: string, error: unknown) => void;

/** Returns the current values. `collect` functions are called as in a scrape. */
export async function customView(registry: MetricsRegistry, onFailure: CollectFailed) {
  async function isCollected(instrument: Instrument): Promise<boolean> {
    try {
      await registry.collect(instrument);
      return true;
    } catch (error) {
      onFailure(instrument.name, error);
      return false;
    }
  }

  const own = registry.instruments.filter(({ name }) => !isInCatalogue(name));
  const collected = await Promise.all(own.map(async (instrument) => ({ instrument, ok: await isCollected(instrument) })));
  return Object.fromEntries(collected.filter(({ ok }) => ok).map(({ instrument }) => [instrument.name, instrumentView(instrument)]));
}

function instrumentView(instrument: Instrument) {
  const { type, help, labelNames } = instrument;
  const read = valueReader(instrument);
  const values = instrument.series.map((series) => ({ labels: labelsOf(labelNames, series.labelValues), value: read(series as never) }));
  return { type, help, values };
}

/** Returns the reader of a series' value: a number, a distribution, a state, or the labels of an info. */
function valueReader(instrument: unknown): (series: never) => unknown {
  if (instrument instanceof Histogram) return ({ distribution }: HistogramSeries) => distributionView(distribution);
  if (instrument instanceof Summary) return summaryView;
  if (instrument instanceof StateSet) return ({ state }: StateSetSeries) => state ?? null;
  if (instrument instanceof Info) return () => 1;
  return ({ value }: CounterSeries) => value;
}

/** Count and sum since the start; the rest is from the window. */
function summaryView({ count, sum, distribution }: SummarySeries) {
  return { ...distributionView(distribution), count, sum, avg: orNull(sum / count) };
}

/** In the metric's own unit. */
function distributionView(distribution: Distribution) {
  const { count, sum, min, max } = distribution;
  return {
    count,
    sum,
    avg: orNull(sum / count),
    min: orNull(min),
    max: orNull(max),
    p50: orNull(distribution.quantile(0.5)),
    p95: orNull(distribution.quantile(0.95)),
    p99: orNull(distribution.quantile(0.99)),
  };
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function labelsOf(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']).filter(([, value]) => value !== ''));
}
