/** Every metric of the registry: a fitting chart for each, and what to ask Prometheus. */
import { isInCatalogue } from '@tsukimi/instrumentation';
import type { ChartKind, MetricDetail, MetricHead, MetricList, MetricSeries } from '../api-types.js';
import { BucketCounts } from '../history/bucket-counts.js';
import { countsIn, RangeSums, rateIn, type Step, stepsOf, valuesAt } from '../history/queries.js';
import type { KnownFamily, KnownSeries } from '../history/series-index.js';
import { heatMap } from './heat-map.js';
import { type Asked, latencyOf, rounded, short, spanOf, stepOf, steppedRange, type Viewed, wholeRange } from './view.js';

const MOST_SERIES = 50;

/** Besides those in the catalogue, what Tsukimi and prom-client record of the process. */
const PROCESS = /^(process|nodejs|db|http_client|exporter)_/;

const CHARTS: Readonly<Record<KnownFamily['type'], ChartKind>> = {
  counter: 'rate',
  gauge: 'value',
  untyped: 'value',
  histogram: 'latency',
  gaugehistogram: 'value',
  summary: 'latency',
  info: 'labels',
  stateset: 'states',
};

export function metricList({ history }: Viewed): MetricList {
  const heads = [...history.index.families.values()].map(headOf);
  return { now: rounded(history.newest, 3), metrics: heads.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

export function metricDetail(viewed: Viewed, asked: Asked, name: string): MetricDetail {
  const { history } = viewed;
  const family = history.index.families.get(name);
  const range = wholeRange(viewed, asked);
  const step = stepOf(asked);
  const steps = stepsOf(steppedRange(viewed, asked), step);
  const all = [...(family?.series.values() ?? [])];
  const shown = all
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => b.value - a.value)
    .slice(0, MOST_SERIES);
  const sums = new RangeSums(range, history);
  const chart = family && CHARTS[family.type];
  const values = shown.map((series) => valuesOf(viewed, steps, series));
  const hasBuckets = family?.type === 'histogram';
  return {
    now: rounded(history.newest, 3),
    span: spanOf(range),
    step,
    head: family === undefined ? null : headOf(family),
    series: shown.map((series) => shownSeries(series, chart === 'latency' ? (sums.distribution(series) ?? new BucketCounts()) : undefined)),
    seriesLeftOut: all.length - shown.length,
    points: steps.map(({ at }, index) => ({ at, values: values.map((each) => each[index] ?? null) })),
    heat: hasBuckets ? heatMap(steps.map((each) => ({ at: each.at, counts: countsIn(each, all) }))) : null,
  };
}

function valuesOf({ history }: Viewed, steps: readonly Step[], series: KnownSeries): (number | null)[] {
  const { type } = series.family;
  if (type === 'counter') return steps.map((step) => short(rateIn(step, [series])));
  if (type === 'histogram' || type === 'summary')
    return steps.map((step) => (step.seconds > 0 ? short(countsIn(step, [series]).count / step.seconds) : null));
  return valuesAt(history, steps, series).map((value) => short(value));
}

function shownSeries(series: KnownSeries, counts: BucketCounts | undefined): MetricSeries {
  const { labels, value, family, quantiles } = series;
  const reported = (q: number) => short(quantiles.find(({ quantile }) => quantile === q)?.value ?? null);
  const latency = counts === undefined ? null : latencyOf(counts);
  return {
    key: JSON.stringify(labels),
    labels,
    // Exactly what the text has.
    value: Number.isFinite(value) ? value : null,
    latency:
      family.type === 'summary' && latency !== null
        ? { ...latency, p50: reported(0.5), p95: reported(0.95), p99: reported(0.99) }
        : latency,
    state: family.type === 'stateset' ? (family.states[value] ?? null) : null,
  };
}

function headOf(family: KnownFamily): MetricHead {
  const { name, type, help, unit, series } = family;
  const labels = [...new Set([...series.values()].flatMap((each) => Object.keys(each.labels)))].sort();
  return {
    key: name,
    type,
    help,
    unit: unit ?? null,
    isOwn: !isInCatalogue(name) && !PROCESS.test(name),
    series: series.size,
    chart: CHARTS[type],
    labels,
    promql: queriesOf(family, labels),
  };
}

function queriesOf({ name, type }: KnownFamily, labels: readonly string[]): { title: string; query: string }[] {
  const by = labels.length === 0 ? '' : ` by (${labels.join(', ')})`;
  const le = ['le', ...labels].join(', ');
  if (type === 'counter') return [{ title: 'Per second', query: `sum${by} (rate(${name}[5m]))` }];
  if (type === 'summary')
    return [
      { title: '95th percentile', query: `${name}{quantile="0.95"}` },
      { title: 'Per second', query: `sum${by} (rate(${name}_count[5m]))` },
    ];
  if (type === 'histogram')
    return [
      { title: '95th percentile', query: `histogram_quantile(0.95, sum by (${le}) (rate(${name}_bucket[5m])))` },
      { title: 'Average', query: `sum${by} (rate(${name}_sum[5m])) / sum${by} (rate(${name}_count[5m]))` },
      { title: 'Per second', query: `sum${by} (rate(${name}_count[5m]))` },
    ];
  if (type === 'info') return [{ title: 'Labels', query: type === 'info' && !name.endsWith('_info') ? `${name}_info` : name }];
  return [{ title: 'Value', query: name }];
}
