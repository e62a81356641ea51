/** What metrics whose series callers may keep have in common. */
import type { LabelArguments } from '../label-types.js';
import { Instrument, type Series } from './instrument.js';
import { readingLabels, valuesOf } from './label-arguments.js';

/** A metric with `labels()` and `remove()`. */
export abstract class LabelledInstrument<L extends string = string, S extends Series = Series> extends Instrument<L, S> {
  /**
   * The series of a label set, to be kept by the caller. Children are bound when code is wired, so this throws.
   * @throws TSK_ERR_METRIC_LABEL_UNKNOWN, TSK_ERR_METRIC_LABEL_VALUES, TSK_ERR_METRIC_LABEL_UNREADABLE
   */
  labels(...labels: LabelArguments<L>): S {
    return readingLabels(this, () => this.seriesOfValues(valuesOf(this, labels)));
  }

  /**
   * Forgets a label set: it is no longer exposed, and a series of it that someone holds counts for nothing.
   * @throws TSK_ERR_METRIC_LABEL_UNKNOWN, TSK_ERR_METRIC_LABEL_VALUES, TSK_ERR_METRIC_LABEL_UNREADABLE
   */
  remove(...labels: LabelArguments<L>): void {
    readingLabels(this, () => this.removeSeries(valuesOf(this, labels)));
  }
}
