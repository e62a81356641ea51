/** Deltas: their sum is what was recorded, whatever happens to series and metrics in between. */
import { DeltaReader, type MetricFamily, type MetricsDelta, MetricsRegistry, numberOf } from '@tsukimi/metrics';
import fc from 'fast-check';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { openRegistry } from '../support/open-registry.js';

const LABELS = ['a', 'b', 'c'] as const;

/** Adds deltas up, as a receiver would. */
class Receiver {
  readonly counters = new Map<string, number>();
  readonly histograms = new Map<string, { count: number; sum: number; buckets: number[]; fine: Map<number, number> }>();
  readonly gauges = new Map<string, number>();

  take({ families }: MetricsDelta): void {
    for (const family of families) this.#takeFamily(family);
  }

  #takeFamily(family: MetricFamily): void {
    const key = (labels: object) => `${family.name}${JSON.stringify(labels)}`;
    if (family.type === 'counter') {
      for (const { labels, value } of family.points) this.counters.set(key(labels), (this.counters.get(key(labels)) ?? 0) + value);
    } else if (family.type === 'gauge') {
      for (const labels of family.removed ?? []) this.gauges.delete(key(labels));
      for (const { labels, value } of family.points) this.gauges.set(key(labels), numberOf(value));
    } else if (family.type === 'histogram') {
      for (const point of family.points) {
        const total = this.histograms.get(key(point.labels)) ?? { count: 0, sum: 0, buckets: point.buckets.map(() => 0), fine: new Map() };
        this.histograms.set(key(point.labels), total);
        total.count += point.count;
        total.sum += point.sum;
        total.buckets = total.buckets.map((count, index) => count + (point.buckets[index] ?? 0));
        for (const [index, count] of (point.fine?.counts ?? []).entries()) {
          const at = index + (point.fine?.offset ?? 0);
          if (count !== 0) total.fine.set(at, (total.fine.get(at) ?? 0) + count);
        }
        if (point.fine?.zeros) total.fine.set(Number.NEGATIVE_INFINITY, (total.fine.get(Number.NEGATIVE_INFINITY) ?? 0) + point.fine.zeros);
      }
    }
  }
}

type Step =
  | { readonly do: 'record'; readonly label: (typeof LABELS)[number]; readonly amount: number }
  | { readonly do: 'remove'; readonly label: (typeof LABELS)[number] }
  | { readonly do: 'resetSeries'; readonly label: (typeof LABELS)[number] }
  | { readonly do: 'read' | 'reset' | 'resetMetrics' | 'unregister' | 'replace' | 'clear' };

const labelled = fc.constantFrom(...LABELS);
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('record' as const), label: labelled, amount: fc.nat({ max: 50 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('remove' as const, 'resetSeries' as const), label: labelled }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'read' as const,
          'reset' as const,
          'resetMetrics' as const,
          'unregister' as const,
          'replace' as const,
          'clear' as const,
        ),
      }),
    },
  ),
  { maxLength: 40 },
);

/** A registry with one metric of each kind, to which steps are applied, and a model of what was recorded. */
class Subject {
  readonly registry = new MetricsRegistry({ onError: () => undefined });
  readonly reader = new DeltaReader(this.registry);
  readonly receiver = new Receiver();
  readonly recorded = new Map<string, number>();
  readonly observed = new Map<string, number[]>();
  readonly set = new Map<string, number>();

