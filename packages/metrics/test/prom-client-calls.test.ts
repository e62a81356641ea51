/** Every call of prom-client's metrics and their children, made on theirs and on ours: the scrape is the same, or a row says how it differs. */
import { Counter, Gauge, Histogram, MetricsRegistry, Summary } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { describe, expect, test, vi } from 'vitest';
import { invalidLines, openRegistry, thrownBy, untyped } from './support/open-registry.js';

// biome-ignore lint/suspicious/noExplicitAny: the calls of a program in JavaScript.
type Any = any;

interface Row {
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly labelNames?: readonly string[];
  readonly call: (metric: Any) => unknown;
}

/** Recorded by both, with the same samples. */
const SAME: Readonly<Record<string, Row>> = {
  'counter.inc()': { kind: 'counter', call: (c) => c.inc() },
  'counter.inc(5)': { kind: 'counter', call: (c) => c.inc(5) },
  'counter.inc(0)': { kind: 'counter', call: (c) => c.inc(0) },
  'counter.inc(null)': { kind: 'counter', call: (c) => c.inc(null) },
  'counter.inc(undefined)': { kind: 'counter', call: (c) => c.inc(undefined) },
  'counter.inc({})': { kind: 'counter', call: (c) => c.inc({}) },
  'counter.inc({}, 2)': { kind: 'counter', call: (c) => c.inc({}, 2) },
  'counter.inc(labels)': { kind: 'counter', labelNames: ['a', 'b'], call: (c) => c.inc({ a: 'x', b: 'y' }) },
  'counter.inc(labels, null)': { kind: 'counter', labelNames: ['a'], call: (c) => c.inc({ a: 'x' }, null) },
  'counter.inc(labels, 2.5)': { kind: 'counter', labelNames: ['a'], call: (c) => c.inc({ a: 'x' }, 2.5) },
  'counter.inc(some labels)': { kind: 'counter', labelNames: ['a', 'b'], call: (c) => c.inc({ b: 'y' }) },
  'counter.inc() with labels': { kind: 'counter', labelNames: ['a'], call: (c) => c.inc() },
  'counter.inc(3) with labels': { kind: 'counter', labelNames: ['a'], call: (c) => c.inc(3) },
  'counter.labels(value).inc()': { kind: 'counter', labelNames: ['a'], call: (c) => c.labels('x').inc() },
  'counter.labels(value).inc(null)': { kind: 'counter', labelNames: ['a'], call: (c) => c.labels('x').inc(null) },
  'counter.labels(value).inc(2)': { kind: 'counter', labelNames: ['a'], call: (c) => c.labels('x').inc(2) },
  'counter.labels(object).inc()': { kind: 'counter', labelNames: ['a', 'b'], call: (c) => c.labels({ a: 'x', b: 'y' }).inc() },
  'counter.labels().inc()': { kind: 'counter', call: (c) => c.labels().inc() },
  'counter.labels({}).inc()': { kind: 'counter', call: (c) => c.labels({}).inc(4) },
  'counter.labels(null).inc()': { kind: 'counter', call: (c) => c.labels(null).inc(4) },
  '{ inc } of a counter': { kind: 'counter', labelNames: ['a'], call: (c) => detached(c.labels('x').inc)(2) },
  'counter.remove(value)': { kind: 'counter', labelNames: ['a'], call: (c) => [c.inc({ a: 'x' }), c.inc({ a: 'y' }), c.remove('x')] },
  'counter.remove(object)': {
    kind: 'counter',
    labelNames: ['a'],
    call: (c) => [c.inc({ a: 'x' }), c.inc({ a: 'y' }), c.remove({ a: 'y' })],
  },
  'counter.remove() of nothing': { kind: 'counter', labelNames: ['a'], call: (c) => c.remove('z') },
  'counter.reset()': { kind: 'counter', call: (c) => [c.inc(3), c.reset()] },
  'counter.reset() with labels': { kind: 'counter', labelNames: ['a'], call: (c) => [c.inc({ a: 'x' }), c.reset()] },
  'gauge.set(5)': { kind: 'gauge', call: (g) => g.set(5) },
  'gauge.set(-Infinity)': { kind: 'gauge', call: (g) => g.set(Number.NEGATIVE_INFINITY) },
  'gauge.set({}, 5)': { kind: 'gauge', call: (g) => g.set({}, 5) },
  'gauge.set(labels, 0)': { kind: 'gauge', labelNames: ['a'], call: (g) => g.set({ a: 'x' }, 0) },
  'gauge.inc(), dec()': { kind: 'gauge', call: (g) => [g.inc(), g.inc(5), g.dec(), g.dec(2.5)] },
  'gauge.inc(labels), dec(labels)': {
    kind: 'gauge',
    labelNames: ['a'],
    call: (g) => [g.inc({ a: 'x' }), g.inc({ a: 'x' }, -5), g.dec({ a: 'y' }), g.dec({ a: 'y' }, 2.5)],
  },
  'gauge.setToCurrentTime()': { kind: 'gauge', call: (g) => g.setToCurrentTime() },
  'gauge.setToCurrentTime(labels)': { kind: 'gauge', labelNames: ['a'], call: (g) => g.setToCurrentTime({ a: 'x' }) },
  'gauge.startTimer()': { kind: 'gauge', call: timed((g) => g.startTimer()) },
  'gauge.startTimer(null)(null)': { kind: 'gauge', call: timed((g) => g.startTimer(null), null) },
  'gauge.startTimer(labels)(labels)': {
    kind: 'gauge',
    labelNames: ['a', 'b'],
    call: timed((g) => g.startTimer({ a: 'x', b: 'x' }), { b: 'y' }),
  },
  'all methods of a gauge’s child': {
    kind: 'gauge',
    labelNames: ['a'],
    call: (g) => {
      const { set, inc, dec } = g.labels('x');
      set(5);
      inc();
      inc(4);
      dec();
      dec(2);
      detached(g.labels({ a: 'now' }).setToCurrentTime)();
    },
  },
  'gauge.labels(value).startTimer()()': { kind: 'gauge', labelNames: ['a'], call: timed((g) => detached(g.labels('x').startTimer)()) },
  'gauge.labels(object).startTimer()(labels)': {
    kind: 'gauge',
    labelNames: ['a', 'b'],
    call: timed(
      (g) => g.labels({ a: 'x', b: 'x' }).startTimer(),
      { b: 'y' },
      (g) => g.remove('x', 'x'),
    ),
  },
  'gauge.remove(value)': { kind: 'gauge', labelNames: ['a'], call: (g) => [g.set({ a: 'x' }, 1), g.set({ a: 'y' }, 1), g.remove('x')] },
  'gauge.reset()': { kind: 'gauge', call: (g) => [g.set(3), g.reset()] },
  ...observing('histogram'),
  ...observing('summary'),
  'histogram.zero(labels)': {
    kind: 'histogram',
    labelNames: ['a'],
    call: (h) => [h.observe({ a: 'x' }, 1), h.zero({ a: 'x' }), h.zero({ a: 'y' })],
  },
  'histogram.zero()': { kind: 'histogram', call: (h) => h.zero({}) },
};

