/** The common parts of all panels. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { type Panel, type Threshold, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';

/** A panel without its place and its id. */
export type PanelDraft = Builder<Panel>;

/** The values from which a panel changes its colour. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
  /** Whether low values are the problem, instead of high ones. */
  readonly lowIsWrong?: true;
}

/** The common options of a panel. */
export interface PanelSpec {
  readonly title: string;
  /** What the panel shows, and what to do if the values look wrong. */
  readonly description: string;
  /** The unit in Grafana's terms: `s`, `bytes`, `percentunit`. */
  readonly unit: string;
  /** The width in columns, from 1 to 24. */
  readonly width: number;
  /**
   * The height in units of 30 pixels.
   * @default 8
   */
  readonly height?: number;
  readonly thresholds?: Thresholds;
}

/** A query, and the legend of its series. */
export interface PanelQuery {
  readonly expr: string;
  /** The legend, with labels in double braces. */
  readonly legend: string;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana replaces it with the selected data source.
export const DATA_SOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

/** The common interface of the SDK's panel builders, which the SDK does not name. */
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

/** Sets the common options and the queries of a panel. */
export function described<B extends AnyPanelBuilder>(builder: B, spec: PanelSpec, targets: readonly Builder<Dataquery>[]): B {
  builder.title(spec.title).description(spec.description).datasource(DATA_SOURCE).unit(spec.unit);
  builder
    .span(spec.width)
    .height(spec.height ?? 8)
    .thresholds(thresholdsOf(spec.thresholds));
  for (const target of targets) builder.withTarget(target);
  return builder;
}

/** Without thresholds, everything is green. If they were left out, Grafana would show values above 80 in red. */
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
