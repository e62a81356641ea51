/** Thresholds on latency that lie inside a classic bucket, where Prometheus can't tell values apart. */
import type { MetricFamily } from '../families/metric-family.js';
import { HistogramQueries } from '../queries/histograms.js';
import { httpNames, namingOf } from '../queries/http-names.js';
import { DEFAULT_THRESHOLDS } from './alert-thresholds.js';
import type { RuleOptions } from './build-rules.js';
import { rounded } from './wording.js';

/** The alerts on percentiles, each with its threshold and with what it is compared with. */
const LATENCY_ALERTS = [
  { alert: 'HttpLatencyHigh', threshold: 'httpP95Seconds', percentile: 'p95' },
  { alert: 'HttpRouteLatencyHigh', threshold: 'httpRouteP99Seconds', percentile: 'p99' },
] as const;

/**
 * One line for each alert whose threshold is inside a bucket of what it compares: Prometheus takes the values in a bucket as evenly spread, so without native
 * histograms the alert may fire too early or too late. None for `histograms: 'native'`, and for metrics whose buckets the families don't have.
 */
export function bucketWarnings({ families, without = [], thresholds = {}, histograms = 'both', naming }: RuleOptions): string[] {
  if (histograms === 'native') return [];
  const { duration: metric } = httpNames(naming ?? namingOf(families), new HistogramQueries(histograms));
  return LATENCY_ALERTS.filter(({ alert }) => !without.includes(alert)).flatMap(({ alert, threshold, percentile }) => {
    const bounds = boundsOf(families, metric.name);
    const seconds = thresholds[threshold] ?? DEFAULT_THRESHOLDS[threshold];
    if (bounds.length === 0 || bounds.includes(seconds)) return [];
    const upper = bounds.find((bound) => bound > seconds);
    const fixed = [...bounds, seconds].sort((left, right) => left - right).join(', ');
    return [
      `${alert} compares the ${percentile} of ${metric.name} with ${seconds} s (${threshold}), which ${consequence(seconds, bounds, upper)} Set metrics.histograms.${metric.name}.buckets: [${fixed}], or use native histograms.`,
    ];
  });
}

function consequence(seconds: number, bounds: readonly number[], upper: number | undefined): string {
  if (upper === undefined) return `is above the largest bucket, ${bounds.at(-1)} s: without native histograms, the alert never fires.`;
  const lower = bounds.findLast((bound) => bound < seconds) ?? 0;
  const off = (bound: number) => `${rounded(Math.round((Math.abs(bound - seconds) / seconds) * 1000) / 10)} %`;
  return `is inside the bucket from ${lower} s to ${upper} s: without native histograms, the alert can fire at any value from ${lower} s to ${upper} s, ${off(lower)} below to ${off(upper)} above the threshold.`;
}

function boundsOf(families: readonly MetricFamily[], name: string): readonly number[] {
  return families.find((family) => family.name === name)?.buckets ?? [];
}
