/** The names that a metric's samples and families have beside its own: no other metric may have one, and a scrape can be asked for any. */
import { nameOverlap } from './errors.js';
import { Instrument } from './instruments/instrument.js';
import { kindOfPromClient, type PromClientMetric } from './prom-client.js';

type Metric = Instrument | PromClientMetric;

/** What a family is called besides, by its type. `_created` is OpenMetrics's. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['_sum', '_count', '_created'],
};

/** What OpenMetrics takes off a name to have the family's. */
const FAMILY_SUFFIXES: Readonly<Record<string, string>> = { counter: '_total', info: '_info' };

/**
 * Refuses a metric that would expose samples of the same name as another one in the registry: Prometheus would take one of them for the other.
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

/** Every name by which a scrape can be asked for a metric: its own, its samples', its family's. */
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
