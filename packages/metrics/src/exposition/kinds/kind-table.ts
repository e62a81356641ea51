/** The table of kinds: a new kind of metric is a class in `instruments/`, a file in this folder, and a row here. */
import type { Instrument } from '../../instruments/instrument.js';
import type { InstrumentType } from '../../instruments/metric-object.js';
import { type CounterSnapshot, counterKind } from './counter.js';
import { type GaugeSnapshot, gaugeKind } from './gauge.js';
import { type HistogramSnapshot, histogramKind } from './histogram.js';
import { type InfoSnapshot, infoKind } from './info.js';
import type { AnyKind } from './kind.js';
import { type StateSetSnapshot, stateSetKind } from './state-set.js';
import { type SummarySnapshot, summaryKind } from './summary.js';

const KINDS: Readonly<Record<InstrumentType, unknown>> = {
  counter: counterKind,
  gauge: gaugeKind,
  histogram: histogramKind,
  summary: summaryKind,
  info: infoKind,
  stateset: stateSetKind,
};

/** The state of one metric. */
export type MetricSnapshot = CounterSnapshot | GaugeSnapshot | HistogramSnapshot | SummarySnapshot | InfoSnapshot | StateSetSnapshot;

/** Returns the kind of an instrument or a snapshot. */
export function kindOf({ type }: Pick<Instrument, 'type'>): AnyKind {
  return KINDS[type] as AnyKind;
}

/** Returns whether a value is the type of a kind. */
export function isKind(type: unknown): type is InstrumentType {
  return typeof type === 'string' && Object.hasOwn(KINDS, type);
}
