/** Describes the shape of a metric, which must be equal for two parts of a program to share it. */
import type { Instrument } from './instrument.js';

/** `histogram {method, path} with buckets 0.1, 0.5, 1`. The order of the labels matters, because values without names are matched by it. */
export function shapeOf(instrument: Instrument): string {
  const { type, labelNames, shapeDetails } = instrument;
  const labels = labelNames.length === 0 ? 'without labels' : `{${labelNames.join(', ')}}`;
  return `${type} ${labels}${shapeDetails}`;
}
