/** Writes and merges counters. */
import type { Exemplar } from '../../exemplar.js';
import type { Counter, CounterSeries } from '../../instruments/counter.js';
import { OpenCounter } from '../../instruments/open-counter.js';
import { isOverflow } from '../../label-sets.js';
import { braced, createdLine, exemplarText, formatNumber } from '../escape.js';
import { earlier, newer } from '../merged-values.js';
import { writeCounter } from '../messages/values.js';
import type { Kind, Merge, MetricState } from './kind.js';
import { finite, isAmount, isExemplar, isOptional, isTime } from './snapshot-values.js';

export interface CounterSnapshot extends MetricState {
  readonly type: 'counter';
  /** Set if `recordMetric` created the counter: its label names grow with use. */
  readonly open?: true;
  readonly series: readonly {
    readonly labels: readonly string[];
    readonly value: number;
    readonly createdSeconds?: number;
    readonly exemplar?: Exemplar;
  }[];
}

export const counterKind: Kind<Counter<string>, CounterSeries, CounterSnapshot> = {
  textType: 'counter',

  lines({ name }, { family }) {
    if (family === undefined) return ({ value }, labels, out) => out.text(`${name}${braced(labels)} ${formatNumber(value)}\n`);
    return ({ value, exemplar, createdSeconds }, labels, out) => {
      out.text(`${name}${braced(labels)} ${formatNumber(value)}${exemplarText(exemplar)}\n`);
      out.text(createdLine(family, labels, createdSeconds));
    };
  },

  messages: (_, family) => (series) => {
    const start = family.begin(series.labelValues);
    writeCounter(family.out, series);
    family.out.end(start);
  },

  shape: () => ({ type: 'counter' }),

  point: counterPoint,

  mark: ({ value }) => value,

  snapshot(counter, head) {
    const series = counter.series.map((each) => ({ labels: [...each.labelValues], ...counterPoint(each) }));
    return { ...head, type: 'counter', ...(counter.isOpen && { open: true }), series };
  },

  check: () => (series) => isAmount(series.value) && isOptional(series.createdSeconds, isTime) && isOptional(series.exemplar, isExemplar),

  instrumentFor(factory, metric) {
    const existing: unknown = factory.getSingleMetric(metric.name);
    if (existing instanceof OpenCounter) return existing;
    if (!metric.open || existing !== undefined) return factory.counter(metric);
    return new OpenCounter({ ...metric, labelNames: [], registers: [factory] });
  },

  add(merge) {
    for (const state of merge.metric.series) {
      const series = seriesFor(merge, state.labels);
      if (series === undefined) continue;
      series.add(state.value);
      series.createdSeconds = earlier(series.createdSeconds, state.createdSeconds);
      series.exemplar = newer(series.exemplar, state.exemplar);
    }
  },
};

function counterPoint({ value, createdSeconds, exemplar }: CounterSeries) {
  return { value: finite(value), createdSeconds, ...(exemplar && { exemplar }) };
}

function seriesFor({ instrument, metric, valuesOf }: Merge<Counter<string>, CounterSnapshot>, labels: readonly string[]) {
  if (!(instrument instanceof OpenCounter) || isOverflow(labels)) return instrument.seriesOfValues(valuesOf(labels));
  return instrument.seriesOfNames(Object.fromEntries(metric.labelNames.map((name, index) => [name, labels[index] ?? ''])));
}
