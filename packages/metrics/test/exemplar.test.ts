/** Exemplars: the newest of each bucket, at most 128 characters, and never at the cost of the value. */
import { Counter, Histogram, MAX_EXEMPLAR_LENGTH, type RecordOptions } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { invalidLines, openRegistry, untyped } from './support/open-registry.js';

const NOW = 1_700_000_000.25;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function opened() {
  const given = openRegistry();
  const { registry } = given;
  return {
    ...given,
    counter: registry.counter({ name: 'c_total', help: 'C.' }),
    histogram: registry.histogram({ name: 'h', help: 'H.', buckets: [1, 10] }),
    labelledCounter: registry.counter({ name: 'lc_total', help: 'C.', labelNames: ['a'] }),
    labelledHistogram: registry.histogram({ name: 'lh', help: 'H.', buckets: [1], labelNames: ['a'] }),
    lines: async (name: string) =>
      (await registry.expose({ format: 'openmetrics', names: [name] }))
        .split('\n')
        .filter((line) => line !== '' && !/^#|_created/.test(line)),
  };
}

test('of a counter: the newest', async () => {
  const { counter, labelledCounter, lines } = opened();
  counter.inc(2, { exemplar: { trace_id: 'old' } });
  counter.inc(3, { exemplar: { trace_id: 'new', sampled: true, part: 7 } });
  counter.inc(1);
  labelledCounter.inc({ a: 'x' }, 1, { exemplar: { trace_id: 't' } });
  labelledCounter.labels('y').inc(4, { exemplar: { trace_id: 'u' } });
  expect(await lines('c_total')).toEqual([`c_total 6 # {trace_id="new",sampled="true",part="7"} 3 ${NOW}`]);
  expect(await lines('lc_total')).toEqual([`lc_total{a="x"} 1 # {trace_id="t"} 1 ${NOW}`, `lc_total{a="y"} 4 # {trace_id="u"} 4 ${NOW}`]);
});

test('of a histogram: the newest of each bucket', async () => {
  const { histogram, labelledHistogram, lines } = opened();
  histogram.observe(0.5, { exemplar: { trace_id: 'a' } });
  histogram.observe(1, { exemplar: { trace_id: 'b' } });
  histogram.observe(5);
  histogram.labels().observe(50, { exemplar: { trace_id: 'c' } });
  labelledHistogram.observe({ a: 'x' }, 0, { exemplar: { trace_id: 'e"\\\n' } });
  vi.setSystemTime(NOW * 1000 + 500);
  histogram.observe(70, { exemplar: { trace_id: 'd' } });
  expect(await lines('h')).toEqual([
    `h_bucket{le="1.0"} 2 # {trace_id="b"} 1 ${NOW}`,
    'h_bucket{le="10.0"} 3',
    `h_bucket{le="+Inf"} 5 # {trace_id="d"} 70 ${NOW + 0.5}`,
    'h_sum 126.5',
    'h_count 5',
  ]);
  expect((await lines('lh'))[0]).toBe(`lh_bucket{a="x",le="1.0"} 1 # {trace_id="e\\"\\\\\\n"} 0 ${NOW}`);
});

test('are not in the text format', async () => {
  const { registry, counter } = opened();
  counter.inc(2, { exemplar: { trace_id: 'x' } });
  expect(await registry.expose({ names: ['c_total'] })).toBe('# HELP c_total C.\n# TYPE c_total counter\nc_total 2\n');
});

test('there is none until one is recorded, and reset removes it', () => {
  const { counter, histogram } = opened();
  histogram.observe(1);
  histogram.observe(1, {});
  histogram.observe(1, { exemplar: undefined });
  histogram.observe(1, { exemplar: {} });
  histogram.observe(1, { exemplar: { trace_id: undefined, span_id: '' } });
  expect(histogram.labels().exemplars).toBeUndefined();
  histogram.observe(1, { exemplar: { trace_id: 'x' } });
  counter.inc(1, { exemplar: { trace_id: 'x' } });
  expect(counter.labels().exemplar).toEqual({ labels: { trace_id: 'x' }, value: 1, timestampSeconds: NOW });
  counter.reset();
  histogram.reset();
  expect([counter.labels().exemplar, histogram.labels().exemplars]).toEqual([undefined, undefined]);
});

describe('128 characters', () => {
  const exemplars: [string, Record<string, string>, boolean][] = [
    ['of exactly that', { trace_id: 'x'.repeat(MAX_EXEMPLAR_LENGTH - 8) }, true],
    ['one more', { trace_id: 'x'.repeat(MAX_EXEMPLAR_LENGTH - 7) }, false],
    ['over two labels', { trace_id: 'x'.repeat(100), span_id: 'y'.repeat(13) }, true],
    ['one more over two labels', { trace_id: 'x'.repeat(100), span_id: 'y'.repeat(14) }, false],
    ['moons, which are one character each', { trace_id: '🌕'.repeat(120) }, true],
    ['one moon more', { trace_id: '🌕'.repeat(121) }, false],
    ['10 MB', { trace_id: 'x'.repeat(10_000_000) }, false],
  ];
  test.each(exemplars)('%s', async (_, exemplar, isKept) => {
    const { registry, histogram, counter, codes } = opened();
    histogram.observe(1, { exemplar });
    counter.inc(1, { exemplar });
    expect([histogram.labels().exemplars !== undefined, counter.labels().exemplar !== undefined]).toEqual([isKept, isKept]);
    expect([histogram.labels().distribution.count, counter.labels().value]).toEqual([1, 1]);
    expect(await invalidLines(registry)).toEqual(
      isKept ? [] : ['metrics_invalid_values_total{metric="h"} 1', 'metrics_invalid_values_total{metric="c_total"} 1'],
    );
    expect(codes()).toEqual(isKept ? [] : ['TSK_ERR_METRIC_EXEMPLAR', 'TSK_ERR_METRIC_EXEMPLAR']);
  });
});

test.each<[string, unknown]>([
  ['a label name that is none', { 'trace-id': 'x' }],
  ['an empty label name', { '': 'x' }],
  ['a reserved label name', { __name__: 'x' }],
  [
    'a value that cannot be read',
    {
      get trace_id() {
        throw new Error('mine');
      },
    },
  ],
  ['a value that cannot be text', { trace_id: Object.create(null) }],
])('%s: the exemplar is refused, the value is counted', async (_, exemplar) => {
  const { registry, counter, errors } = opened();
  counter.inc(1, { exemplar: { trace_id: 'kept' } });
  counter.inc(2, untyped<RecordOptions>({ exemplar }));
  expect(counter.labels().value).toBe(3);
  expect(counter.labels().exemplar?.labels).toEqual({ trace_id: 'kept' });
  expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="c_total"} 1']);
  expect(errors.map(({ code }) => code)).toEqual(['TSK_ERR_METRIC_EXEMPLAR']);
  expect(errors[0]?.message).toMatch(/^c_total: an exemplar .*; the value was recorded without it\./);
});