  #counter() {
    return this.registry.counter({ name: 'c_total', help: 'C.', labelNames: ['l'] });
  }
  #histogram() {
    return this.registry.histogram({ name: 'h', help: 'H.', labelNames: ['l'], buckets: [1, 10] });
  }
  #gauge() {
    return this.registry.gauge({ name: 'g', help: 'G.', labelNames: ['l'] });
  }

  async apply(step: Step): Promise<void> {
    switch (step.do) {
      case 'record': {
        const { label, amount } = step;
        this.#counter().inc({ l: label }, amount);
        this.#histogram().observe({ l: label }, amount);
        this.#gauge().set({ l: label }, amount);
        this.recorded.set(label, (this.recorded.get(label) ?? 0) + amount);
        this.observed.set(label, [...(this.observed.get(label) ?? []), amount]);
        this.set.set(label, amount);
        break;
      }
      case 'remove':
        for (const metric of [this.#counter(), this.#histogram(), this.#gauge()]) metric.remove(step.label);
        this.set.delete(step.label);
        break;
      case 'resetSeries':
        for (const metric of [this.#counter(), this.#histogram(), this.#gauge()]) metric.labels(step.label).reset();
        this.set.set(step.label, 0);
        break;
      case 'read':
        this.receiver.take(await this.reader.read());
        break;
      case 'reset':
        for (const metric of [this.#counter(), this.#histogram(), this.#gauge()]) metric.reset();
        this.set.clear();
        break;
      case 'resetMetrics':
        this.registry.resetMetrics();
        for (const label of this.set.keys()) this.set.set(label, 0);
        break;
      case 'unregister':
        for (const name of ['c_total', 'h', 'g']) this.registry.removeSingleMetric(name);
        this.set.clear();
        break;
      case 'replace': {
        const metrics = [this.#counter(), this.#histogram(), this.#gauge()];
        for (const { name } of metrics) this.registry.removeSingleMetric(name);
        for (const metric of metrics) this.registry.registerMetric(metric as never);
        break;
      }
      case 'clear':
        this.registry.clear();
        this.set.clear();
        break;
    }
  }
}

test('the sum of all deltas is what was recorded', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const subject = new Subject();
      for (const step of sequence) await subject.apply(step);
      await subject.apply({ do: 'read' });
      const { receiver } = subject;
      for (const label of LABELS) {
        const key = JSON.stringify({ l: label });
        expect(receiver.counters.get(`c_total${key}`) ?? 0).toBe(subject.recorded.get(label) ?? 0);
        const values = subject.observed.get(label) ?? [];
        const { count, sum, buckets, fine } = receiver.histograms.get(`h${key}`) ?? {
          count: 0,
          sum: 0,
          buckets: [0, 0, 0],
          fine: new Map(),
        };
        expect({ count, sum, buckets }).toEqual({
          count: values.length,
          sum: values.reduce((total, value) => total + value, 0),
          buckets: [
            values.filter((v) => v <= 1).length,
            values.filter((v) => v > 1 && v <= 10).length,
            values.filter((v) => v > 10).length,
          ],
        });
        expect(fine).toEqual(fineOf(values));
        expect(receiver.gauges.get(`g${key}`)).toBe(subject.set.get(label));
      }
    }),
    { numRuns: 300 },
  );
});

/** The fine buckets of values, as a new histogram has them. */
function fineOf(values: readonly number[]): Map<number, number> {
  const histogram = openRegistry().registry.histogram({ name: 'f', help: 'F.' });
  for (const value of values) histogram.observe(value);
  const fine = new Map<number, number>();
  for (const { distribution } of histogram.series) {
    for (const [index, count] of distribution.fine.entries()) if (count > 0) fine.set(index + distribution.fineOffset, count);
    if (distribution.zeros > 0) fine.set(Number.NEGATIVE_INFINITY, distribution.zeros);
  }
  return fine;
}

describe('what changed', () => {
  test('is in the delta, and nothing else', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'c_total', help: 'C.', labelNames: ['l'] });
    const gauge = registry.gauge({ name: 'g_bytes', help: 'G.' });
    registry.info({ name: 'i_info', help: 'I.', labelNames: ['v'] }).set({ v: '1' });
    counter.inc({ l: 'a' }, 2);
    counter.inc({ l: 'b' });
    const reader = new DeltaReader(registry);
    await reader.read();
    expect((await reader.read()).families).toEqual([]);
    counter.inc({ l: 'a' }, 3);
    gauge.set(Number.POSITIVE_INFINITY);
    const { families, startSeconds, endSeconds } = await reader.read();
    expect(families).toEqual([
      { type: 'counter', name: 'c_total', help: 'C.', points: [{ labels: { l: 'a' }, value: 3, createdSeconds: expect.any(Number) }] },
      { type: 'gauge', name: 'g_bytes', help: 'G.', unit: 'bytes', aggregator: 'sum', points: [{ labels: {}, value: '+Inf' }] },
    ]);
    expect(endSeconds).toBeGreaterThanOrEqual(startSeconds);
  });

  test('is frozen plain JSON', async () => {
    const { registry } = openRegistry();
    registry.histogram({ name: 'h', help: 'H.' }).observe(2, { exemplar: { trace_id: '1' } });
    registry.gauge({ name: 'g', help: 'G.' }).set(Number.NEGATIVE_INFINITY);
    registry.summary({ name: 's', help: 'S.' });
    registry.stateSet({ name: 'st', help: 'S.', states: ['on', 'off'] }).set('on');
    const delta = await new DeltaReader(registry).read();
    expect(JSON.parse(JSON.stringify(delta))).toStrictEqual(delta);
    const [histogram] = delta.families.filter(({ type }) => type === 'histogram');
    expect(
      [delta, delta.families, histogram, histogram?.points, histogram?.points[0], histogram?.points[0]?.labels].every(Object.isFrozen),
    ).toBe(true);
    expect(() => Object.assign(histogram?.points[0] ?? {}, { count: 7 })).toThrow(TypeError);
  });

  test('does not keep a registry busy that has been read for the last time', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'c_total', help: 'C.' });
    const reader = new DeltaReader(registry);
    reader.close();
    counter.inc();
    counter.reset();
    expect((await reader.read()).families.find(({ name }) => name === 'c_total')?.points).toEqual([
      { labels: {}, value: 0, createdSeconds: expect.any(Number) },
    ]);
  });
});

