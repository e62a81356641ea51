/** What was recorded in series that no longer exist, or that started again, until it is read. */
import { labelsKey } from '../exposition/guest-parts.js';
import { OVERFLOW_LABEL_VALUE } from '../label-sets.js';
import type { LabelRecord, MetricFamily, MetricPoint, Unlabelled } from '../metric-family.js';
import type { FamilyKind, FamilySource } from './family-source.js';
import { frozen } from './frozen.js';
import { sumOf } from './increases.js';

type Delta = Unlabelled<MetricPoint>;

/** The changes of a family. */
export interface FamilyChanges {
  readonly points: readonly MetricPoint[];
  readonly removed?: readonly LabelRecord[];
}

/**
 * The label sets that a family keeps until the next read. Label sets that come and go while nobody reads, because the other side is away, would
 * otherwise need memory without limit. Further ones are added up in the series `__overflow__`; further removals are not passed on.
 */
const MOST_LABEL_SETS = 10_000;

/** The families of series that are gone. */
export class PendingFamilies {
  readonly #families = new Map<string, PendingFamily>();

  /** Adds an increase of a label set. */
  add(source: FamilySource, { labels, ...delta }: MetricPoint): void {
    this.#of(source).add(labels, delta as Delta);
  }

  /** Notes that a label set with a current value is gone. */
  remove(source: FamilySource, labels: LabelRecord): void {
    this.#of(source).remove(labels);
  }

  /** Returns what is pending for a family together with what has changed in its series, and forgets it. */
  take(source: FamilyKind, points: readonly MetricPoint[]): FamilyChanges {
    const key = familyKey(source);
    const family = this.#families.get(key);
    this.#families.delete(key);
    return family?.joinedTo(points) ?? { points };
  }

  /** Returns the families that are left, and forgets them. */
  takeRest(): MetricFamily[] {
    const rest = [...this.#families.values()].map((family) => family.whole());
    this.#families.clear();
    return rest;
  }

  #of(source: FamilySource): PendingFamily {
    const key = familyKey(source);
    const family = this.#families.get(key) ?? new PendingFamily(source);
    this.#families.set(key, family);
    return family;
  }
}

/** Returns what tells families apart. */
export function familyKey({ head, shape }: FamilyKind): string {
  return JSON.stringify([head.name, shape]);
}

class PendingFamily {
  readonly #source: FamilySource;
  readonly #points = new Map<string, { readonly labels: LabelRecord; delta: Delta }>();
  readonly #removed = new Map<string, LabelRecord>();

  constructor(source: FamilySource) {
    this.#source = source;
  }

  add(labels: LabelRecord, delta: Delta): void {
    const key = keyOf(labels);
    const before = this.#points.get(key);
    if (before !== undefined) before.delta = sumOf(this.#source.shape.type, before.delta, delta);
    else if (this.#points.size < MOST_LABEL_SETS) this.#points.set(key, { labels, delta });
    else this.#addOverflow(delta);
  }

  remove(labels: LabelRecord): void {
    if (this.#removed.size < MOST_LABEL_SETS) this.#removed.set(keyOf(labels), labels);
  }

  joinedTo(live: readonly MetricPoint[]): FamilyChanges {
    const points = new Map(live.map((point) => [keyOf(point.labels), point]));
    for (const [key, { labels, delta }] of this.#points) {
      const { labels: _, ...newer } = points.get(key) ?? { labels };
      const joined = points.has(key) ? sumOf(this.#source.shape.type, delta, newer as Delta) : delta;
      points.set(key, { labels, ...joined } as MetricPoint);
    }
    const removed = [...this.#removed].filter(([key]) => !points.has(key)).map(([, labels]) => labels);
    return { points: [...points.values()].map(frozen), ...(removed.length > 0 && { removed }) };
  }

  whole(): MetricFamily {
    const { head, shape } = this.#source;
    return { ...head, ...shape, ...this.joinedTo([]) } as MetricFamily;
  }

  #addOverflow(delta: Delta): void {
    const names = this.#source.labelNames;
    const labels = { ...this.#source.defaultLabels, ...Object.fromEntries(names.map((name) => [name, OVERFLOW_LABEL_VALUE])) };
    const key = keyOf(labels);
    const before = this.#points.get(key);
    if (before === undefined) this.#points.set(key, { labels, delta });
    else before.delta = sumOf(this.#source.shape.type, before.delta, delta);
  }
}

function keyOf(labels: LabelRecord): string {
  return labelsKey(Object.entries(labels));
}
