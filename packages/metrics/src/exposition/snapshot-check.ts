/** Whether something is a snapshot: it may come from another process, another version, or a file. */
import { invalidSnapshot } from '../errors.js';
import { BUCKETS_PER_OCTAVE, HIGHEST_INDEX, LOWEST_INDEX } from '../fine-buckets.js';
import type { RegistrySnapshot } from './snapshot.js';

type Unknown<T> = { readonly [K in keyof T]?: unknown };
type UnknownMetric = Unknown<{ name: 0; help: 0; type: 0; labelNames: 0; series: 0; aggregator: 0; bounds: 0 }>;
type UnknownSeries = Unknown<{ labels: 0; value: 0; count: 0; sum: 0; min: 0; max: 0; buckets: 0; zeros: 0; fineOffset: 0; fine: 0 }>;

const AGGREGATORS: readonly unknown[] = ['sum', 'first', 'min', 'max', 'average', 'omit'];

/**
 * Refuses what is not a snapshot, before any of it is added.
 * @throws TSK_ERR_METRIC_SNAPSHOT
 */
export function checkSnapshot(snapshot: unknown): asserts snapshot is RegistrySnapshot {
  const { version, metrics } = objectOr(snapshot, 'it is not an object') as Unknown<RegistrySnapshot>;
  if (version !== 1) throw invalidSnapshot('it is not of version 1');
  for (const metric of listOr(metrics, 'it has no list of metrics')) checkMetric(objectOr(metric, 'a metric is not an object'));
}

function checkMetric(metric: UnknownMetric): void {
  const { name, help, labelNames } = metric;
  if (!isText(name)) throw invalidSnapshot('a metric has no name');
  if (!isText(help)) throw invalidSnapshot(`the help of ${name} is not a text`);
  const names = listOr(labelNames, `${name} has no list of label names`);
  const isSound = checkOfKind(name, metric);
  for (const series of listOr(metric.series, `${name} has no list of series`)) {
    const { labels } = objectOr(series, `a series of ${name} is not an object`) as UnknownSeries;
    const hasLabels = Array.isArray(labels) && labels.length === names.length && labels.every(isText);
    if (!hasLabels) throw invalidSnapshot(`a series of ${name} has not one text for each label`);
    if (!isSound(series as UnknownSeries)) throw invalidSnapshot(`a series of ${name} holds values that no ${metric.type} has`);
  }
}

function checkOfKind(name: string, { type, aggregator, bounds }: UnknownMetric): (series: UnknownSeries) => boolean {
  switch (type) {
    case 'counter':
      return ({ value }) => isAmount(value);
    case 'gauge':
      if (!AGGREGATORS.includes(aggregator)) throw invalidSnapshot(`the aggregator of ${name} is unknown`);
      return ({ value }) => Number.isFinite(value) || value === '+Inf' || value === '-Inf';
    case 'histogram': {
      const buckets = listOr(bounds, `${name} has no list of bounds`).length + 1;
      return (series) => isDistribution(series, buckets);
    }
    default:
      throw invalidSnapshot(`${name} is of an unknown kind`);
  }
}

function isDistribution({ count, sum, min, max, buckets, zeros, fineOffset, fine }: UnknownSeries, bucketCount: number): boolean {
  if (!isCount(count) || !isCount(zeros) || !isAmount(sum) || !isCounts(buckets) || !isCounts(fine)) return false;
  if (buckets.length !== bucketCount || total(buckets) !== count || zeros + total(fine) !== count) return false;
  if (count === 0 ? min !== null || max !== null : !isAmount(min) || !isAmount(max)) return false;
  if (!Number.isInteger(fineOffset)) return false;
  const offset = fineOffset as number;
  return offset >= LOWEST_INDEX && offset + fine.length <= HIGHEST_INDEX + BUCKETS_PER_OCTAVE;
}

function objectOr(value: unknown, what: string): object {
  if (typeof value !== 'object' || value === null) throw invalidSnapshot(what);
  return value;
}

function listOr(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidSnapshot(what);
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isAmount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isCount);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