function observing(kind: 'histogram' | 'summary'): Record<string, Row> {
  const labelNames = ['a', 'b'];
  return {
    [`${kind}.observe(5)`]: { kind, call: (m) => m.observe(5) },
    [`${kind}.observe(0)`]: { kind, call: (m) => m.observe(0) },
    [`${kind}.observe({}, 5)`]: { kind, call: (m) => m.observe({}, 5) },
    [`${kind}.observe(undefined, 5)`]: { kind, call: (m) => m.observe(undefined, 5) },
    [`${kind}.observe(null, 5)`]: { kind, call: (m) => m.observe(null, 5) },
    [`${kind}.observe(labels, 0.5)`]: { kind, labelNames, call: (m) => m.observe({ b: 'y', a: 'x' }, 0.5) },
    [`${kind}.observe(some labels, 0.5)`]: { kind, labelNames, call: (m) => m.observe({ b: 'y' }, 0.5) },
    [`${kind}.startTimer()()`]: { kind, call: timed((m) => m.startTimer()) },
    [`${kind}.startTimer(null)(null)`]: { kind, call: timed((m) => m.startTimer(null), null) },
    [`${kind}.startTimer(labels)(labels)`]: { kind, labelNames, call: timed((m) => m.startTimer({ a: 'x', b: 'x' }), { b: 'y' }) },
    [`${kind}.labels(values).observe(5)`]: { kind, labelNames, call: (m) => m.labels('x', 'y').observe(5) },
    [`${kind}.labels(object).observe(5)`]: { kind, labelNames, call: (m) => detached(m.labels({ a: 'x', b: 'y' }).observe)(5) },
    [`${kind}.labels(values).startTimer()()`]: { kind, labelNames, call: timed((m) => detached(m.labels('x', 'y').startTimer)()) },
    [`${kind}.labels(object).startTimer()(labels)`]: {
      kind,
      labelNames,
      call: timed(
        (m) => m.labels({ a: 'x', b: 'x' }).startTimer(),
        { b: 'y' },
        (m) => m.remove('x', 'x'),
      ),
    },
    [`${kind}.remove(values)`]: { kind, labelNames, call: (m) => [m.observe({ a: 'x', b: 'y' }, 1), m.remove('x', 'y')] },
    [`${kind}.reset()`]: { kind, labelNames: kind === 'summary' ? [] : labelNames, call: (m) => [m.observe({}, 1), m.reset()] },
  };
}

