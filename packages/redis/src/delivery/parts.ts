/** Writes what has changed as texts that the script applies: each is one call, and short enough not to stop Redis for long. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CATALOGUE } from '@tsukimi/instrumentation';
import {
  type CounterFamily,
  type HistogramFamily,
  isOverflow,
  type LabelRecord,
  type MetricFamily,
  type MetricsDelta,
  OVERFLOW_LABEL_VALUE,
  type SummaryFamily,
} from '@tsukimi/metrics';
import { labelsText, nameText } from '../key-text.js';
import { CurrentValues } from './current-values.js';
import type { LastCalls } from './last-calls.js';

/** What one call of the script applies. */
export interface PartContent {
  readonly text: string;
  /** The keys that are written, without the prefix. A cluster needs to know them. */
  keys(): readonly string[];
}

/** About how many writes one call makes: a few milliseconds of Redis. */
const WRITES_IN_PART = 4_000;

/** Numbers of calls by the name of what was called. */
type Calls = Map<string, { calls: number; failures: number }>;

/** A part that is being written. */
class OpenPart {
  writes = 0;
  readonly #endpoints: Calls = new Map();
  readonly #methods: Calls = new Map();
  readonly #heads = new Map<string, string>();
  readonly #counters = new Map<string, unknown[]>();
  readonly #histograms = new Map<string, unknown[]>();
  readonly #summaries = new Map<string, unknown[]>();

  get isFull(): boolean {
    return this.writes >= WRITES_IN_PART;
  }

  counter(family: CounterFamily, { labels, value }: CounterFamily['points'][number]): void {
    this.#listOf(this.#counters, family).push(labelsText(labels), value);
    this.writes += 1;
    if (family.name === CATALOGUE.httpRequests.name)
      this.#called(this.#endpoints, endpointOf(labels), { calls: value, hasFailed: isServerError(labels) });
    if (family.name === CATALOGUE.componentCalls.name)
      this.#called(this.#methods, methodOf(labels), { calls: value, hasFailed: labels['status'] === 'failure' });
  }

  histogram(family: HistogramFamily, point: HistogramFamily['points'][number], bounds: readonly string[]): void {
    const { labels, count, sum, buckets, fine } = point;
    const classic: unknown[] = [];
    for (let bucket = 0; bucket < buckets.length; bucket += 1) if (buckets[bucket] !== 0) classic.push(bounds[bucket], buckets[bucket]);
    const exponential: number[] = [];
    if (fine !== undefined)
      for (let at = 0; at < fine.counts.length; at += 1)
        if (fine.counts[at] !== 0) exponential.push(fine.offset + at, fine.counts[at] as number);
    this.#listOf(this.#histograms, family).push([labelsText(labels), count, sum, fine?.zeros ?? 0, classic, exponential]);
    this.writes += 3 + (classic.length + exponential.length) / 2;
  }

  summary(family: SummaryFamily, { labels, count, sum }: SummaryFamily['points'][number]): void {
    this.#listOf(this.#summaries, family).push(labelsText(labels), count, sum);
    this.writes += 2;
  }

