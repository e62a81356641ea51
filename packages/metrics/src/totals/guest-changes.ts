/** What has changed in one family of a metric of prom-client's since it was read last. */
import type { InstrumentType } from '../instruments/metric-object.js';
import { labelText } from '../label-text.js';
import {
  type CounterPoint,
  type GaugePoint,
  type HistogramPoint,
  type MetricPoint,
  numberOf,
  type SummaryPoint,
  type Unlabelled,
} from '../metric-family.js';
import type { FamilySource, GuestPoint } from '../read/family-source.js';
import { increaseOf, isCumulative } from '../read/increases.js';
import { type ChangedFamily, type FamilyDefinition, type NumberWriter, OpenFamily } from './changes.js';

type Point = Unlabelled<MetricPoint>;

/** The family's label sets as they were last read. */
export class GuestChanges {
  readonly #known = new Map<string, { readonly id: number; sum: Point | undefined }>();
  readonly #labelNames: string[] = [];
  readonly #isCumulative: boolean;
  #sentNames = -1;
  readonly #out: OpenFamily;
  #nextId = 1;

  constructor(
    readonly id: number,
    readonly source: Pick<FamilySource, 'head' | 'shape' | 'metric'>,
  ) {
    this.#isCumulative = isCumulative(source.shape.type);
    this.#out = new OpenFamily(id);
  }

  /** Reads the label sets that there are now. Those with a current value that are missing are removed. */
  read(items: readonly GuestPoint[]): void {
    const seen = new Set<string>();
    for (const item of items) {
      seen.add(item.key);
      this.#read(item);
    }
    if (!this.#isCumulative) for (const key of [...this.#known.keys()]) if (!seen.has(key)) this.#remove(key);
    if (this.#sentNames === this.#labelNames.length) return;
    this.#sentNames = this.#labelNames.length;
    this.#out.definition = this.#definition();
  }

  take(): ChangedFamily | undefined {
    return this.#out.take();
  }

  #read({ key, labels, point }: GuestPoint): void {
    let known = this.#known.get(key);
    if (known === undefined) {
      known = { id: this.#nextId, sum: undefined };
      this.#nextId += 1;
      this.#known.set(key, known);
      const byName = new Map(labels.map(([name, value]) => [name, labelText(value)]));
      for (const name of byName.keys()) if (!this.#labelNames.includes(name)) this.#labelNames.push(name);
      this.#out.series.push([known.id, Number.NaN, this.#labelNames.map((name) => byName.get(name) ?? '')]);
    }
    if (!this.#isCumulative) {
      addAll(this.#out.values, [known.id, numberOf((point as GaugePoint).value)]);
      return;
    }
    const { delta, sum } = increaseOf(this.source.shape.type, point, known.sum);
    const isFirst = known.sum === undefined;
    known.sum = sum;
    this.#write(known.id, delta, isFirst);
  }

  #write(id: number, delta: Point, isFirst: boolean): void {
    const { values } = this.#out;
    switch (this.source.shape.type) {
      case 'counter': {
        const { value } = delta as CounterPoint;
        if (value > 0) addAll(values, [id, value]);
        return;
      }
      case 'summary': {
        const { count, sum } = delta as SummaryPoint;
        if (count > 0) addAll(values, [id, count, sum, 0]);
        return;
      }
      default: {
        const { count, sum, buckets } = delta as HistogramPoint;
        // Without fine buckets: the smallest and the largest value are not known.
        if (count > 0 || isFirst) addAll(values, [id, count, sum, Number.NaN, Number.NaN, 0, 0, buckets.length, ...buckets, 0]);
      }
    }
  }

  #remove(key: string): void {
    const known = this.#known.get(key);
    this.#known.delete(key);
    if (known !== undefined) this.#out.removed.push(known.id);
  }

  #definition(): FamilyDefinition {
    const { head, shape, metric } = this.source;
    const common = { name: head.name, help: head.help, labelNames: [...this.#labelNames] };
    const type: InstrumentType = shape.type === 'untyped' ? 'gauge' : (shape.type as InstrumentType);
    if (shape.type === 'histogram') return { ...common, type, bounds: shape.bounds, native: false };
    if (shape.type === 'summary') return { ...common, type, quantiles: [] };
    if (type !== 'gauge') return { ...common, type };
    const { aggregator = 'sum' } = metric as { readonly aggregator?: FamilyDefinition['aggregator'] };
    return { ...common, type, aggregator };
  }
}

function addAll(values: NumberWriter, numbers: readonly number[]): void {
  for (const number of numbers) values.add(number);
}
