/** Reads one metric for a scrape. A failure loses that metric, but never the scrape. */
import { collectFailed, MetricError } from '../errors.js';
import { Instrument } from '../instruments/instrument.js';
import type { MetricObject } from '../instruments/metric-object.js';
import { type PromClientFamily, type PromClientMetric, readFamily } from '../prom-client.js';
import type { Reports } from '../reports.js';
import { namesOf } from '../sample-names.js';
import type { CollectLimit } from './collect-limit.js';
import { type DefaultLabels, filledUp } from './default-labels.js';
import type { Exposition } from './format.js';

/** The metric to read, and where to report failures. */
export interface Reading {
  /** The name under which the metric was registered. */
  readonly name: string;
  readonly metric: Instrument | PromClientMetric;
  readonly reports: Reports;
  readonly collectLimit: CollectLimit;
}

/** What is read of a registry, and how. */
export interface ReadRequest {
  readonly metrics: ReadonlyMap<string, Instrument | PromClientMetric>;
  /** Only these metrics, by their names or those of their families or samples; undefined for all metrics. */
  readonly names: readonly string[] | undefined;
  /** Metrics that are neither collected nor read. */
  readonly leaveOut?: LeaveOut | undefined;
  readonly defaultLabels: DefaultLabels;
  readonly reports: Reports;
  readonly collectLimit: CollectLimit;
}

/**
 * Whether to leave a metric out of a read, by its name, and by whether reading it runs code: its `collect` function, or for metrics of prom-client
 * their own.
 */
export type LeaveOut = (name: string, isCollected: boolean) => boolean;

/** Returns the requested metrics, to be read one by one. */
export function readingsOf({ metrics, names, leaveOut, reports, collectLimit }: ReadRequest): Reading[] {
  const wanted = names && new Set(names);
  const isAsked = (name: string, metric: Instrument | PromClientMetric): boolean =>
    (wanted === undefined || namesOf(name, metric).some((any) => wanted.has(any))) && leaveOut?.(name, isCollected(metric)) !== true;
  const entries = [...metrics].filter(([name, metric]) => isAsked(name, metric));
  return entries.map(([name, metric]) => ({ name, metric, reports, collectLimit }));
}

function isCollected(metric: Instrument | PromClientMetric): boolean {
  return !(metric instanceof Instrument) || metric.collect !== undefined;
}

/** Calls the metric's collect function if it is ours and has one. If it fails, reports the failure and returns false. */
export async function collected(reading: Reading): Promise<boolean> {
  const { metric, collectLimit } = reading;
  try {
    if (metric instanceof Instrument) await collectLimit.within(reading, () => metric.collect?.());
    return true;
  } catch (cause) {
    report(reading, cause);
    return false;
  }
}

/** Returns the metric's chunks. If the metric can't be read, reports the failure and returns none. */
export async function readChunks(reading: Reading, exposition: Exposition): Promise<Iterable<Uint8Array>> {
  const { name, metric, collectLimit } = reading;
  try {
    if (metric instanceof Instrument) return guarded(reading, exposition.instrument(metric));
    return guarded(reading, exposition.guest(await collectLimit.within(reading, () => readFamily(name, metric))));
  } catch (cause) {
    report(reading, cause);
    return [];
  }
}

/** Returns what prom-client's metric has. If it can't be read, reports the failure and returns undefined. */
export async function readGuest<T>(reading: Reading, read: (family: PromClientFamily) => T): Promise<T | undefined> {
  const { name, metric, collectLimit } = reading;
  try {
    return read(await collectLimit.within(reading, () => readFamily(name, metric as PromClientMetric)));
  } catch (cause) {
    report(reading, cause);
    return undefined;
  }
}

/** Returns the metric for prom-client's exporters. If the metric can't be read, reports the failure and returns nothing. */
export async function readJson(reading: Reading, defaultLabels: DefaultLabels): Promise<readonly object[]> {
  const { name, metric, collectLimit } = reading;
  try {
    const read = (): Promise<MetricObject | PromClientFamily> => (metric instanceof Instrument ? metric.get() : readFamily(name, metric));
    const state = await collectLimit.within(reading, read);
    const values = (state.values ?? []).map((sample) => ({ ...sample, labels: filledUp(sample.labels ?? {}, defaultLabels) }));
    return [{ ...state, values }];
  } catch (cause) {
    report(reading, cause);
    return [];
  }
}

/** Passes on chunks as they are written. A failure on the way loses the rest of this metric. */
function* guarded(reading: Reading, chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  try {
    yield* chunks;
  } catch (cause) {
    report(reading, cause);
  }
}

function report({ name, reports }: Reading, cause: unknown): void {
  const error = cause instanceof MetricError && cause.code === 'TSK_ERR_METRIC_COLLECT_TIMEOUT' ? cause : collectFailed(name, cause);
  reports.once(name, error.code, () => error);
}
