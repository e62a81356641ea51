/** Writes and merges histograms. */
import type { Distribution, DistributionSnapshot } from '../../distribution.js';
import type { Exemplar } from '../../exemplar.js';
import type { Histogram, HistogramSeries } from '../../instruments/histogram.js';
import type { FineBuckets } from '../../metric-family.js';
import { braced, createdLine, exemplarText, formatNumber } from '../escape.js';
import { earlier, newer } from '../merged-values.js';
import { histogramWriter } from '../messages/histogram-message.js';
import type { Kind, LinesWriter, MetricState } from './kind.js';
import { finite, isDistribution, isExemplars, isOptional, isTime, listOr } from './snapshot-values.js';

const [LINE_FEED, COMMA] = [0x0a, 0x2c];

export interface HistogramSnapshot extends MetricState {
  readonly type: 'histogram';
  /** Upper bounds of the classic buckets, ascending, without +Inf. */
  readonly bounds: readonly number[];
  readonly series: readonly ({
    readonly labels: readonly string[];
    readonly createdSeconds?: number;
    /** One for each bucket, null if it has none. */
    readonly exemplars?: readonly (Exemplar | null)[];
  } & DistributionSnapshot)[];
}

export const histogramKind: Kind<Histogram<string>, HistogramSeries, HistogramSnapshot> = {
  textType: 'histogram',

  lines({ name, bounds }, { formatBound, family }) {
    const tails = [...bounds.map(formatBound), '+Inf'].map((bound) => Buffer.from(`le="${bound}"} `));
    const buckets = bucketsWriter(name, tails, family !== undefined);
    const [sumName, countName] = [Buffer.from(`${name}_sum`), Buffer.from(`${name}_count`)];
    return (series, labels, out) => {
      const { sum, count } = series.distribution;
      buckets(series, labels, out);
      out.bytes(sumName);
      const start = out.length;
      out.text(`${braced(labels)} `);
      const end = out.length;
      out.text(formatNumber(sum));
      out.byte(LINE_FEED);
      out.bytes(countName);
      out.again(start, end);
      out.count(count);
      out.byte(LINE_FEED);
      if (family !== undefined) out.text(createdLine(family, labels, series.createdSeconds));
    };
  },

  messages({ bounds, native, maxNativeBuckets }, family) {
    const { out, buckets } = family;
    const write = histogramWriter(bounds, native ? { buckets, maxBuckets: maxNativeBuckets } : undefined);
    return (series) => {
      const start = family.begin(series.labelValues);
      write(out, series);
      out.end(start);
    };
  },

  shape: ({ bounds }) => ({ type: 'histogram', bounds }),

  point({ distribution, createdSeconds, exemplars }) {
    const { count, sum, buckets } = distribution;
    return { createdSeconds, count, sum: finite(sum), buckets, fine: fineOf(distribution), ...exemplarsOf(exemplars) };
  },

  mark: ({ distribution }) => distribution.count,

  snapshot(histogram, head) {
    const series = histogram.series.map(({ labelValues, distribution, createdSeconds, exemplars }) => {
      const state = distribution.snapshot();
      return { labels: [...labelValues], createdSeconds, ...state, sum: finite(state.sum), ...exemplarsOf(exemplars) };
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

/** Returns a copy of the fine buckets, from the first with values to the last. */
function fineOf({ zeros, fineOffset, fine }: Distribution): FineBuckets {
  let start = 0;
  let end = fine.length;
  while (start < end && fine[start] === 0) start += 1;
  while (end > start && fine[end - 1] === 0) end -= 1;
  return { zeros, offset: start === end ? 0 : fineOffset + start, counts: fine.slice(start, end) };
}

function exemplarsOf(exemplars: HistogramSeries['exemplars']) {
  return exemplars && { exemplars: exemplars.map((exemplar) => exemplar ?? null) };
}

/** 10,000 series have 130,000 of these lines, so their common parts are written once and copied. */
function bucketsWriter(name: string, tails: readonly Uint8Array[], withExemplars: boolean): LinesWriter<HistogramSeries> {
  const head = Buffer.from(`${name}_bucket{`);
  return ({ distribution, exemplars }, labels, out) => {
    const shown = withExemplars ? exemplars : undefined;
    const start = out.length;
    out.bytes(head);
    if (labels !== '') {
      out.text(labels);
      out.byte(COMMA);
    }
    const end = out.length;
    let below = 0;
    for (let index = 0; index < tails.length; index += 1) {
      if (index > 0) out.again(start, end);
      below += distribution.valuesInBucket(index);
      out.bytes(tails[index] as Uint8Array);
      out.count(below);
      if (shown !== undefined) out.text(exemplarText(shown[index]));
      out.byte(LINE_FEED);
    }
  };
}
