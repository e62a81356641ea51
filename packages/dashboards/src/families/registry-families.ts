/** Reads the families of a registry in this process. */
import { Instrument, type MetricsRegistry } from '@tsukimi/metrics';
import { readExposition } from './exposition.js';
import type { MetricFamily } from './metric-family.js';

/** Returns the current families of a registry, including prom-client's metrics. Metrics without series are included with their label names. */
export async function familiesOfRegistry(registry: MetricsRegistry): Promise<MetricFamily[]> {
  const instruments = new Map(registry.instruments.map((instrument) => [instrument.name, instrument]));
  return readExposition(await registry.expose()).map((family) => told(family, instruments.get(family.name)));
}

/** Adds what the text format can't express from the instrument. */
function told(family: MetricFamily, instrument: Instrument | undefined): MetricFamily {
  if (instrument === undefined) return family;
  return { ...family, type: instrument.type, labelNames: [...new Set([...instrument.labelNames, ...family.labelNames])] };
}
