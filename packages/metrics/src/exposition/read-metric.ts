/** Reads one metric for a scrape. A failure loses that metric, but never the scrape. */
import { collectFailed, MetricError } from '../errors.js';
import { Instrument } from '../instruments/instrument.js';
import type { MetricObject } from '../instruments/metric-object.js';
import { type PromClientFamily, type PromClientMetric, readFamily } from '../prom-client.js';
import type { Reports } from '../reports.js';
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
