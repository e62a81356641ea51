/** The names of samples that a metric exposes beside its own name: no other metric may have one of them. */
import { nameOverlap } from './errors.js';
import { Instrument } from './instruments/instrument.js';
import { kindOfPromClient, type PromClientMetric } from './prom-client.js';

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count'],
};

/**
 * Refuses a metric that would expose samples of the same name as another one in the registry: Prometheus would take one of them for the other.
 * @throws TSK_ERR_METRIC_NAME_OVERLAP
 */
export function checkSampleNames(
  name: string,
  metric: Instrument | PromClientMetric,
  others: ReadonlyMap<string, Instrument | PromClientMetric>,
): void {
  for (const suffix of suffixesOf(metric)) {
    if (others.has(name + suffix)) throw nameOverlap(name + suffix, `${kindOf(metric)} ${name}`);
  }
  for (const suffix of ['_bucket', '_sum', '_count']) {
    if (!name.endsWith(suffix)) continue;
    const family = name.slice(0, -suffix.length);
    const other = others.get(family);
    if (other !== undefined && suffixesOf(other).includes(suffix)) throw nameOverlap(name, `${kindOf(other)} ${family}`);
  }
}

function suffixesOf(metric: Instrument | PromClientMetric): readonly string[] {
  return SUFFIXES[kindOf(metric)] ?? [];
}

function kindOf(metric: Instrument | PromClientMetric): string {
  return metric instanceof Instrument ? metric.type : kindOfPromClient(metric);
}
