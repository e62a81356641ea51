/** A panel for every metric that is an application's own. */
import type { MetricFamily, MetricFamilyType } from '../families/metric-family.js';
import { heatMap } from '../panels/heat-map.js';
import { labelTable } from '../panels/label-table.js';
import type { PanelDraft, PanelSpec } from '../panels/panel.js';
import { stateTimeline } from '../panels/state-timeline.js';
import { timeSeries } from '../panels/time-series.js';
import { increase, maxBy, meanOf, quantileOf, rate, select, sumBy, withoutNaN } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import { unitOf, unitOfRate } from '../units.js';
import type { DashboardRow } from './row.js';

const PANELS: Readonly<Record<MetricFamilyType, (family: MetricFamily) => readonly PanelDraft[]>> = {
  counter: (family) => [counter(family)],
  gauge: (family) => [gauge(family)],
  histogram: (family) => [percentiles(family), spread(family)],
  summary: (family) => [quantiles(family)],
  stateset: (family) => [states(family)],
  info: (family) => [info(family)],
};

/** In the order of the metrics' names. */
export function customRow(families: readonly MetricFamily[]): DashboardRow {
  const sorted = [...families].sort((left, right) => (left.name < right.name ? -1 : 1));
  return { title: 'Custom metrics', panels: sorted.flatMap((family) => PANELS[family.type](family)) };
}

function counter(family: MetricFamily) {
  return timeSeries({
    ...specOf(family, 'per second'),
    unit: unitOfRate(family),
    description: described(
      family,
      'How much is added to this counter in a second, by its labels. A line that falls to 0 is something that no longer happens, one that multiplies something that happens in a loop: look at the code that counts it, and at the log of that moment.',
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
      'The value at each scrape. If it is not what you know it to be, look at the code that sets it; a line that ends is an instance that stopped, or a label value that is no longer used.',
    ),
    queries: [{ expr: selectorOf(family), legend: legendOf(family, '{{instance}}') }],
  });
}

function percentiles(family: MetricFamily) {
  const observed = { metric: family, matchers: INSTANCES };
  return timeSeries({
    ...specOf(family, 'percentiles'),
    belowZero: true,
    description: described(
      family,
      'What 50, 95 and 99 of 100 observations stay below, estimated from the buckets. If p99 rises alone, few observations are unusual: look for them in the log; if all rise, what is measured has changed. A line at the last bucket means "that or more".',
    ),
    queries: [50, 95, 99].map((percent) => ({ expr: quantileOf(percent / 100, observed), legend: `p${percent}` })),
  });
}

function spread(family: MetricFamily) {
  return heatMap({
    ...specOf(family, 'spread'),
    description: described(
      family,
      'How many observations fell into which bucket: the darker, the more. Two bands are two kinds of work in one metric: a label could tell them apart. If everything is in the last bucket, the buckets end too early for these values.',
    ),
    expr: sumBy(['le'], increase(select({ name: `${family.name}_bucket` }, ...INSTANCES))),
  });
}

function quantiles(family: MetricFamily) {
  return timeSeries({
    ...specOf(family, 'quantiles'),
    belowZero: true,
    description: described(
      family,
      'The quantiles that each instance computes itself, and the mean. Quantiles of several instances cannot be added up or averaged: if one instance stands out, look at that one. Gaps are times without observations.',
    ),
    queries: [
      { expr: withoutNaN(selectorOf(family)), legend: legendOf(family, '{{instance}}', 'q{{quantile}}') },
      { expr: meanOf({ metric: family, matchers: INSTANCES, by: family.labelNames }), legend: legendOf(family, 'mean') },
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
      'Each state over time: filled while it holds in at least one instance. If it is in a state that it should have left, look at the log of the moment it entered it; if it jumps between two, see what it waits for.',
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
      'What the labels say, for each instance. If instances differ that should be alike, see which one was not restarted or not deployed.',
    ),
    expr: selectorOf(family),
  });
}

function specOf(family: MetricFamily, what?: string): Pick<PanelSpec, 'title' | 'unit' | 'width'> {
  return { title: what === undefined ? family.name : `${family.name}, ${what}`, unit: unitOf(family), width: 12 };
}

/** The metric's own words first. */
function described({ help }: MetricFamily, advice: string): string {
  const words = help.trim();
  if (words === '') return advice;
  return `${words}${/[.!?]$/.test(words) ? '' : '.'} ${advice}`;
}

function selectorOf(family: MetricFamily): string {
  return select(family, ...INSTANCES);
}

/** `{{table}} {{operation}}`; the instance or what else is given where there are no labels, and in front of them. */
function legendOf({ name, labelNames }: MetricFamily, ...others: readonly string[]): string {
  return [...others, ...labelNames.map(placeholder)].join(' ') || name;
}

function placeholder(label: string): string {
  return `{{${label}}}`;
}
