/** Snapshots: the state of a registry as plain JSON. */
import type { Instrument } from '../instruments/instrument.js';
import { kindOf, type MetricSnapshot } from './kinds/kind-table.js';

/** The state of a registry as plain JSON, which a registry in another process can merge. */
export interface RegistrySnapshot {
  readonly version: 1;
  readonly metrics: readonly MetricSnapshot[];
}

export function snapshotOf(instrument: Instrument): MetricSnapshot {
  const { name, help, unit, labelNames } = instrument;
  const head = { name, help, ...(unit !== undefined && { unit }), labelNames: [...labelNames] };
  return kindOf(instrument).snapshot(instrument, head) as MetricSnapshot;
}
