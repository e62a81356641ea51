/** A counter whose labels are those it is given: what `recordMetric` makes. */
import type { LabelValue } from '../label-types.js';
import { Counter, type CounterSeries } from './counter.js';

/** Its label names grow with use, up to a limit; label sets recorded before have the new ones empty, which Prometheus treats as absent. */
export class OpenCounter extends Counter<string> {
  override get isOpen(): boolean {
    return true;
  }

  /** @internal The series of labels by name; the empty ones are absent. */
  seriesOfNames(labels: Readonly<Record<string, string>>): CounterSeries | undefined {
    return this.seriesOf(Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')));
  }

  protected override seriesOfUnknown(labels: Readonly<Record<string, LabelValue | undefined>>): CounterSeries | undefined {
    return this.extendLabelNames(labels) ? this.findSeries(labels) : undefined;
  }
}
