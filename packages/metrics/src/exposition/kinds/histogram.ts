/** Histograms on their way out, and in again. */
import type { DistributionSnapshot } from '../../distribution.js';
import type { Exemplar } from '../../exemplar.js';
import type { Histogram, HistogramSeries } from '../../instruments/histogram.js';
import { braced, createdLine, exemplarText, formatNumber } from '../escape.js';
import { earlier, newer } from '../merged-values.js';
import type { Kind, MetricState, SeriesWriter } from './kind.js';
import { finite, isDistribution, isExemplars, isOptional, isTime, listOr } from './snapshot-values.js';

export interface HistogramSnapshot extends MetricState {
  readonly type: 'histogram';
  /** Upper bounds of the classic buckets, ascending, without +Inf. */
  readonly bounds: readonly number[];
  readonly series: readonly ({
    readonly labels: readonly string[];
    readonly createdSeconds?: number;
    /** One for each bucket, null where it has none. */
    readonly exemplars?: readonly (Exemplar | null)[];
  } & DistributionSnapshot)[];
}

export const histogramKind: Kind<Histogram<string>, HistogramSeries, HistogramSnapshot> = {
  textType: 'histogram',

  writer(histogram, { formatBound, family }) {
    const { name, bounds } = histogram;
    const tails = [...bounds.map(formatBound), '+Inf'].map((bound) => `le="${bound}"} `);
    const buckets = bucketWriter(name, tails, family !== undefined);
    return (series, labels) => {
      const { sum, count } = series.distribution;
      const inBraces = braced(labels);
      const sums = `${name}_sum${inBraces} ${formatNumber(sum)}\n${name}_count${inBraces} ${count}\n`;
      return buckets(series, labels) + sums + (family === undefined ? '' : createdLine(family, labels, series.createdSeconds));
    };
  },

  snapshot(histogram, head) {
    const series = histogram.series.map(({ labelValues, distribution, createdSeconds, exemplars }) => {
      const state = distribution.snapshot();
      const kept = exemplars && { exemplars: exemplars.map((exemplar) => exemplar ?? null) };
      return { labels: [...labelValues], createdSeconds, ...state, sum: finite(state.sum), ...kept };
    });
    return { ...head, type: 'histogram', bounds: [...histogram.bounds], series };
  },

  check(name, { bounds }) {
    const buckets = listOr(bounds, `${name} has no list of bounds`).length + 1;
    return (series) =>
      isDistribution(series, buckets) &&
      isOptional(series.createdSeconds, isTime) &&
      isOptional(series.exemplars, (exemplars) => isExemplars(exemplars, buckets));
  },

  instrumentFor: (factory, metric) => factory.histogram({ ...metric, buckets: metric.bounds }),

  add({ instrument: histogram, metric, valuesOf }) {
    for (const state of metric.series) {
      const series = histogram.seriesOfValues(valuesOf(state.labels));
      series.distribution.merge(state);
      series.createdSeconds = earlier(series.createdSeconds, state.createdSeconds);
      if (state.exemplars !== undefined)
        series.exemplars = state.exemplars.map((given, bucket) => newer(series.exemplars?.[bucket], given ?? undefined));
    }
  },
};

function bucketWriter(name: string, tails: readonly string[], withExemplars: boolean): SeriesWriter<HistogramSeries> {
  return ({ distribution, exemplars }, labels) => {
    const head = labels === '' ? `${name}_bucket{` : `${name}_bucket{${labels},`;
    const shown = withExemplars ? exemplars : undefined;
    let text = '';
    let below = 0;
    for (let index = 0; index < tails.length; index += 1) {
      below += distribution.valuesInBucket(index);
      // Hot in a scrape: each of these lines is one of 150,000 where there are 10,000 series.
      text += head + tails[index] + below + (shown === undefined ? '\n' : `${exemplarText(shown[index])}\n`);
    }
    return text;
  };
}