  /** @param last when endpoints and methods were called last */
  text({ last, at, current }: { readonly last: LastCalls; readonly at: string; readonly current?: string | undefined }): string {
    return JSON.stringify({
      at,
      endpoints: written(this.#endpoints, (name) => last.endpoints.get(name) ?? at),
      methods: written(this.#methods, (name) => last.methods.get(name) ?? at),
      heads: [...this.#heads].flat(),
      counters: [...this.#counters].flat(),
      histograms: [...this.#histograms].flat(),
      summaries: [...this.#summaries].flat(),
      current,
    });
  }

  keys(): string[] {
    const keys = [...this.#counters.keys()].map((name) => `counter:${name}`);
    if (this.#heads.size > 0) keys.push('families');
    if (this.#endpoints.size > 0) keys.push('endpoints');
    if (this.#methods.size > 0) keys.push('methods');
    for (const name of [...this.#endpoints.keys()].map(nameText))
      keys.push(`endpoint_calls:${name}`, `endpoint_failures:${name}`, `last_called:${name}`);
    for (const name of [...this.#methods.keys()].map(nameText))
      keys.push(`method_calls:${name}`, `method_failures:${name}`, `method_last_called:${name}`);
    for (const [name, points] of this.#histograms) {
      keys.push(`histograms:${name}`);
      for (const [labels] of points as readonly [string][]) keys.push(`histogram:${name}:${labels}`);
    }
    for (const name of this.#summaries.keys()) keys.push(`summary_count:${name}`, `summary_sum:${name}`);
    return keys;
  }

  #listOf(lists: Map<string, unknown[]>, family: MetricFamily): unknown[] {
    let list = lists.get(family.name);
    if (list === undefined) {
      list = [];
      lists.set(family.name, list);
      this.#heads.set(family.name, headOf(family));
    }
    return list;
  }

  #called(all: Calls, name: string, { calls, hasFailed }: { readonly calls: number; readonly hasFailed: boolean }): void {
    const known = all.get(name) ?? { calls: 0, failures: 0 };
    all.set(name, known);
    known.calls += calls;
    if (hasFailed) known.failures += calls;
    this.writes += 3;
  }
}

function written(all: Calls, lastCall: (name: string) => string): unknown[] {
  return [...all].flatMap(([name, { calls, failures }]) => [nameText(name), calls, failures, calls > 0 ? lastCall(name) : '']);
}

function headOf(family: MetricFamily): string {
  const { name: _, points: __, ...head } = family;
  return JSON.stringify(head);
}

/** `GET /greet/:name`. What is past the limit of series is one endpoint. */
export function endpointOf({ method = '', path = '' }: LabelRecord): string {
  return isOverflow([method, path]) ? OVERFLOW_LABEL_VALUE : `${method} ${path}`;
}

/** `UserService.find` */
export function methodOf({ component = '', method = '' }: LabelRecord): string {
  return isOverflow([component, method]) ? OVERFLOW_LABEL_VALUE : `${component}.${method}`;
}

/** `503`, or `5xx` if statuses are grouped. */
function isServerError({ status = '' }: LabelRecord): boolean {
  return status.startsWith('5');
}

/** What is written with the changes. */
export interface PartContext {
  readonly last: LastCalls;
  /** The text that identifies the process in labels. */
  readonly process: string;
}

/** Returns the parts of a delta, at least one. The last has the current values. Yields to the event loop between parts. */
export async function* partsOf({ families, endSeconds }: MetricsDelta, { last, process }: PartContext): AsyncGenerator<PartContent, void> {
  const at = new Date(endSeconds * 1000).toISOString();
  const current = new CurrentValues(process);
  let part = new OpenPart();
  for (const family of families) {
    if (current.take(family)) continue;
    const bounds = family.type === 'histogram' ? [...family.bounds.map(String), '+Inf'] : [];
    for (const point of family.points) {
      add(part, { family, point, bounds });
      if (!part.isFull) continue;
      yield contentOf(part, part.text({ last, at }));
      part = new OpenPart();
      await nextTurn();
    }
  }
  yield contentOf(part, part.text({ last, at, current: current.text() }));
}

function contentOf(part: OpenPart, text: string): PartContent {
  return { text, keys: () => part.keys() };
}

interface Entry {
  readonly family: MetricFamily;
  readonly point: MetricFamily['points'][number];
  readonly bounds: readonly string[];
}

function add(part: OpenPart, { family, point, bounds }: Entry): void {
  if (family.type === 'counter') part.counter(family, point as CounterFamily['points'][number]);
  else if (family.type === 'histogram') part.histogram(family, point as HistogramFamily['points'][number], bounds);
  else if (family.type === 'summary') part.summary(family, point as SummaryFamily['points'][number]);
}