test.each<[unknown]>([[5], ['x'], [null], [[]], [{ exemplar: 5 }], [{ exemplar: 'trace' }], [{ exemplar: null }]])(
  'options %j never throw, and the value is counted',
  (options) => {
    const { counter, histogram } = opened();
    expect(() => counter.inc(1, untyped(options))).not.toThrow();
    expect(() => histogram.observe(1, untyped(options))).not.toThrow();
    expect([counter.labels().value, histogram.labels().distribution.count]).toEqual([1, 1]);
  },
);

test('a value that is refused takes its exemplar with it', () => {
  const { counter, histogram } = opened();
  counter.inc(-1, { exemplar: { trace_id: 'x' } });
  histogram.observe(Number.NaN, { exemplar: { trace_id: 'x' } });
  expect([counter.labels().exemplar, histogram.labels().exemplars]).toEqual([undefined, undefined]);
});

test('lone surrogates are made whole; the object is not kept', () => {
  const { counter } = opened();
  const exemplar = { trace_id: 'a\ud800' };
  counter.inc(1, { exemplar });
  exemplar.trace_id = 'changed';
  expect(counter.labels().exemplar?.labels).toEqual({ trace_id: 'a\ufffd' });
});

test("an OpenMetrics registry of prom-client's writes them as ours does", async () => {
  const { histogram, counter, registry } = opened();
  histogram.observe(0.5, { exemplar: { trace_id: 'a' } });
  counter.inc(2, { exemplar: { trace_id: 'b' } });
  const theirs = new promClient.Registry();
  theirs.setContentType(promClient.Registry.OPENMETRICS_CONTENT_TYPE as never);
  for (const metric of [histogram, counter]) theirs.registerMetric(metric as never);
  const samples = (text: string) => text.split('\n').filter((line) => line.includes(' # {'));
  const ours = await registry.expose({ format: 'openmetrics' });
  expect(samples(await theirs.metrics())).toEqual(samples(ours.replaceAll('.0"', '"')).sort().reverse());
});

test('without a registry they are kept too', () => {
  const counter = new Counter({ registers: [], name: 'c_total', help: 'C.' });
  counter.inc(1, { exemplar: { trace_id: 'x' } });
  const histogram = new Histogram({ registers: [], name: 'h', help: 'H.' });
  histogram.observe(1, { exemplar: { trace_id: 'x'.repeat(200) } });
  expect([counter.labels().exemplar?.labels, histogram.labels().distribution.count]).toEqual([{ trace_id: 'x' }, 1]);
});
