/** Writes and merges summaries. */
import type { Summary, SummarySeries } from '../../instruments/summary.js';
import { metricValue } from '../../metric-family.js';
import type { WindowPart } from '../../sliding-window.js';
import { braced, createdLine, formatNumber } from '../escape.js';
import { earlier } from '../merged-values.js';
import { writeSummary } from '../messages/values.js';
import type { Kind, MetricState } from './kind.js';
import { finite, isAmount, isCount, isOptional, isTime, isWindow, listOr } from './snapshot-values.js';

export interface SummarySnapshot extends MetricState {
  readonly type: 'summary';
  readonly quantiles: readonly number[];
  /** Null means infinite, because JSON has no infinities. */
  readonly maxAgeSeconds: number | null;
  readonly ageBuckets: number;
  readonly series: readonly {
    readonly labels: readonly string[];
    readonly createdSeconds?: number;
    readonly count: number;
    readonly sum: number;
    /** The parts of the window, the newest first. */
    readonly window: readonly WindowPart[];
  }[];
}

export const summaryKind: Kind<Summary<string>, SummarySeries, SummarySnapshot> = {
  textType: 'summary',

  lines({ name, quantiles }, { formatBound, family }) {
    const tails = quantiles.map((quantile) => [quantile, `quantile="${formatBound(quantile)}"} `] as const);
    return ({ distribution, sum, count, createdSeconds }, labels, out) => {
      const head = labels === '' ? `${name}{` : `${name}{${labels},`;
      const inBraces = braced(labels);
      for (const [quantile, tail] of tails) out.text(`${head}${tail}${formatNumber(distribution.quantile(quantile))}\n`);
      out.text(`${name}_sum${inBraces} ${formatNumber(sum)}\n${name}_count${inBraces} ${count}\n`);
      if (family !== undefined) out.text(createdLine(family, labels, createdSeconds));
    };
  },

  messages({ quantiles }, family) {
    return ({ labelValues, distribution, count, sum, createdSeconds }) => {
      const start = family.begin(labelValues);
      const values = quantiles.map((quantile) => [quantile, distribution.quantile(quantile)] as const);
      writeSummary(family.out, { count, sum, quantiles: values, createdSeconds });
      family.out.end(start);
    };
  },

  shape: () => ({ type: 'summary' }),

  point({ count, sum, createdSeconds, distribution }, { quantiles }) {
    const values = quantiles.map((quantile) => ({ quantile, value: metricValue(distribution.quantile(quantile)) }));
    return { createdSeconds, count, sum: finite(sum), quantiles: values };
  },

  mark: ({ count }) => count,

  snapshot(summary, head) {
    const { maxAgeSeconds, ageBuckets } = summary.window;
    const series = summary.series.map(({ labelValues, createdSeconds, count, sum, window }) => {
      const parts = window.snapshot().map((part) => part && { ...part, sum: finite(part.sum) });
      return { labels: [...labelValues], createdSeconds, count, sum: finite(sum), window: parts };
    });
    const shape = { quantiles: [...summary.quantiles], maxAgeSeconds: Number.isFinite(maxAgeSeconds) ? maxAgeSeconds : null, ageBuckets };
    return { ...head, type: 'summary', ...shape, series };
  },

  check(name, { quantiles }) {
    listOr(quantiles, `${name} has no list of quantiles`);
    return ({ count, sum, window, createdSeconds }) =>
      isCount(count) && isAmount(sum) && isWindow(window) && isOptional(createdSeconds, isTime);
  },

  instrumentFor: (factory, metric) => factory.summary({ ...metric, maxAgeSeconds: metric.maxAgeSeconds ?? Number.POSITIVE_INFINITY }),

  add({ instrument: summary, metric, valuesOf }) {
    for (const state of metric.series) {
      const series = summary.seriesOfValues(valuesOf(state.labels));
      series.count += state.count;
      series.sum += state.sum;
      series.createdSeconds = earlier(series.createdSeconds, state.createdSeconds);
      series.window.merge(state.window);
    }
  },
};
