/** Infos: texts as labels of a sample that is always 1. */
import { labelsOf } from '../label-sets.js';
import type { Labels } from '../label-types.js';
import { Instrument, type MetricOptions, type Series } from './instrument.js';
import type { Aggregator, Sample } from './metric-object.js';

export interface InfoOptions<L extends string> extends Omit<MetricOptions<L>, 'unit'> {
  /** Called at each scrape, before the labels are read, and may set them. If it fails, the error is logged and the metric is missing from that scrape. */
  readonly collect?: (this: Info<L>) => unknown;
}

/** The labels of an info. */
export class InfoSeries implements Series {
  exposedLabels: string | undefined = undefined;

  constructor(public labelValues: readonly string[]) {}

  reset(): void {}
}

/**
 * Texts that do not change while the process runs, such as its version: `application_info{version="1.0"} 1`.
 *
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/#info
 */
export class Info<L extends string = never> extends Instrument<L, InfoSeries> {
  readonly type = 'info' as const;
  override readonly aggregator: Aggregator = 'first';

  /**
   * @param options the name should end in `_info`; otherwise, OpenMetrics exposes it as a gauge
   * @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_NAME_TAKEN, TSK_ERR_METRIC_NAME_OVERLAP
   */
  constructor(options: InfoOptions<L>) {
    super(options);
    this.open(options.registers);
  }

  /** Sets the labels, and replaces the previous ones. Never throws: labels that the metric does not have are rejected, counted and logged once. */
  set(labels: Labels<L>): void {
    const values = this.valuesOrRefused(labels);
    if (values === undefined) return;
    const [only, ...others] = this.series;
    if (only !== undefined && others.length === 0 && only.labelValues.every((value, index) => value === values[index])) return;
    this.forgetAll();
    this.seriesOfValues(values);
  }

  /** Removes the labels, so that nothing is exposed. */
  override reset(): void {
    this.forgetAll();
  }

  /** Does nothing, because texts have no initial value. */
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
