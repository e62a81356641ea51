/** Buckets that were chosen for histograms: applied, and checked against the histograms that exist. */
import { nearest } from '@tsukimi/core';
import { Histogram, type HistogramSettings, MetricError, type MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from './catalogue.js';
import { invalidHistogram, unknownHistogram } from './errors.js';

/** Settings by the names of histograms. */
export type Histograms = Readonly<Record<string, HistogramSettings>>;

/** Where the settings are written, for errors. */
export interface HistogramsOrigin {
  /** `metrics.histograms`, or the option. */
  readonly key: string;
  /** `application.yml` */
  readonly source: string;
}

/** Whether something has the shape of settings. What is in them is checked when they are applied. */
export function areHistograms(value: unknown): value is Histograms {
  return isObject(value) && Object.values(value).every(isObject);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the option must be, for errors. */
export const HISTOGRAMS_ALLOWED = 'an object with settings for the names of histograms';

/**
 * Applies the settings before the histograms are made.
 * @throws TSK_ERR_METRIC_BUCKETS, TSK_ERR_METRIC_OPTION, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_SHAPE, all naming key and source
 */
export function configureHistograms(registry: MetricsRegistry, histograms: Histograms, { key, source }: HistogramsOrigin): void {
  for (const [name, settings] of Object.entries(histograms)) {
    try {
      registry.configureHistograms({ [name]: settings });
    } catch (error) {
      throw error instanceof MetricError ? invalidHistogram({ key, source, error }) : error;
    }
  }
}

const IN_CATALOGUE = Object.values(CATALOGUE).flatMap(({ type, name }) => (type === 'histogram' ? [name as string] : []));

/**
 * Refuses names that no histogram has, once all are made.
 * @throws TSK_ERR_INSTRUMENTATION_HISTOGRAM
 */
export function checkHistogramsExist(registry: MetricsRegistry, histograms: Histograms, origin: HistogramsOrigin): void {
  const made = registry.instruments.filter((instrument) => instrument instanceof Histogram).map(({ name }) => name);
  const known = new Set([...IN_CATALOGUE, ...made]);
  for (const name of Object.keys(histograms)) {
    if (known.has(name)) continue;
    throw unknownHistogram({
      ...origin,
      name,
      other: registry.instruments.find((each) => each.name === name)?.type,
      guess: nearest(name, known),
      known: [...known],
    });
  }
}

const MANY_BUCKETS = 50;

/** Returns a warning for each histogram with more buckets than usual, with what they cost. */
export function warningsOfManyBuckets(histograms: Histograms, { key }: HistogramsOrigin): string[] {
  return Object.entries(histograms).flatMap(([name, { buckets = [] }]) => {
    if (buckets.length <= MANY_BUCKETS) return [];
    // Each bound, +Inf, the sum and the count.
    const series = buckets.length + 3;
    return [
      `${key}: ${name} has ${buckets.length} buckets, so each of its label sets is ${series} series in Prometheus, ${series * 100} for 100 label sets. Choose fewer than ${MANY_BUCKETS}, or let Prometheus scrape native histograms.`,
    ];
  });
}
