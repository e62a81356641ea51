/** A metric's shape in words: what must be equal for two parts of a program to share a metric, and what the error shows where it is not. */
import type { Instrument } from './instrument.js';

/** `histogram {method, path} with buckets 0.1, 0.5, 1`. The order of the labels counts: values given without names go by it. */
export function shapeOf(instrument: Instrument): string {
  const { type, labelNames, shapeDetails } = instrument;
  const labels = labelNames.length === 0 ? 'without labels' : `{${labelNames.join(', ')}}`;
  return `${type} ${labels}${shapeDetails}`;
}
