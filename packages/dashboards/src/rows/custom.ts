/** The row with a panel for each of the application's own metrics. */
import type { MetricFamily, MetricFamilyType } from '../families/metric-family.js';
import { heatMap } from '../panels/heat-map.js';
import { labelTable } from '../panels/label-table.js';
import type { PanelDraft, PanelSpec } from '../panels/panel.js';
import { stateTimeline } from '../panels/state-timeline.js';
import { timeSeries } from '../panels/time-series.js';
import { type HistogramQueries, SUMMARY_QUERIES } from '../queries/histograms.js';
import { maxBy, rate, select, sumBy, withoutNaN } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import { unitOf, unitOfRate } from '../units.js';
import type { DashboardRow } from './row.js';

const PANELS: Readonly<Record<MetricFamilyType, (family: MetricFamily, histograms: HistogramQueries) => readonly PanelDraft[]>> = {
  counter: (family) => [counter(family)],
  gauge: (family) => [gauge(family)],
  histogram: (family, histograms) => [percentiles(family, histograms), spread(family, histograms)],
  summary: (family) => [quantiles(family)],
  stateset: (family) => [states(family)],
  info: (family) => [info(family)],
};

/** Creates the row, sorted by the names of the metrics. */
export function customRow(families: readonly MetricFamily[], histograms: HistogramQueries): DashboardRow {
  const sorted = [...families].sort((left, right) => (left.name < right.name ? -1 : 1));
  return { title: 'Custom metrics', panels: sorted.flatMap((family) => PANELS[family.type](family, histograms)) };
}

function counter(family: MetricFamily) {
  return timeSeries({
    ...specOf(family, 'per second'),
    unit: unitOfRate(family),
    description: described(
      family,
      'The increase of this counter per second, by its labels. If a line falls to 0, the event no longer happens; if it multiplies, the event happens in a loop. Check the code that increments the counter, and the log of that time.',
    ),
    queries: [{ expr: sumBy(family.labelNames, rate(selectorOf(family))), legend: legendOf(family) }],
  });
}

function gauge(family: MetricFamily) {
  return timeSeries({
    ...specOf(family),
    belowZero: true,
    description: described(
      family,
      'The value at each scrape. If it looks wrong, check the code that sets it. A line that ends is an instance that stopped, or a label value that is no longer used.',
    ),
    queries: [{ expr: selectorOf(family), legend: legendOf(family, '{{instance}}') }],
  });
}

function percentiles(family: MetricFamily, histograms: HistogramQueries) {
  const observed = { metric: family, matchers: INSTANCES };
  return timeSeries({
    ...specOf(family, 'percentiles'),
    belowZero: true,
    description: described(
      family,
      'The 50th, 95th and 99th percentile, estimated from the buckets. If only p99 rises, a few observations are unusual: look for them in the log. If all percentiles rise, all observations have changed. Without native histograms, a line at the last bucket means "this value or more".',
    ),
    queries: [50, 95, 99].map((percent) => ({ expr: histograms.quantileOf(percent / 100, observed), legend: `p${percent}` })),
  });
}

function spread(family: MetricFamily, histograms: HistogramQueries) {
  return heatMap({
    ...specOf(family, 'spread'),
    description: described(
      family,
      'The number of observations in each bucket; darker means more. Two bands are two kinds of work in one metric: add a label to separate them. Native histograms have 16 buckets for each doubling of the value, classic histograms those of the metric; in a time range that has both kinds, the panel draws only one of them. If everything is in the last classic bucket, the buckets are too small for these values.',
    ),
    expr: histograms.bucketsOf({ metric: family, matchers: INSTANCES }),
  });
}

function quantiles(family: MetricFamily) {
  return timeSeries({
    ...specOf(family, 'quantiles'),
    belowZero: true,
    description: described(
      family,
      'The quantiles that each instance computes, and the mean. Quantiles of several instances cannot be added up or averaged: if one instance stands out, investigate that one. Gaps are times without observations.',
    ),
    queries: [
      { expr: withoutNaN(selectorOf(family)), legend: legendOf(family, '{{instance}}', 'q{{quantile}}') },
      { expr: SUMMARY_QUERIES.meanOf({ metric: family, matchers: INSTANCES, by: family.labelNames }), legend: legendOf(family, 'mean') },
    ],
  });
}

function states(family: MetricFamily) {
  const labels = [...new Set([...family.labelNames, family.name])];
  const others = labels.filter((name) => name !== family.name);
  return stateTimeline({
    ...specOf(family),
    description: described(
      family,
      'Each state over time, filled while at least one instance is in this state. If an instance stays in a state for too long, read the log of the time when it entered the state. If it alternates between two states, find out what it waits for.',
    ),
    query: { expr: maxBy(labels, selectorOf(family)), legend: [...others, family.name].map(placeholder).join(' ') },
  });
}

function info(family: MetricFamily) {
  return labelTable({
    ...specOf(family),
    unit: 'none',
    description: described(
      family,
      'The labels of each instance. If instances differ that should be the same, find the one that was not restarted or deployed.',
    ),
    expr: selectorOf(family),
  });
}

function specOf(family: MetricFamily, what?: string): Pick<PanelSpec, 'title' | 'unit' | 'width'> {
  return { title: what === undefined ? family.name : `${family.name}, ${what}`, unit: unitOf(family), width: 12 };
}

/** The description: the help of the metric, then advice. */
function described({ help }: MetricFamily, advice: string): string {
  const words = help.trim();
  if (words === '') return advice;
  return `${words}${/[.!?]$/.test(words) ? '' : '.'} ${advice}`;
}

function selectorOf(family: MetricFamily): string {
  return select(family, ...INSTANCES);
}

/** The legend: `{{table}} {{operation}}`, with `others` in front, and the instance if there are no labels. */
function legendOf({ name, labelNames }: MetricFamily, ...others: readonly string[]): string {
  return [...others, ...labelNames.map(placeholder)].join(' ') || name;
}

function placeholder(label: string): string {
  return `{{${label}}}`;
}