test('default labels that change: what is recorded later has the new ones, and gauges move', async () => {
  const { registry } = openRegistry({ defaultLabels: { env: 'test' } });
  const counter = registry.counter({ name: 'c_total', help: 'C.' });
  const gauge = registry.gauge({ name: 'g', help: 'G.' });
  const theirs = new promClient.Counter({ name: 'p_total', help: 'P.', registers: [registry] });
  const reader = new DeltaReader(registry);
  counter.inc(2);
  theirs.inc(5);
  gauge.set(1);
  await reader.read();
  registry.setDefaultLabels({ env: 'prod' });
  counter.inc(3);
  theirs.inc(1);
  expect((await reader.read()).families.map(({ name, points, ...more }) => [name, points[0], 'removed' in more && more.removed])).toEqual([
    ['c_total', { labels: { env: 'prod' }, value: 3, createdSeconds: expect.any(Number) }, false],
    ['g', { labels: { env: 'prod' }, value: 1 }, [{ env: 'test' }]],
    ['p_total', { labels: { env: 'prod' }, value: 1 }, false],
  ]);
});

describe("prom-client's metrics", () => {
  test('a counter that falls has started again', async () => {
    const { registry } = openRegistry();
    const counter = new promClient.Counter({ name: 'p_total', help: 'P.', labelNames: ['l'], registers: [registry] });
    const histogram = new promClient.Histogram({ name: 'p_seconds', help: 'P.', buckets: [1], registers: [registry] });
    const reader = new DeltaReader(registry);
    const receiver = new Receiver();
    counter.inc({ l: 'a' }, 5);
    histogram.observe(0.5);
    histogram.observe(2);
    receiver.take(await reader.read());
    counter.reset();
    histogram.reset();
    counter.inc({ l: 'a' }, 2);
    histogram.observe(3);
    receiver.take(await reader.read());
    expect(receiver.counters.get('p_total{"l":"a"}')).toBe(7);
    expect(receiver.histograms.get('p_seconds{}')).toEqual({ count: 3, sum: 5.5, buckets: [1, 2], fine: new Map() });
  });

  test('a gauge that is removed', async () => {
    const { registry } = openRegistry();
    const gauge = new promClient.Gauge({ name: 'p', help: 'P.', labelNames: ['l'], registers: [registry] });
    gauge.set({ l: 'a' }, Number.NaN);
    const reader = new DeltaReader(registry);
    expect((await reader.read()).families.at(-1)?.points).toEqual([{ labels: { l: 'a' }, value: 'NaN' }]);
    gauge.remove({ l: 'a' });
    expect((await reader.read()).families).toEqual([
      { type: 'gauge', name: 'p', help: 'P.', aggregator: 'sum', points: [], removed: [{ l: 'a' }] },
    ]);
  });

  test('a registry that no longer has the metric', async () => {
    const { registry } = openRegistry();
    new promClient.Gauge({ name: 'p', help: 'P.', registers: [registry] }).set(1);
    const reader = new DeltaReader(registry);
    await reader.read();
    registry.removeSingleMetric('p');
    expect((await reader.read()).families).toEqual([
      { type: 'gauge', name: 'p', help: 'P.', aggregator: 'sum', points: [], removed: [{}] },
    ]);
  });
});

