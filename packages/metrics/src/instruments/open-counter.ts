/** The counters of `recordMetric`, whose label names grow with use. */
import { invalidLabelName, tooManyLabels } from '../errors.js';
import type { RecordOptions } from '../exemplar.js';
import type { LabelValue } from '../label-types.js';
import { isLabelName } from '../names.js';
import { checkUnit } from '../units.js';
import { Counter, type CounterSeries } from './counter.js';

/** Options of `recordMetric`. */
export interface RecordedMetric extends RecordOptions {
  /**
   * The amount to add, finite and not negative.
   * @default 1
   */
  readonly value?: number | undefined;
  /** The labels. Use few values for each, because every combination is a series. */
  readonly labels?: Readonly<Record<string, LabelValue>> | undefined;
  /** A description of the metric in one sentence. The first one is kept. */
  readonly help?: string | undefined;
  /** The unit. The name, without `_total`, must end in it. The first one is kept. */
  readonly unit?: string | undefined;
}

const MAX_LABEL_NAMES = 32;
const HELP = 'Recorded by recordMetric.';

/** A counter whose label names grow with use, up to a limit. In earlier label sets the new labels are empty, which Prometheus treats as absent. */
export class OpenCounter extends Counter<string> {
  /** Returns the help of a new counter. Help and unit can be set later. */
  static helpOf({ help = HELP }: RecordedMetric): string {
    return help;
  }

  /**
   * Sets help and unit if they are not set yet.
   * @throws TSK_ERR_METRIC_UNIT
   */
  describe({ help, unit }: RecordedMetric): void {
    const own = this as { help: string; unit: string | undefined };
    if (help !== undefined && own.help === HELP) own.help = String(help).toWellFormed();
    if (unit === undefined || own.unit !== undefined) return;
    checkUnit(this.name, unit);
    own.unit = unit;
  }

  override get isOpen(): boolean {
    return true;
  }

  /** @internal Returns the series of labels by name; empty labels are treated as absent. */
  seriesOfNames(labels: Readonly<Record<string, string>>): CounterSeries | undefined {
    return this.seriesOf(Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')));
  }

  protected override seriesOfUnknown(labels: Readonly<Record<string, LabelValue | undefined>>): CounterSeries | undefined {
    return this.#extendLabelNames(Object.keys(labels)) ? this.findSeries(labels) : undefined;
  }

  /** Takes further label names; false, and refused, where one is not a label name or there are too many. */
  #extendLabelNames(given: readonly string[]): boolean {
    const further = given.filter((name) => !this.labelNames.includes(name));
    const broken = further.find((name) => !isLabelName(name));
    if (broken !== undefined) this.refuse('TSK_ERR_METRIC_LABEL_NAME', () => invalidLabelName(this.name, broken));
    else if (this.labelNames.length + further.length > MAX_LABEL_NAMES)
      this.refuse('TSK_ERR_METRIC_LABEL_COUNT', () => tooManyLabels(this.name, MAX_LABEL_NAMES));
    else {
      this.addLabelNames(further);
      return true;
    }
    return false;
  }
}
