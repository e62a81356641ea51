/** The totals of several processes or threads, as one registry. */
import type { MetricError } from '../errors.js';
import type { DefaultLabels } from '../exposition/default-labels.js';
import type { Aggregator } from '../instruments/metric-object.js';
import { isCumulative } from '../read/increases.js';
import type { MetricsRegistry } from '../registry.js';
import { Reports } from '../reports.js';
import { CHANGES_VERSION, type ChangedFamily, type FamilyDefinition, Numbers, type RegistryChanges } from './changes.js';
import { totalsConflict, totalsMessage } from './errors.js';
import { totalOf } from './kinds/kinds.js';
import type { TotalKind, TotalsSource } from './kinds/total-kind.js';
import { ReceivedChanges } from './received-changes.js';

export interface TotalsOptions {
  /** The registry that has the totals. Its limit of series holds for them. It may have further metrics. */
  readonly registry: MetricsRegistry;
  /** How gauges of other libraries are merged, by their names. */
  readonly aggregators?: Readonly<Record<string, Aggregator>> | undefined;
  /**
   * Whether the totals take the default labels of the source that started last, instead of keeping those of their registry.
   * @default true
   */
  readonly takesDefaultLabels?: boolean | undefined;
  /** Called when a source has counted: by how much a counter, or the count of a histogram or summary, has increased in all its label sets. */
  readonly onIncrease?: ((source: TotalsSource, metric: string, amount: number) => void) | undefined;
}

/** A metric as one source has it. */
interface SourceFamily {
  definition: FamilyDefinition;
  /** Undefined if it can't be a part of the totals. */
  total: TotalKind | undefined;
  readonly targets: Map<number, unknown>;
}

interface SourceState {
  readonly source: TotalsSource;
  readonly received: ReceivedChanges;
  readonly families: Map<number, SourceFamily>;
  hasEnded: boolean;
}

interface Total {
  kind: TotalKind;
  /** The newest source that has it. */
  incarnation: number;
}

/** How many sources that have ended are known, in case that a message of theirs comes late. */
const MOST_ENDED = 32;

/**
 * Merges what sources send by the kind of each metric. Counters, histograms and summaries never fall: what a source has counted stays when it ends. Its
 * gauges and states go. A message that comes twice counts once.
 *
 * @example
 * const totals = new Totals({ registry: new MetricsRegistry() });
 * const reader = new ChangesReader(registryOfWorker1);
 * const changes = await reader.read();
 * if (changes !== undefined) totals.apply({ worker: 1, incarnation: 1 }, changes);
 * await totals.registry.expose();
 */
export class Totals {
  readonly registry: MetricsRegistry;
  readonly #options: TotalsOptions;
  readonly #reports: Reports;
  readonly #totals = new Map<string, Total>();
  readonly #sources = new Map<number, SourceState>();
  /** The source whose default labels the totals have. */
  #labelled = Number.NEGATIVE_INFINITY;

  constructor(options: TotalsOptions) {
    this.registry = options.registry;
    this.#options = options;
    this.#reports = new Reports((error: MetricError) => this.registry.report(error));
  }