/** Where prom-client throws into the program, or loses or distorts the value, ours refuses it: counted and said. */
const REFUSED: Readonly<Record<string, Row>> = {
  'counter.inc(-1)': { kind: 'counter', call: (c) => c.inc(-1) },
  'counter.inc(NaN)': { kind: 'counter', call: (c) => c.inc({}, Number.NaN) },
  'counter.inc(a text)': { kind: 'counter', call: (c) => c.inc('5') },
  'counter.inc(true)': { kind: 'counter', call: (c) => c.inc(true) },
  'counter.inc(unknown label)': { kind: 'counter', call: (c) => c.inc({ a: 'x' }) },
  'child.inc(-1)': { kind: 'counter', call: (c) => detached(c.labels().inc)(-1) },
  'gauge.set()': { kind: 'gauge', call: (g) => g.set() },
  'gauge.set({})': { kind: 'gauge', call: (g) => g.set({}) },
  'gauge.set(null)': { kind: 'gauge', call: (g) => g.set(null) },
  'gauge.set(NaN)': { kind: 'gauge', call: (g) => g.set(Number.NaN) },
  'gauge.inc(null)': { kind: 'gauge', call: (g) => g.inc(null) },
  'gauge.inc({}, null)': { kind: 'gauge', call: (g) => g.inc({}, null) },
  'gauge.dec(a text)': { kind: 'gauge', call: (g) => g.dec('5') },
  'a gauge’s child.set(null)': { kind: 'gauge', call: (g) => detached(g.labels().set)(null) },
  ...Object.fromEntries(
    (['histogram', 'summary'] as const).flatMap((kind): [string, Row][] => [
      [`${kind}.observe()`, { kind, call: (m) => m.observe() }],
      [`${kind}.observe({})`, { kind, call: (m) => m.observe({}) }],
      [`${kind}.observe(null)`, { kind, call: (m) => m.observe(null) }],
      [`${kind}.observe({}, null)`, { kind, call: (m) => m.observe({}, null) }],
      [`${kind}.observe(a text)`, { kind, call: (m) => m.observe('5') }],
      [`${kind}.observe(-1)`, { kind, call: (m) => m.observe(-1) }],
      [`${kind}.observe(unknown label, 5)`, { kind, call: (m) => m.observe({ a: 'x' }, 5) }],
      [`${kind}.startTimer()(unknown label)`, { kind, call: (m) => m.startTimer()({ a: 'x' }) }],
      [`a ${kind}’s child.startTimer()(unknown label)`, { kind, call: (m) => m.labels().startTimer()({ a: 'x' }) }],
    ]),
  ),
};

/** Taken off its object. */
function detached<F>(method: F): F {
  return method;
}

/** A timer of 1.5 s, ended with these labels. */
function timed(start: (metric: Any) => Any, endLabels?: object | null, after?: (metric: Any) => unknown): (metric: Any) => void {
  return (metric) => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
    try {
      const end = start(metric);
      vi.advanceTimersByTime(1500);
      expect(end(endLabels)).toBe(1.5);
      after?.(metric);
    } finally {
      vi.useRealTimers();
    }
  };
}

const OURS = { counter: Counter, gauge: Gauge, histogram: Histogram, summary: Summary };
const THEIRS = { counter: promClient.Counter, gauge: promClient.Gauge, histogram: promClient.Histogram, summary: promClient.Summary };

async function samplesOf(kinds: typeof OURS | typeof THEIRS, { kind, labelNames = [], call }: Row, registry: promClient.Registry) {
  const metric = new (kinds[kind] as Any)({
    name: 'm',
    help: 'M.',
    labelNames,
    buckets: [1, 2],
    percentiles: [0.5],
    registers: [registry],
  });
  vi.setSystemTime(1_700_000_000_000);
  try {
    call(metric);
  } finally {
    vi.useRealTimers();
  }
  const { values } = (await metric.get()) as { readonly values: readonly Any[] };
  return values
    .map(({ labels, value, metricName = 'm' }) => [
      metricName,
      JSON.stringify(
        Object.entries(labels)
          .map(([k, v]) => `${k}=${v}`)
          .sort(),
      ),
      value || 0,
    ])
    .sort();
}

