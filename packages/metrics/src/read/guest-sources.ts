/** Metrics of prom-client's as families. */
import type { DefaultLabels } from '../exposition/default-labels.js';
import { checkCounts, type GuestParts, labelsKey, splitGuest } from '../exposition/guest-parts.js';
import type { GuestSample } from '../exposition/guest-samples.js';
import type { FamilyShape } from '../exposition/kinds/kind.js';
import { labelText } from '../label-text.js';
import { type LabelRecord, type MetricPoint, metricValue, type Unlabelled } from '../metric-family.js';
import type { PromClientFamily, PromClientMetric } from '../prom-client.js';
import { unitOf, withoutTotal } from '../units.js';
import type { FamilySource, GuestPoint } from './family-source.js';

const COMPOSED = ['histogram', 'gaugehistogram', 'summary'];

/** A metric of prom-client's that was read, and the registry's default labels. */
interface ReadGuest {
  readonly metric: PromClientMetric;
  readonly family: PromClientFamily;
  readonly defaultLabels: DefaultLabels;
}

/**
 * The families of a metric: one, a further one for each name of samples that do not belong to it, and one for each further list of bounds.
 * @throws TypeError where a sample can't be carried
 */
export function guestSources({ metric, family, defaultLabels }: ReadGuest): FamilySource[] {
  // The default labels come later, so that label sets stay the same when those change.
  const { name, type, samples, parts, others } = splitGuest(family, {}, COMPOSED);
  const help = String(family.help ?? '').toWellFormed();
  const source = (of: string, shape: FamilyShape, items: readonly GuestPoint[]): FamilySource => {
    const unit = unitOf(withoutTotal(of), undefined);
    return {
      metric,
      head: { name: of, help, ...(unit !== undefined && { unit }) },
      shape,
      items: () => items,
      defaultLabels,
      ...GUEST,
      labelsOf: filledUpWith(defaultLabels),
    };
  };
  const own = COMPOSED.includes(type)
    ? composedSources(type, parts).map(({ shape, items }) => source(name, shape, items))
    : [source(name, simpleShape(type), samples.map(type === 'counter' ? counterPoint : valuePoint))];
  return [...own, ...[...others].map(([other, their]) => source(other, { type: 'untyped' }, their.map(valuePoint)))];
}

const NO_NAMES: readonly string[] = [];

const GUEST = {
  labelNames: NO_NAMES,
  keyOf: (item: unknown) => (item as GuestPoint).key,
  markOf: (item: unknown) => (item as GuestPoint).mark,
  pointOf: (item: unknown) => (item as GuestPoint).point,
} as const;

function simpleShape(type: string): FamilyShape {
  if (type === 'counter') return { type };
  return type === 'gauge' ? { type, aggregator: 'sum' } : { type: 'untyped' };
}

function counterPoint({ labels, value, exemplar }: GuestSample): GuestPoint {
  if (!Number.isFinite(value)) throw new TypeError(`a sample of a counter is ${value}`);
  return guestPoint(labels, { value, ...(exemplar && { exemplar }) }, value);
}

function valuePoint({ labels, value }: GuestSample): GuestPoint {
  return guestPoint(labels, { value: metricValue(value) }, value);
}

function guestPoint(labels: GuestSample['labels'], point: Unlabelled<MetricPoint>, mark: unknown): GuestPoint {
  return { key: labelsKey(labels), labels, point, mark };
}

function filledUpWith(defaultLabels: DefaultLabels): (item: unknown) => LabelRecord {
  return (item) => {
    const own = Object.fromEntries((item as GuestPoint).labels.map(([name, value]) => [name, labelText(value)]));
    return Object.fromEntries(Object.entries({ ...defaultLabels, ...own }).filter(([, text]) => text !== ''));
  };
}

interface Composed {
  readonly shape: FamilyShape;
  readonly items: GuestPoint[];
}

function composedSources(type: string, all: readonly GuestParts[]): Composed[] {
  if (type === 'summary') return [{ shape: { type }, items: all.map(summaryPoint) }];
  const byBounds = new Map<string, Composed>();
  for (const parts of all) {
    const buckets = parts.buckets.toSorted((one, other) => one.upperBound - other.upperBound);
    const bounds = buckets.map(({ upperBound }) => upperBound).filter(Number.isFinite);
    const key = bounds.join();
    const composed = byBounds.get(key) ?? { shape: { type: type as 'histogram', bounds }, items: [] };
    byBounds.set(key, composed);
    composed.items.push(histogramPoint({ ...parts, buckets }, bounds.length));
  }
  return byBounds.size > 0 ? [...byBounds.values()] : [{ shape: { type: type as 'histogram', bounds: [] }, items: [] }];
}

function histogramPoint({ labels, count, sum, buckets }: GuestParts, bounds: number): GuestPoint {
  checkSum(sum);
  checkCounts([count, ...buckets.map(({ cumulativeCount }) => cumulativeCount)]);
  const cumulative = [...buckets.slice(0, bounds).map(({ cumulativeCount }) => cumulativeCount), count];
  const counts = cumulative.map((below, index) => below - (cumulative[index - 1] ?? 0));
  const exemplars = Array.from({ length: bounds + 1 }, (_, index) => buckets[index]?.exemplar ?? null);
  const kept = exemplars.some((exemplar) => exemplar !== null) && { exemplars };
  return guestPoint(labels, { count, sum, buckets: counts, ...kept }, `${cumulative} ${sum}`);
}

function summaryPoint({ labels, count, sum, quantiles }: GuestParts): GuestPoint {
  checkSum(sum);
  checkCounts([count]);
  const values = quantiles.map(([quantile, value]) => ({ quantile, value: metricValue(value) }));
  return guestPoint(labels, { count, sum, quantiles: values }, `${count} ${sum}`);
}

function checkSum(sum: number): void {
  if (!Number.isFinite(sum)) throw new TypeError(`a sample has the sum ${sum}`);
}