  /** Adds what a source has sent. Never throws: what can't be added is reported once. */
  apply(source: TotalsSource, changes: RegistryChanges): void {
    const state = this.#stateOf(source);
    if (changes.version !== CHANGES_VERSION) {
      this.#reports.once(nameOf(source), 'TSK_ERR_TOTAL_MESSAGE', () =>
        totalsMessage(nameOf(source), `its messages have the layout ${changes.version}, and ${CHANGES_VERSION} is expected`),
      );
      return;
    }
    for (const next of state.received.take(changes)) this.#applyNow(state, next);
  }

  /** The number of the last message of a source up to which all were added. */
  received({ incarnation }: TotalsSource): number {
    return this.#sources.get(incarnation)?.received.last ?? 0;
  }

  /** A source has ended: what it has counted stays, its current values go. What still comes from it is counted. */
  end(source: TotalsSource): void {
    const state = this.#stateOf(source);
    for (const next of state.received.rest()) this.#applyNow(state, next);
    state.hasEnded = true;
    for (const { total, targets } of state.families.values()) for (const target of targets.values()) total?.remove(target);
    this.#forgetOldest();
  }

  #stateOf(source: TotalsSource): SourceState {
    let state = this.#sources.get(source.incarnation);
    if (state === undefined) {
      state = { source, received: new ReceivedChanges(), families: new Map(), hasEnded: false };
      this.#sources.set(source.incarnation, state);
    }
    return state;
  }

  #forgetOldest(): void {
    const ended = [...this.#sources.values()].filter(({ hasEnded }) => hasEnded);
    for (const { source } of ended.slice(0, Math.max(0, ended.length - MOST_ENDED))) this.#sources.delete(source.incarnation);
  }

  #applyNow(state: SourceState, { defaultLabels, families }: RegistryChanges): void {
    if (defaultLabels !== undefined) this.#takeLabels(state.source, defaultLabels);
    for (const changed of families) {
      try {
        this.#applyFamily(state, changed);
      } catch (error) {
        const { name } = state.families.get(changed.id)?.definition ?? { name: nameOf(state.source) };
        const why = error instanceof Error ? error.message : String(error);
        this.#reports.once(name, 'TSK_ERR_TOTAL_MESSAGE', () => totalsMessage(nameOf(state.source), why));
      }
    }
  }

  /** Those of the source that started last, which has read the configuration last. */
  #takeLabels({ incarnation }: TotalsSource, labels: DefaultLabels): void {
    if (incarnation < this.#labelled || this.#options.takesDefaultLabels === false) return;
    this.#labelled = incarnation;
    this.registry.setDefaultLabels(labels);
  }

  #applyFamily(state: SourceState, changed: ChangedFamily): void {
    const family = this.#familyOf(state, changed);
    const total = family?.total;
    if (family === undefined || total === undefined) return;
    const { definition, targets } = family;
    for (const series of changed.series) targets.set(series[0], total.target(definition, series, state.source));
    const numbers = new Numbers(changed.values);
    let increase = 0;
    while (!numbers.isAtEnd) {
      const target = targets.get(numbers.next());
      // It was defined in a message that was lost, so nothing that follows can be read.
      if (target === undefined) break;
      increase += total.add(target, numbers, definition);
    }
    for (const [series, bucket, exemplar] of changed.exemplars) {
      const target = targets.get(series);
      if (target !== undefined) total.exemplar(target, bucket, exemplar);
    }
    for (const id of changed.removed) remove(total, targets, id);
    if (state.hasEnded && !isCumulative(definition.type)) for (const id of targets.keys()) remove(total, targets, id);
    if (increase > 0) this.#options.onIncrease?.(state.source, definition.name, increase);
  }

  #familyOf({ source, families }: SourceState, { id, definition }: ChangedFamily): SourceFamily | undefined {
    const family = families.get(id);
    if (definition === undefined) return family;
    const known = { ...definition, ...this.#aggregatorOf(definition) };
    if (family !== undefined) {
      family.definition = known;
      family.total?.describe(known, source);
      return family;
    }
    const created: SourceFamily = { definition: known, total: this.#totalOf(source, known), targets: new Map() };
    families.set(id, created);
    return created;
  }

  #aggregatorOf({ name, type }: FamilyDefinition): Partial<FamilyDefinition> {
    const { aggregators = {} } = this.#options;
    return type === 'gauge' && Object.hasOwn(aggregators, name) ? { aggregator: aggregators[name] } : {};
  }

  #totalOf(source: TotalsSource, definition: FamilyDefinition): TotalKind | undefined {
    const { name, type, aggregator } = definition;
    if (aggregator === 'omit') return undefined;
    const { incarnation } = source;
    const known = this.#totals.get(name);
    if (known === undefined || known.kind.instrument.type !== type) {
      if (known !== undefined) {
        this.#conflict(
          source,
          name,
          `as ${type}, and others as ${known.kind.instrument.type}; the totals have that of the process that started last`,
        );
        if (incarnation < known.incarnation) return undefined;
        this.registry.removeSingleMetric(name);
      }
      try {
        const kind = totalOf(this.registry, definition);
        kind.describe(definition, source);
        this.#totals.set(name, { kind, incarnation });
        return kind;
      } catch (error) {
        this.#totals.delete(name);
        this.#conflict(
          source,
          name,
          `in a way that can't be a part of the totals (${error instanceof Error ? error.message : String(error)})`,
        );
        return undefined;
      }
    }
    known.incarnation = Math.max(known.incarnation, incarnation);
    const conflict = known.kind.describe(definition, source);
    if (conflict !== undefined) this.#conflict(source, name, conflict);
    return known.kind;
  }

  #conflict(source: TotalsSource, metric: string, why: string): void {
    this.#reports.once(metric, 'TSK_ERR_TOTAL_CONFLICT', () => totalsConflict(metric, nameOf(source), why));
  }
}

function remove(total: TotalKind, targets: Map<number, unknown>, id: number): void {
  const target = targets.get(id);
  if (target === undefined) return;
  targets.delete(id);
  total.remove(target);
}

function nameOf({ worker }: TotalsSource): string {
  return typeof worker === 'number' ? `worker ${worker}` : worker;
}
