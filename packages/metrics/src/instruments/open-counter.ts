/** A counter whose labels are those it is given: what `recordMetric` makes. */
import type { LabelValue } from '../label-types.js';
import { Counter, type CounterSeries } from './counter.js';

/** Its label names grow with use, up to a limit; label sets recorded before have the new ones empty, which Prometheus treats as absent. */
export class OpenCounter extends Counter<string> {
  protected override seriesOf(labels: Readonly<Record<string, LabelValue | undefined>>): CounterSeries | undefined {
    const known = this.findSeries(labels);
    if (known !== undefined) return known;
    return this.extendLabelNames(labels) ? this.findSeries(labels) : undefined;
  }
}
