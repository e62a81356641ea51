/** Shows a distribution of seconds in milliseconds. */
import type { Distribution } from '@tsukimi/metrics';

/** Milliseconds with six digits, so that a fast method's 0.000285 ms is not shown as 0; null if nothing was recorded. */
export function milliseconds(seconds: number): number | null {
  return Number.isFinite(seconds) ? Number((seconds * 1000).toPrecision(6)) : null;
}

/** Percentiles come from the fine buckets: at most 2.2 % off. */
export function latencyOf(distribution: Distribution) {
  return {
    avg_ms: averageMs(distribution),
    min_ms: milliseconds(distribution.min),
    max_ms: milliseconds(distribution.max),
    ...percentilesOf(distribution),
  };
}

export function percentilesOf(distribution: Distribution) {
  return {
    p50_ms: milliseconds(distribution.quantile(0.5)),
    p95_ms: milliseconds(distribution.quantile(0.95)),
    p99_ms: milliseconds(distribution.quantile(0.99)),
  };
}

export function averageMs({ sum, count }: Distribution): number | null {
  return milliseconds(sum / count);
}
