/** Reads a registry, in slices: requests are served in between. */
import { collected, type Reading, type ReadRequest, readGuest, readingsOf } from '../exposition/read-metric.js';
import { Slices } from '../exposition/slices.js';
import { Instrument } from '../instruments/instrument.js';
import type { MetricFamily, MetricPoint } from '../metric-family.js';
import { nextTurn } from '../real-timers.js';
import { type FamilySource, instrumentSource } from './family-source.js';
import { guestSources } from './guest-sources.js';

/** Collects the metrics and returns their families. Metrics that fail are left out and reported, as in a scrape. */
export async function familySources(request: ReadRequest): Promise<FamilySource[]> {
  await nextTurn();
  const asked = readingsOf(request);
  const areCollected = await Promise.all(asked.map(collected));
  const sources = await Promise.all(asked.filter((_, index) => areCollected[index]).map((reading) => sourcesOf(reading, request)));
  return sources.flat();
}

async function sourcesOf(reading: Reading, { defaultLabels }: ReadRequest): Promise<FamilySource[]> {
  const { metric } = reading;
  if (metric instanceof Instrument) return [instrumentSource(metric, defaultLabels)];
  return (await readGuest(reading, (family) => guestSources({ metric, family, defaultLabels }))) ?? [];
}

/** The label sets between two looks at the clock. */
const ITEMS_AT_ONCE = 16;

/** Calls a function for each item, and yields to the event loop between slices. */
export async function forEachInSlices<T>(items: readonly T[], slices: Slices, visit: (item: T) => void): Promise<void> {
  for (let index = 0; index < items.length; index += 1) {
    if (index % ITEMS_AT_ONCE === 0 && slices.isOver) await slices.next();
    visit(items[index] as T);
  }
}

/** Reads the families one after the other. Each label set is read in one turn of the event loop. */
export async function* readFamilies(request: ReadRequest): AsyncGenerator<MetricFamily, void> {
  const slices = new Slices();
  for (const source of await familySources(request)) {
    const { head, shape } = source;
    const points: MetricPoint[] = [];
    await forEachInSlices(source.items(), slices, (item) =>
      points.push({ labels: source.labelsOf(item), ...source.pointOf(item) } as MetricPoint),
    );
    yield { ...head, ...shape, points } as MetricFamily;
  }
}
