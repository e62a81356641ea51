/** A metric's shape in words: what must be equal for two parts of a program to share a metric, and what the error shows where it is not. */
import { checkLabelNames } from '../names.js';
import { checkedBounds, DURATION_BUCKETS_SECONDS, Histogram } from './histogram.js';
import type { Aggregator, Instrument, InstrumentType } from './instrument.js';

interface ShapeOptions {
  readonly name: string;
  readonly labelNames?: readonly string[];
  readonly buckets?: readonly number[];
  readonly aggregator?: Aggregator;
}

interface Shape {
  readonly type: InstrumentType;
  /** Their order counts: values that are given in order, without names, would land under the wrong one. */
  readonly labelNames: readonly string[];
  readonly aggregator: Aggregator;
  readonly bounds: readonly number[] | undefined;
}

/** `histogram {method, path} with buckets 0.1, 0.5, 1`. */
export function shapeOf(instrument: Instrument): string {
  const { type, labelNames, aggregator } = instrument;
  const bounds = instrument instanceof Histogram ? (instrument.bounds as readonly number[]) : undefined;
  return describe({ type, labelNames, aggregator, bounds });
}

/** @throws TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_BUCKETS */
export function shapeOfOptions(type: InstrumentType, options: ShapeOptions): string {
  const { name, labelNames = [], buckets = DURATION_BUCKETS_SECONDS, aggregator = 'sum' } = options;
  checkLabelNames(name, labelNames);
  return describe({ type, labelNames, aggregator, bounds: type === 'histogram' ? checkedBounds(name, buckets) : undefined });
}

function describe({ type, labelNames, aggregator, bounds }: Shape): string {
  const labels = labelNames.length === 0 ? 'without labels' : `{${labelNames.join(', ')}}`;
  const buckets = bounds === undefined ? '' : ` with buckets ${bounds.join(', ')}`;
  return `${type} ${labels}${buckets}${aggregator === 'sum' ? '' : ` aggregated by ${aggregator}`}`;
}
