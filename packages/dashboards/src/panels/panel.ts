/** What every panel has, whatever it draws. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { type Panel, type Threshold, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';

/** A panel that has yet to be given its place and its id. */
export type PanelDraft = Builder<Panel>;

/** Where a value begins to look wrong. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
  /** Values below them look wrong, not above. */
  readonly lowIsWrong?: true;
}

/** What a panel says of itself. */
export interface PanelSpec {
  readonly title: string;
  /** What is shown, and what to do when it looks wrong. */
  readonly description: string;
  /** Grafana's name of it: `s`, `bytes`, `percentunit`. */
  readonly unit: string;
  /** In columns, of which the dashboard has 24. */
  readonly width: number;
  /** In rows of 30 pixels; 8 unless told. */
  readonly height?: number;
  readonly thresholds?: Thresholds;
}

/** A query and how its series are called. */
export interface PanelQuery {
  readonly expr: string;
  /** With labels in double braces. */
  readonly legend: string;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana replaces it by the data source that is picked above the dashboard.
export const DATA_SOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

/** The part that the SDK's builders of panels share; it has no name for it. */
interface AnyPanelBuilder extends PanelDraft {
  title(title: string): this;
  description(description: string): this;
  datasource(dataSource: DataSourceRef): this;
  unit(unit: string): this;
  span(columns: number): this;
  height(rows: number): this;
  thresholds(thresholds: Builder<{ mode: ThresholdsMode; steps: Threshold[] }>): this;
  withTarget(target: Builder<Dataquery>): this;
}

/** The builder, with what the panel says of itself and its queries. */
export function described<B extends AnyPanelBuilder>(builder: B, spec: PanelSpec, targets: readonly Builder<Dataquery>[]): B {
  builder.title(spec.title).description(spec.description).datasource(DATA_SOURCE).unit(spec.unit);
  builder
    .span(spec.width)
    .height(spec.height ?? 8)
    .thresholds(thresholdsOf(spec.thresholds));
  for (const target of targets) builder.withTarget(target);
  return builder;
}

/** Without thresholds everything is green: left out, Grafana would paint red whatever is above 80. */
function thresholdsOf(thresholds: Thresholds | undefined): Builder<{ mode: ThresholdsMode; steps: Threshold[] }> {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(stepsOf(thresholds));
}

export function stepsOf(thresholds: Thresholds | undefined): Threshold[] {
  if (thresholds === undefined) return [{ value: null, color: 'green' }];
  const { warning, critical, lowIsWrong } = thresholds;
  const [first, second, third] = lowIsWrong ? (['red', 'orange', 'green'] as const) : (['green', 'orange', 'red'] as const);
  const [low, high] = lowIsWrong ? [critical, warning] : [warning, critical];
  return [
    { value: null, color: first },
    { value: low, color: second },
    { value: high, color: third },
  ];
}
