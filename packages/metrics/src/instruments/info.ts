/** Words about what runs, as labels of a sample that is always 1. */
import { labelsOf } from '../label-sets.js';
import type { Labels } from '../label-types.js';
import { Instrument, type MetricOptions, type Series } from './instrument.js';
import type { Aggregator, Sample } from './metric-object.js';

export interface InfoOptions<L extends string> extends Omit<MetricOptions<L>, 'unit'> {
  /** Called at each scrape; may set the labels. Its failure costs this metric that scrape, and is logged. */
  readonly collect?: (this: Info<L>) => unknown;
}

/** What an info tells. */
export class InfoSeries implements Series {
  exposedLabels: string | undefined = undefined;

  constructor(public labelValues: readonly string[]) {}

  reset(): void {}
}

/**
 * Texts that don't change while the process runs: its version, its commit. `application_info{version="1.0"} 1`.
 *
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/#info
 */
export class Info<L extends string = never> extends Instrument<L, InfoSeries> {
  readonly type = 'info' as const;
  override readonly aggregator: Aggregator = 'first';

  /**
   * @param options the name ends in `_info`; OpenMetrics knows what doesn't as a gauge
   * @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_NAME_TAKEN, TSK_ERR_METRIC_NAME_OVERLAP
   */
  constructor(options: InfoOptions<L>) {
    super(options);
    this.open(options.registers);
  }

  /** Says it, in place of what was said before. Never throws: labels that are not the metric's are refused, counted and logged once. */
  set(labels: Labels<L>): void {
    const values = this.valuesOrRefused(labels);
    if (values === undefined) return;
    const [only, ...others] = this.series;
    if (only !== undefined && others.length === 0 && only.labelValues.every((value, index) => value === values[index])) return;
    this.forgetAll();
    this.seriesOfValues(values);
  }

  /** Says nothing any more. */
  override reset(): void {
    this.forgetAll();
  }

  /** Words have no beginning to go back to: they stay. */
  override resetSeries(): void {}

  protected override get isExposedFromTheStart(): boolean {
    return false;
  }

  protected override get exportedType(): 'gauge' {
    return 'gauge';
  }

  protected createSeries(labelValues: readonly string[]): InfoSeries {
    return new InfoSeries(labelValues);
  }

  protected samplesOf(series: InfoSeries): Sample[] {
    return [{ labels: labelsOf(this.labelNames, series), value: 1 }];
  }
}
