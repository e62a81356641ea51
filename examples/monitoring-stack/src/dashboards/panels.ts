/** Panels of the dashboards, and the queries that several of them share. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueGraphMode,
  type DataSourceRef,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
} from '@grafana/grafana-foundation-sdk/common';
import { type Panel, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatPanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesPanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

export const DATA_SOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

/** The series of what is selected above the dashboard. */
export const SELECTED = 'instance=~"$instance"';

export interface PanelSpec {
  readonly title: string;
  /** What the panel shows, and what to look at if the values look wrong. */
  readonly description: string;
  /** Grafana's name of the unit: `s`, `bytes`, `percentunit`, `short`. */
  readonly unit: string;
  /** The queries by their legend, in which `{{label}}` stands for a label's value. */
  readonly queries: Readonly<Record<string, string>>;
  /** Of 24 columns. */
  readonly width?: number;
  /** From this value on, a stat is red. */
  readonly redFrom?: number;
  /** Below this value, a stat is red. */
  readonly redBelow?: number;
  /** Whether the lines are on top of each other. */
  readonly stacked?: true;
}

/** Lines over time. */
export function lines({ width = 12, stacked, ...spec }: PanelSpec): Builder<Panel> {
  const panel = new TimeSeriesPanelBuilder().title(spec.title).description(spec.description).unit(spec.unit).datasource(DATA_SOURCE);
  panel
    .span(width)
    .height(8)
    .min(0)
    .fillOpacity(stacked ? 40 : 8);
  // Grafana's own default would show everything above 80 in red.
  panel.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([{ value: null, color: 'green' }]));
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  for (const query of queriesOf(spec)) panel.withTarget(query);
  return panel;
}

/** The last value as a large number. */
export function number({ width = 6, redFrom, redBelow, ...spec }: PanelSpec): Builder<Panel> {
  const panel = new StatPanelBuilder().title(spec.title).description(spec.description).unit(spec.unit).datasource(DATA_SOURCE);
  panel.span(width).height(4).graphMode(BigValueGraphMode.Area);
  panel.reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
  const steps =
    redBelow === undefined
      ? [{ value: null, color: 'green' }, ...(redFrom === undefined ? [] : [{ value: redFrom, color: 'red' }])]
      : [
          { value: null, color: 'red' },
          { value: redBelow, color: 'green' },
        ];
  panel.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps));
  for (const query of queriesOf(spec)) panel.withTarget(query);
  return panel;
}

function queriesOf({ queries }: Pick<PanelSpec, 'queries'>): Builder<Dataquery>[] {
  return Object.entries(queries).map(([legend, expr], index) =>
    new DataqueryBuilder().datasource(DATA_SOURCE).expr(expr).range().legendFormat(legend).refId('ABCDEFGH'.charAt(index)),
  );
}

/** What a counter grows by in a second. */
export function perSecond(counter: string, by: string): string {
  return `sum by (${by}) (rate(${counter}[$__rate_interval]))`;
}

/** A quantile of a histogram by labels: of the native one, or of its classic buckets on a Prometheus that has no native one. */
export function quantile(ratio: number, histogram: string, ...by: readonly string[]): string {
  const [, name = '', matchers = ''] = /^(\w+)(.*)$/.exec(histogram) ?? [];
  const native = `histogram_quantile(${ratio}, sum by (${by.join(', ')}) (rate(${name}${matchers}[$__rate_interval])))`;
  return `${native} or histogram_quantile(${ratio}, sum by (${[...by, 'le'].join(', ')}) (rate(${name}_bucket${matchers}[$__rate_interval])))`;
}
