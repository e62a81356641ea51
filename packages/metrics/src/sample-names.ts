/** The names of a metric's samples and families. No other metric may have one of them, and scrapes can request metrics by any of them. */
import { nameOverlap } from './errors.js';
import { Instrument } from './instruments/instrument.js';
import { kindOfPromClient, type PromClientMetric } from './prom-client.js';

type Metric = Instrument | PromClientMetric;

/** The suffixes of sample names, by type. `_created` is from OpenMetrics. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['_sum', '_count', '_created'],
};

/** The suffixes that names of families in OpenMetrics do not have. */
const FAMILY_SUFFIXES: Readonly<Record<string, string>> = { counter: '_total', info: '_info' };

/**
 * Rejects a metric that would expose samples with the same names as another one in the registry, because Prometheus would confuse them.
 * @throws TSK_ERR_METRIC_NAME_OVERLAP
 */
export function checkSampleNames(name: string, metric: Metric, others: ReadonlyMap<string, Metric>): void {
  for (const suffix of suffixesOf(metric)) {
    if (others.has(name + suffix)) throw nameOverlap(name + suffix, `${typeOf(metric)} ${name}`);
  }
  for (const suffix of ['_bucket', '_sum', '_count', '_created']) {
    if (!name.endsWith(suffix)) continue;
    const family = name.slice(0, -suffix.length);
    const other = others.get(family);
    if (other !== undefined && suffixesOf(other).includes(suffix)) throw nameOverlap(name, `${typeOf(other)} ${family}`);
  }
}

/** Returns all names by which a scrape can request a metric: its own, and those of its samples and family. */
export function namesOf(name: string, metric: Metric): string[] {
  const names = [name, ...suffixesOf(metric).map((suffix) => name + suffix)];
  const type = typeOf(metric);
  const suffix = FAMILY_SUFFIXES[type];
  if (suffix === undefined || !name.endsWith(suffix)) return names;
  const family = name.slice(0, -suffix.length);
  return type === 'counter' ? [...names, family, `${family}_created`] : [...names, family];
}

function suffixesOf(metric: Metric): readonly string[] {
  return SUFFIXES[typeOf(metric)] ?? [];
}

function typeOf(metric: Metric): string {
  return metric instanceof Instrument ? metric.type : kindOfPromClient(metric);
}
