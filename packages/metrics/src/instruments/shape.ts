/** A metric's shape in words: what must be equal for two parts of a program to share a metric, and what the error shows where it is not. */
import { DURATION_BUCKETS_SECONDS, Histogram } from './histogram.js';
import type { Instrument, InstrumentType } from './instrument.js';

interface ShapeOptions {
  readonly name: string;
  readonly labelNames?: readonly string[];
  readonly buckets?: readonly number[];
}

/** `histogram{method,path} with buckets 0.1, 0.5, 1`; the order of the labels makes no difference. */
export function shapeOf(instrument: Instrument): string {
  const bounds = instrument instanceof Histogram ? (instrument.bounds as readonly number[]) : undefined;
  return describe(instrument.type, instrument.labelNames, bounds);
}

export function shapeOfOptions(type: InstrumentType, { labelNames = [], buckets = DURATION_BUCKETS_SECONDS }: ShapeOptions): string {
  return describe(type, labelNames, type === 'histogram' ? buckets.filter(Number.isFinite) : undefined);
}

function describe(type: InstrumentType, labelNames: readonly string[], bounds: readonly number[] | undefined): string {
  const labels = labelNames.length === 0 ? 'without labels' : `{${[...labelNames].sort().join(', ')}}`;
  return `${type} ${labels}${bounds === undefined ? '' : ` with buckets ${bounds.join(', ')}`}`;
}
