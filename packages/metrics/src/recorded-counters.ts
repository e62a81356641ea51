/** The counters that `recordMetric` makes: on first use, and no more than a budget. */
import { MetricError, nameBudgetReached, shapeConflict, unreadableRecording } from './errors.js';
import type { InstrumentRegistry } from './instrument-registry.js';
import { Counter } from './instruments/counter.js';
import { Instrument } from './instruments/instrument.js';
import { OpenCounter, type RecordedMetric } from './instruments/open-counter.js';
import { shapeOf } from './instruments/shape.js';
import { OVERFLOW_LABEL_VALUE } from './label-sets.js';
import { labelText } from './label-text.js';

/** Nothing here throws: what can't be recorded is refused by the registry. */
export class RecordedCounters {
  /** Names of the counters that were made here. */
  readonly #names = new Set<string>();

  constructor(
    private readonly registry: InstrumentRegistry,
    private readonly maxNames: number,
  ) {}

  /** Makes the counter of a name; undefined if it can't have one, which is refused. */
  create(name: string, described: RecordedMetric = {}): Counter<string> | undefined {
    try {
      const existing: unknown = this.registry.getSingleMetric(name);
      if (existing !== undefined) throw shapeConflict(name, shownShape(existing), 'counter, by recordMetric');
      if (this.#names.size >= this.maxNames) return this.#refusePastBudget(name);
      const counter = new OpenCounter({ name, help: OpenCounter.helpOf(described), registers: [this.registry] });
      this.#names.add(name);
      return counter;
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      this.registry.refused(typeof name === 'string' ? labelText(name) : typeof name, error.code, () => error);
      return undefined;
    }
  }

  /** Adds a value that comes with help, unit or an exemplar. */
  record(name: string, given: RecordedMetric): void {
    const recorded = this.#read(name, given);
    if (recorded === undefined) return;
    const existing: unknown = this.registry.getSingleMetric(name);
    const counter = existing instanceof Counter ? (existing as Counter<string>) : this.create(name, recorded);
    const { value, labels, exemplar } = recorded;
    counter?.inc(labels ?? {}, value ?? 1, exemplar && { exemplar });
    // Record the value first, so that it is not lost if the unit is invalid.
    if (counter instanceof OpenCounter) this.#describe(counter, recorded);
  }

  /** Reads what is given, which may have getters that throw; null is the same as absent. */
  #read(name: string, given: RecordedMetric): RecordedMetric | undefined {
    try {
      const { value, labels, help, unit, exemplar } = given;
      // An array is a wrong value, and refused as one.
      if (Array.isArray(given)) return { value: given as unknown as number };
      return { value, labels, exemplar, help: help === null ? undefined : help && String(help), unit: unit ?? undefined };
    } catch (cause) {
      const shown = typeof name === 'string' ? labelText(name) : typeof name;
      this.registry.refused(shown, 'TSK_ERR_METRIC_VALUE', () => unreadableRecording(shown, cause));
      return undefined;
    }
  }

  /** A counter was removed: its name counts against the budget no longer. */
  forget(name: string): void {
    this.#names.delete(name);
  }

  clear(): void {
    this.#names.clear();
  }

  /** Names may come from data, so those beyond the limit are counted under one name. */
  #refusePastBudget(name: unknown): undefined {
    const shown = typeof name === 'string' ? name : typeof name;
    this.registry.refused(OVERFLOW_LABEL_VALUE, 'TSK_ERR_METRIC_NAME_BUDGET', () => nameBudgetReached(shown, this.maxNames));
  }

  #describe(counter: OpenCounter, recorded: RecordedMetric): void {
    try {
      counter.describe(recorded);
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      this.registry.refused(counter.name, error.code, () => error);
    }
  }
}

function shownShape(metric: unknown): string {
  return metric instanceof Instrument ? shapeOf(metric) : "a metric of prom-client's";
}
