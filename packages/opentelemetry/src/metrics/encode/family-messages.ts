/** Turns families into OTLP's `Metric` messages. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FamilyHead, MetricFamily, MetricPoint } from '@tsukimi/metrics';
import { ANY_VALUE, DATA, KEY_VALUE, METRIC, SCOPE_METRICS, TEMPORALITY } from './fields.js';
import { OtlpWriter } from './otlp-writer.js';
import {
  type PointContext,
  type Started,
  writeCounter,
  writeExponential,
  writeGauge,
  writeHistogram,
  writeInfo,
  writeStates,
  writeSummary,
} from './points.js';
import { semanticName } from './semantic-names.js';
import { ucumOf } from './units.js';

/** Whether values are what was recorded since a start, or since the read before. */
export type Temporality = 'cumulative' | 'delta';

/** When the values of families were read. */
export interface ReadTimes {
  readonly timeSeconds: number;
  /** Exemplars that were recorded before were sent before. */
  readonly exemplarsSinceSeconds: number;
  /** Returns since when a point counts. */
  startOf(family: MetricFamily, point: MetricPoint): number;
}

/** How histograms are sent, by the name of the metric: undefined with their classic buckets, or with at most so many exponential ones. */
export type ExponentialLimit = (name: string) => number | undefined;

/** A metric is divided where it is longer, so that no request gets too long. */
const LONGEST_MESSAGE_BYTES = 262_144;

/** How long is written before other work gets its turn. */
const SLICE_MS = 2;
/** The points between two looks at the clock. */
const POINTS_AT_ONCE = 16;

interface Shape {
  readonly field: number;
  readonly temporality?: number;
  readonly isMonotonic?: boolean;
  readonly write: (context: PointContext, point: Started<never>) => void;
}

/** Writes families, one after the other. */
export class FamilyMessages {
  readonly #out = new OtlpWriter();
  readonly #temporality: number;
  readonly #exponentialLimit: ExponentialLimit;
  #sliceStartMs = 0;

  constructor(options: { readonly temporality: Temporality; readonly exponentialLimit: ExponentialLimit }) {
    this.#temporality = TEMPORALITY[options.temporality];
    this.#exponentialLimit = options.exponentialLimit;
  }

  /** Returns the messages of a family, each as a field of `ScopeMetrics`; none for what OTLP can't express. Yields to the event loop. */
  async of(family: MetricFamily, times: ReadTimes): Promise<readonly Uint8Array[]> {
    const shape = this.#shapeOf(family);
    if (shape === undefined || family.points.length === 0) return [];
    const out = this.#out;
    const { name, keys } = semanticName(family);
    const context = { out, keys, ...times };
    const messages: Uint8Array[] = [];
    const points = family.points as readonly MetricPoint[];
    // Reading them has used up its turn.
    if (points.length > POINTS_AT_ONCE) await this.#nextSlice();
    let open = begin(out, { ...family, name, shape });
    for (const [index, point] of points.entries()) {
      if (index % POINTS_AT_ONCE === 0) await this.#rest();
      if (out.length > LONGEST_MESSAGE_BYTES) {
        messages.push(end(out, open));
        open = begin(out, { ...family, name, shape });
      }
      shape.write(context, { point: point as never, startSeconds: times.startOf(family, point) });
    }
    messages.push(end(out, open));
    return messages;
  }

  async #rest(): Promise<void> {
    if (performance.now() - this.#sliceStartMs >= SLICE_MS) await this.#nextSlice();
  }

  async #nextSlice(): Promise<void> {
    await nextTurn();
    this.#sliceStartMs = performance.now();
  }

  #shapeOf(family: MetricFamily): Shape | undefined {
    switch (family.type) {
      case 'counter':
        return { field: METRIC.sum, temporality: this.#temporality, isMonotonic: true, write: writeCounter };
      case 'gauge':
      case 'untyped':
        return { field: METRIC.gauge, write: (context, { point }) => writeGauge(context, point) };
      case 'histogram':
        return this.#histogramShape(family);
      case 'summary':
        return { field: METRIC.summary, write: writeSummary };
      case 'info':
        return { field: METRIC.sum, temporality: TEMPORALITY.cumulative, write: writeInfo };
      case 'stateset':
        return { field: METRIC.sum, temporality: TEMPORALITY.cumulative, write: (context, point) => writeStates(context, point, family) };
      default:
        // A histogram of current values, which OTLP does not have.
        return undefined;
    }
  }

  #histogramShape({ name, bounds, points }: Extract<MetricFamily, { readonly bounds: unknown }>): Shape {
    const temporality = this.#temporality;
    const limit = points.every(({ fine }) => fine !== undefined) ? this.#exponentialLimit(name) : undefined;
    return limit === undefined
      ? { field: METRIC.histogram, temporality, write: (context, point) => writeHistogram(context, point, bounds) }
      : { field: METRIC.exponentialHistogram, temporality, write: (context, point) => writeExponential(context, point, limit) };
  }
}

interface Open {
  readonly metric: number;
  readonly data: number;
}

function begin(out: OtlpWriter, head: FamilyHead & { readonly type: MetricFamily['type']; readonly shape: Shape }): Open {
  const { name, help, unit, type, shape } = head;
  const metric = out.begin(SCOPE_METRICS.metrics);
  out.string(METRIC.name, name);
  if (help !== '') out.string(METRIC.description, help);
  const code = ucumOf(unit);
  if (code !== '') out.string(METRIC.unit, code);
  writeType(out, type);
  const data = out.begin(shape.field);
  if (shape.temporality !== undefined) out.unsigned(DATA.temporality, shape.temporality);
  if (shape.isMonotonic === true) out.unsigned(DATA.isMonotonic, 1);
  return { metric, data };
}

/** What Prometheus calls it, for receivers that translate back. */
function writeType(out: OtlpWriter, type: MetricFamily['type']): void {
  const start = out.begin(METRIC.metadata);
  out.string(KEY_VALUE.key, 'prometheus.type');
  const value = out.begin(KEY_VALUE.value);
  out.string(ANY_VALUE.text, type === 'untyped' ? 'unknown' : type);
  out.end(value);
  out.end(start);
}

function end(out: OtlpWriter, { metric, data }: Open): Uint8Array {
  out.end(data);
  out.end(metric);
  return out.take();
}