test.each(Object.entries(SAME))('%s', async (_, row) => {
  const { registry, codes } = openRegistry();
  const ours = new MetricsRegistry({ onError: () => {} });
  expect(await samplesOf(OURS, row, ours)).toEqual(await samplesOf(THEIRS, row, new promClient.Registry()));
  expect([await invalidLines(ours), await invalidLines(registry), codes()]).toEqual([[], [], []]);
});

test.each(Object.entries(REFUSED))('%s is refused: counted, said, and not recorded', async (_, row) => {
  const { registry, codes } = openRegistry();
  const before = await samplesOf(OURS, { ...row, call: () => {} }, new MetricsRegistry());
  expect(await samplesOf(OURS, row, registry)).toEqual(before);
  expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="m"} 1']);
  expect(codes()).toHaveLength(1);
});

describe('what prom-client does otherwise', () => {
  test('inc(undefined, 5) adds 5, not 1; an exemplar alone stands behind undefined too', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'c_total', help: 'C.' });
    untyped<(...args: unknown[]) => void>(counter.inc.bind(counter))(undefined, 5);
    untyped<(...args: unknown[]) => void>(counter.inc.bind(counter))(null, 2);
    counter.inc(undefined, { exemplar: { trace_id: 'a' } });
    expect(counter.labels()).toMatchObject({ value: 8, exemplar: { labels: { trace_id: 'a' }, value: 1 } });
    const gauge = registry.gauge({ name: 'g', help: 'G.' }) as Any;
    gauge.set(undefined, 5);
    gauge.inc(null, 2);
    gauge.dec(undefined, 1);
    expect(gauge.labels().value).toBe(6);
  });

  test('a second value is refused, not lost', async () => {
    const { registry, codes } = openRegistry();
    const [gauge, histogram, summary] = [
      registry.gauge({ name: 'g', help: 'G.' }),
      registry.histogram({ name: 'h', help: 'H.' }),
      registry.summary({ name: 's', help: 'S.' }),
    ] as Any[];
    gauge.set(1, 2);
    histogram.observe(1, 2);
    summary.observe(1, 2);
    expect([gauge.labels().value, histogram.labels().distribution.count, summary.labels().count]).toEqual([1, 1, 1]);
    expect(codes()).toEqual(['TSK_ERR_METRIC_VALUE', 'TSK_ERR_METRIC_EXEMPLAR', 'TSK_ERR_METRIC_VALUE']);
  });

  test('exemplars of a timer need no enableExemplars', async () => {
    const { registry } = openRegistry();
    const histogram = registry.histogram({ name: 'h', help: 'H.', labelNames: ['a'], buckets: [1] });
    histogram.startTimer({ a: 'x' }, { trace_id: 't1' })({}, { span_id: 's1' });
    histogram.startTimer({ a: 'y' })({}, { trace_id: 't2' });
    expect((await registry.expose({ format: 'openmetrics' })).match(/# \{.*?\}/g)).toEqual([
      '# {trace_id="t1",span_id="s1"}',
      '# {trace_id="t2"}',
    ]);
  });

  test.each([Counter, Histogram])('enableExemplars and a collect that is none fail where the metric is made', (kind) => {
    const options = { name: 'm_total', help: 'M.', registers: [] };
    expect(thrownBy(() => new kind({ ...options, enableExemplars: true } as never))).toMatchObject({
      code: 'TSK_ERR_METRIC_OPTION',
      message:
        'm_total: its option enableExemplars exists only in prom-client. Omit it, and pass exemplars after the value: inc(labels, 1, { exemplar: { trace_id } }).',
    });
    expect(thrownBy(() => new kind({ ...options, collect: 'x' } as never))).toMatchObject({ code: 'TSK_ERR_METRIC_OPTION' });
  });

  test('bounds below 0 are refused as values below 0 are', () => {
    const { registry } = openRegistry();
    const make = () => registry.histogram({ name: 'h', help: 'H.', buckets: [-1, 0, 1] });
    expect(thrownBy(make)).toMatchObject({ code: 'TSK_ERR_METRIC_BUCKETS', message: expect.stringContaining('contain negative bounds') });
  });
});
