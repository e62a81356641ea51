/** Performs one scrape: collects, reads and writes the requested metrics, in slices. */
import { nextTurn } from '../real-timers.js';
import type { Format } from './format.js';
import { collected, type ReadRequest, readChunks, readingsOf } from './read-metric.js';
import { inSlices } from './slices.js';

/** The input of a scrape. */
export interface ScrapeRequest extends ReadRequest {
  readonly format: Format;
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
