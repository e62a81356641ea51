/** The difference between two states of a label set, and the sum of two differences. */
import type { CounterPoint, FineBuckets, HistogramPoint, MetricFamily, MetricPoint, SummaryPoint, Unlabelled } from '../metric-family.js';
import { difference, isRounding } from './rounding.js';

type Point = Unlabelled<MetricPoint>;
type Type = MetricFamily['type'];

/** Whether the values of a type count from a start, so that increases of them can be summed. */
export function isCumulative(type: Type): boolean {
  return Object.hasOwn(ARITHMETIC, type);
}

/** What a delta has of a label set. */
export interface Increase {
  readonly delta: Point;
  /** The sum of all deltas so far. It differs from the current state by the rounding of the last of them only. */
  readonly sum: Point;
}

/** @param before the sum of the deltas so far; undefined if there was none */
export function increaseOf(type: Type, now: Point, before: Point | undefined): Increase {
  const { minus, advanced, hasFallen } = arithmeticOf(type);
  // It has started again.
  if (before === undefined || hasFallen(now, before)) return { delta: now, sum: now };
  const delta = minus(now, before);
  return { delta, sum: advanced({ now, before, delta }) };
}

/** Adds two deltas of one label set; the second is the newer one. */
export function sumOf(type: Type, delta: Point, newer: Point): Point {
  return arithmeticOf(type).plus(delta, newer);
}

interface Arithmetic<P> {
  hasFallen(now: P, before: P): boolean;
  minus(now: P, before: P): P;
  plus(one: P, newer: P): P;
  /** The sum of all deltas: the state of now, but for rounding. */
  advanced(step: { readonly now: P; readonly before: P; readonly delta: P }): P;
}

type Counted = Unlabelled<CounterPoint>;
type Distributed = Unlabelled<HistogramPoint>;
type Summarized = Unlabelled<SummaryPoint>;

const COUNTER: Arithmetic<Counted> = {
  hasFallen: (now, before) => now.value < before.value && !isRounding(now.value - before.value, now.value),
  minus: (now, before) => {
    const { createdSeconds, exemplar } = now;
    const value = difference(now.value, before.value);
    // Most counters have no exemplars, and spreads cost several times as much as the rest of this.
    if (exemplar === undefined) return createdSeconds === undefined ? { value } : { value, createdSeconds };
    return { value, ...(createdSeconds !== undefined && { createdSeconds }), ...(exemplar !== before.exemplar && { exemplar }) };
  },
  plus: (one, newer) => ({ ...one, ...newer, value: one.value + newer.value }),
  advanced: ({ now, before, delta }) => ({ ...now, value: before.value + delta.value }),
};

/** Those of ours have `HistogramTotals`. */
const HISTOGRAM: Arithmetic<Distributed> = {
  hasFallen: (now, before) => now.count < before.count || now.buckets.some((count, bucket) => count < (before.buckets[bucket] ?? 0)),
  minus: ({ exemplars, ...now }, before) => ({
    ...now,
    count: now.count - before.count,
    sum: difference(now.sum, before.sum),
    buckets: now.buckets.map((count, bucket) => count - (before.buckets[bucket] ?? 0)),
    ...newExemplars(exemplars, before.exemplars),
  }),
  plus: (one, newer) => ({
    ...one,
    ...newer,
    count: one.count + newer.count,
    sum: one.sum + newer.sum,
    buckets: one.buckets.map((count, bucket) => count + (newer.buckets[bucket] ?? 0)),
    ...(one.fine && newer.fine && { fine: fineSum(one.fine, newer.fine) }),
    ...(one.exemplars && newer.exemplars && { exemplars: newer.exemplars.map((each, at) => each ?? one.exemplars?.[at] ?? null) }),
  }),
  advanced: ({ now, before, delta }) => ({ ...now, sum: before.sum + delta.sum }),
};

const SUMMARY: Arithmetic<Summarized> = {
  hasFallen: (now, before) => now.count < before.count,
  minus: (now, before) => ({ ...now, count: now.count - before.count, sum: difference(now.sum, before.sum) }),
  plus: (one, newer) => ({ ...one, ...newer, count: one.count + newer.count, sum: one.sum + newer.sum }),
  advanced: ({ now, before, delta }) => ({ ...now, sum: before.sum + delta.sum }),
};

const ARITHMETIC: Readonly<Partial<Record<Type, unknown>>> = { counter: COUNTER, histogram: HISTOGRAM, summary: SUMMARY };

function arithmeticOf(type: Type): Arithmetic<Point> {
  return ARITHMETIC[type] as Arithmetic<Point>;
}

function newExemplars(now: Distributed['exemplars'], before: Distributed['exemplars']): Pick<Distributed, 'exemplars'> {
  const further = now?.map((each, bucket) => (each === before?.[bucket] ? null : each));
  return further?.some((each) => each !== null) ? { exemplars: further } : {};
}

function fineSum(one: FineBuckets, other: FineBuckets): FineBuckets {
  if (one.counts.length === 0 || other.counts.length === 0) {
    const { offset, counts } = one.counts.length === 0 ? other : one;
    return { zeros: one.zeros + other.zeros, offset, counts };
  }
  const offset = Math.min(one.offset, other.offset);
  const end = Math.max(one.offset + one.counts.length, other.offset + other.counts.length);
  const counts = new Array<number>(end - offset).fill(0);
  for (const each of [one, other]) {
    const shift = each.offset - offset;
    for (let position = 0; position < each.counts.length; position += 1)
      counts[position + shift] = (counts[position + shift] as number) + (each.counts[position] as number);
  }
  return { zeros: one.zeros + other.zeros, offset, counts };
}