test('all gauges, where the receiver lets them expire', async () => {
  const { registry } = openRegistry();
  registry.gauge({ name: 'g', help: 'G.' }).set(4);
  const reader = new DeltaReader(registry, { gauges: 'all' });
  await reader.read();
  expect((await reader.read()).families.map(({ name, points }) => [name, points])).toEqual([['g', [{ labels: {}, value: 4 }]]]);
});

test('label sets that come and go while nobody reads are limited, and none of their values is lost', async () => {
  const { registry } = openRegistry({ maxSeriesPerMetric: 10 });
  const counter = registry.counter({ name: 'c_total', help: 'C.', labelNames: ['l'] });
  const reader = new DeltaReader(registry);
  for (let index = 0; index < 10_050; index += 1) {
    counter.inc({ l: String(index) });
    counter.remove(String(index));
  }
  const points = (await reader.read()).families.find(({ name }) => name === 'c_total')?.points ?? [];
  expect(points.length).toBe(10_001);
  expect(points.at(-1)).toEqual({ labels: { l: '__overflow__' }, value: 50, createdSeconds: expect.any(Number) });
});

test('deltas of fractions add up to the value, but for the rounding of one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }), async (amounts) => {
      const { registry } = openRegistry();
      const counter = registry.counter({ name: 'c_total', help: 'C.' });
      const reader = new DeltaReader(registry);
      let sum = 0;
      for (const amount of amounts) {
        counter.inc(amount);
        const point = (await reader.read()).families.find(({ name }) => name === 'c_total')?.points[0] as { value: number } | undefined;
        expect(point?.value ?? 0).toBeGreaterThanOrEqual(0);
        sum += point?.value ?? 0;
      }
      const total = counter.labels().value;
      expect(Math.abs(sum - total)).toBeLessThanOrEqual(Number.EPSILON * total);
    }),
    { numRuns: 60 },
  );
});

test('series that are recorded in, removed and reset while a read is going on count once', async () => {
  const { registry } = openRegistry({ maxSeriesPerMetric: 20_000 });
  const counter = registry.counter({ name: 'c_total', help: 'C.', labelNames: ['l'] });
  const histogram = registry.histogram({ name: 'h', help: 'H.', labelNames: ['l'], buckets: [1] });
  const reader = new DeltaReader(registry);
  const receiver = new Receiver();
  let recorded = 0;
  const record = (index: number): void => {
    counter.inc({ l: String(index) });
    histogram.observe({ l: String(index) }, 2);
    recorded += 1;
  };
  for (let index = 0; index < 10_000; index += 1) record(index);
  for (let round = 0; round < 3; round += 1) {
    let isReading = true;
    const reading = reader.read().finally(() => {
      isReading = false;
    });
    for (let turn = 0; isReading; turn += 1) {
      for (let index = turn % 7; index < 10_000; index += 701) {
        record(index);
        if (turn % 3 === 0) {
          counter.remove(String(index));
          histogram.remove(String(index));
          record(index);
        } else if (turn % 3 === 1) histogram.labels(String(index)).reset();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    receiver.take(await reading);
  }
  receiver.take(await reader.read());
  const own = [...receiver.counters].filter(([key]) => key.startsWith('c_total'));
  expect(own.reduce((sum, [, value]) => sum + value, 0)).toBe(recorded);
  expect([...receiver.histograms.values()].reduce((sum, { count }) => sum + count, 0)).toBe(recorded);
});
