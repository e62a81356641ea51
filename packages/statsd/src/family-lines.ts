/** Turns what changed in a metric into the lines of StatsD. */
import {
  type HistogramFamily,
  type HistogramPoint,
  type MetricFamily,
  type MetricPoint,
  numberOf,
  type StateSetPoint,
  type SummaryPoint,
} from '@tsukimi/metrics';
import { plainDecimal } from './decimal.js';
import { intervalQuantile } from './interval-quantile.js';
import type { SeriesNames, WireName } from './series-names.js';

export interface LineOptions {
  readonly names: SeriesNames;
  readonly quantiles: readonly number[];
  /** Called for a value that StatsD can't express: infinite, or not a number. */
  readonly onNotFinite: () => void;
}

/** Yields the lines of each point; several that must stay in one packet, in their order, as one text. */
export function* familyLines(family: MetricFamily, options: LineOptions): Generator<readonly string[], void> {
  const lines = new PointLines(options);
  for (const point of family.points) yield lines.of(family, point);
  if ('removed' in family && family.removed !== undefined) yield lines.ofRemoved(family, family.removed);
}

/** The lines of one label set after the other. */
class PointLines {
  readonly #options: LineOptions;
  #texts: string[] = [];

  constructor(options: LineOptions) {
    this.#options = options;
  }

  of(family: MetricFamily, point: MetricPoint): readonly string[] {
    this.#texts = [];
    const { names } = this.#options;
    const name = names.of(family, point.labels);
    switch (family.type) {
      case 'counter':
        this.#count(name, '', (point as { readonly value: number }).value);
        break;
      case 'histogram':
      case 'gaugehistogram':
        this.#histogram(name, family, point as HistogramPoint);
        break;
      case 'summary':
        this.#summary(name, point as SummaryPoint);
        break;
      case 'info':
        this.#gauge(name, '', 1);
        break;
      case 'stateset': {
        const { active } = point as StateSetPoint;
        for (const state of family.states) this.#gauge(names.of(family, point.labels, state), '', active.includes(state) ? 1 : 0);
        break;
      }
      default:
        this.#gauge(name, '', numberOf((point as { readonly value: number }).value));
    }
    return this.#texts;
  }

  /** What is no longer the case is 0. Other gauges that are gone have no value, and no line. */
  ofRemoved(family: MetricFamily, removed: readonly MetricPoint['labels'][]): readonly string[] {
    this.#texts = [];
    const { names } = this.#options;
    for (const labels of removed) {
      if (family.type === 'info') this.#gauge(names.of(family, labels), '', 0);
      if (family.type === 'stateset') for (const state of family.states) this.#gauge(names.of(family, labels, state), '', 0);
    }
    return this.#texts;
  }

  #histogram(name: WireName, { type, bounds }: HistogramFamily, point: HistogramPoint): void {
    if (type === 'histogram') {
      this.#count(name, '.count', point.count);
      this.#count(name, '.sum', point.sum);
    } else {
      this.#gauge(name, '.count', point.count);
      this.#gauge(name, '.sum', point.sum);
    }
    for (const q of this.#options.quantiles) {
      const value = intervalQuantile(point, bounds, q);
      if (value !== undefined) this.#gauge(name, quantileSuffix(q), value);
    }
  }

  #summary(name: WireName, { count, sum, quantiles }: SummaryPoint): void {
    this.#count(name, '.count', count);
    this.#count(name, '.sum', sum);
    for (const { quantile, value } of quantiles) {
      // Without recent values, it has no quantiles.
      if (value !== 'NaN') this.#gauge(name, quantileSuffix(quantile), numberOf(value));
    }
  }

  #count(name: WireName, suffix: string, value: number): void {
    if (Number.isFinite(value)) this.#texts.push(name.line(suffix, plainDecimal(value), 'c'));
    else this.#options.onNotFinite();
  }

  #gauge(name: WireName, suffix: string, value: number): void {
    if (!Number.isFinite(value)) {
      this.#options.onNotFinite();
      return;
    }
    const line = name.line(suffix, plainDecimal(value), 'g');
    // A sign means a change of the gauge in StatsD; only after 0 it means the value.
    this.#texts.push(value < 0 ? `${name.line(suffix, '0', 'g')}\n${line}` : line);
  }
}

/** `.p95`, and `.p99_9` for 0.999. */
export function quantileSuffix(q: number): string {
  return `.p${plainDecimal(Number((q * 100).toPrecision(12))).replace('.', '_')}`;
}
