/** The families of a live registry. */
import { Instrument, type MetricsRegistry } from '@tsukimi/metrics';
import { readExposition } from './exposition.js';
import type { MetricFamily } from './metric-family.js';

/** What the registry exposes now: its own metrics and prom-client's. Metrics that have no series yet are there with their label names. */
export async function familiesOfRegistry(registry: MetricsRegistry): Promise<MetricFamily[]> {
  const instruments = new Map(registry.instruments.map((instrument) => [instrument.name, instrument]));
  return readExposition(await registry.expose()).map((family) => told(family, instruments.get(family.name)));
}

/** The registry knows what the text format has no word for. */
function told(family: MetricFamily, instrument: Instrument | undefined): MetricFamily {
  if (instrument === undefined) return family;
  return { ...family, type: instrument.type, labelNames: [...new Set([...instrument.labelNames, ...family.labelNames])] };
}
