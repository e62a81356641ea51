/** Performs one scrape: collects, reads and writes the requested metrics, in slices. */
import type { Instrument } from '../instruments/instrument.js';
import type { PromClientMetric } from '../prom-client.js';
import { nextTurn } from '../real-timers.js';
import type { Reports } from '../reports.js';
import { namesOf } from '../sample-names.js';
import type { CollectLimit } from './collect-limit.js';
import type { DefaultLabels } from './default-labels.js';
import type { Format } from './format.js';
import { collected, type Reading, readChunks } from './read-metric.js';
import { inSlices } from './slices.js';

/** The input of a scrape. */
export interface ScrapeRequest {
  readonly metrics: ReadonlyMap<string, Instrument | PromClientMetric>;
  /** Only these metrics, by their names or those of their families or samples; undefined for all metrics. */
  readonly names: readonly string[] | undefined;
  readonly format: Format;
  readonly defaultLabels: DefaultLabels;
  readonly reports: Reports;
  readonly collectLimit: CollectLimit;
}

/** @param reading called before the first value is read: a reader that joined later would miss values that were recorded in the meantime */
export async function* scrape(request: ScrapeRequest, reading: () => void): AsyncGenerator<Uint8Array, void> {
  const { metrics, format, defaultLabels } = request;
  // Requests in the same turn of the event loop share one scrape.
  await nextTurn();
  const asked = readingsOf(request);
  const areCollected = await Promise.all(asked.map(collected));
  reading();
  const exposition = format.open({ defaultLabels, isTaken: (name) => metrics.has(name) });
  const chunks = await Promise.all(asked.filter((_, index) => areCollected[index]).map((metric) => readChunks(metric, exposition)));
  yield* inSlices([...chunks, [exposition.end]]);
}

function readingsOf({ metrics, names, reports, collectLimit }: ScrapeRequest): Reading[] {
  const wanted = names && new Set(names);
  const entries = [...metrics].filter(([name, metric]) => wanted === undefined || namesOf(name, metric).some((any) => wanted.has(any)));
  return entries.map(([name, metric]) => ({ name, metric, reports, collectLimit }));
}
