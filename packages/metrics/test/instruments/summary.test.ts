/** Summaries: count and sum go on for ever, quantiles forget, and one observation counts once. */
import { Summary, type SummaryOptions } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { NOT_OBSERVABLE } from '../support/not-observable.js';
import { invalidLines, linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';

const SECOND = 1_000_000_000n;

function latencies(options: { maxAgeSeconds?: number; ageBuckets?: number; percentiles?: number[]; quantiles?: number[] } = {}) {
  const opened = openRegistry();
  const summary = opened.registry.summary({ name: 'latency', help: 'L.', quantiles: [0.5, 0.99], ...options });
  const labelled = opened.registry.summary({ name: 'path_latency', help: 'L.', quantiles: [0.5], labelNames: ['path'] });
  return { ...opened, summary, labelled };
}

test('without labels it is exposed before its first value: no quantile, a count of 0', async () => {
  const { registry } = latencies();
  expect(await linesOf(registry, 'latency')).toEqual([
    'latency{quantile="0.5"} NaN',
    'latency{quantile="0.99"} NaN',
    'latency_sum 0',
    'latency_count 0',
  ]);
  expect(await linesOf(registry, 'path_latency')).toEqual([]);
});

test('one observation is every quantile, and is counted once', async () => {
  const { registry, summary } = latencies();
  summary.observe(0.3);
  expect(await linesOf(registry, 'latency')).toEqual([
    'latency{quantile="0.5"} 0.3',
    'latency{quantile="0.99"} 0.3',
    'latency_sum 0.3',
    'latency_count 1',
  ]);
  expect(summary.labels().distribution.count).toBe(1);
});

test('observe with labels', async () => {
  const { registry, labelled } = latencies();
  labelled.observe({ path: '/' }, 2);
  labelled.labels({ path: '/' }).observe(2);
  labelled.labels('/').observe(2);
  expect(await linesOf(registry, 'path_latency')).toEqual([
    'path_latency{path="/",quantile="0.5"} 2',
    'path_latency_sum{path="/"} 6',
    'path_latency_count{path="/"} 3',
  ]);
});

describe('the window', () => {
  test('forgets in steps: a value counts for at least four fifths of ten minutes, and for ten minutes at most', () => {
    const { summary, advance } = latencies();
    const series = summary.labels();
    series.observe(7);
    advance(480n * SECOND);
    expect(series.distribution.count).toBe(1);
    series.observe(1);
    advance(119n * SECOND);
    expect(series.distribution.count).toBe(2);
    expect(series.distribution.quantile(1)).toBe(7);
    advance(SECOND);
    expect(series.distribution.count).toBe(1);
    expect(series.distribution.quantile(1)).toBe(1);
    advance(600n * SECOND);
    expect(series.distribution.quantile(1)).toBeNaN();
    expect([series.count, series.sum]).toEqual([2, 8]);
  });

  test('what comes exactly at a border is in the next step', () => {
    const { registry, advance } = openRegistry();
    const series = registry.summary({ name: 's', help: 'S.', maxAgeSeconds: 10, ageBuckets: 2 }).labels();
    advance(5n * SECOND);
    series.observe(1);
    advance(5n * SECOND - 1n);
    expect(series.distribution.count).toBe(1);
    advance(5n * SECOND);
    expect(series.distribution.count).toBe(1);
    advance(1n);
    expect(series.distribution.count).toBe(0);
  });

  test('is empty after any number of steps, and goes on', () => {
    const { registry, advance } = openRegistry();
    const series = registry.summary({ name: 's', help: 'S.', maxAgeSeconds: 1e-3, ageBuckets: 100 }).labels();
    for (const pause of [1n, 10n, 1_000_000n, 10n ** 18n]) {
      series.observe(3);
      advance(pause);
      series.observe(4);
      expect(series.distribution.quantile(1)).toBe(4);
    }
    expect(series.count).toBe(8);
  });

  test('of one step forgets all at once', () => {
    const { summary, advance } = latencies({ maxAgeSeconds: 60, ageBuckets: 1 });
    summary.observe(1);
    advance(60n * SECOND - 1n);
    expect(summary.labels().distribution.count).toBe(1);
    advance(1n);
    expect(summary.labels().distribution.count).toBe(0);
  });

  test('without an end forgets nothing', () => {
    const { summary, advance } = latencies({ maxAgeSeconds: Number.POSITIVE_INFINITY });
    summary.observe(1);
    advance(10n ** 20n);
    expect(summary.labels().distribution.count).toBe(1);
  });
});

test('quantiles are within 2.2 % of those of the values in the window', () => {
  const { registry, advance } = openRegistry();
  const series = registry.summary({ name: 's', help: 'S.' }).labels();
  for (let value = 1; value <= 1000; value += 1) {
    series.observe(value);
    advance(SECOND / 10n);
  }
  for (const q of [0.5, 0.9, 0.95, 0.99]) expect(Math.abs(series.distribution.quantile(q) / (q * 1000) - 1)).toBeLessThan(0.022);
});

test('startTimer observes the seconds since and returns them; labels at either end', async () => {
  const { registry, summary, labelled, advance } = latencies();
  const stop = summary.startTimer();
  const stopLabelled = labelled.startTimer({ path: '/a' });
  const stopSeries = labelled.labels('/c').startTimer();
  advance(1_250_000_000n);
  expect(stop()).toBe(1.25);
  expect(stopLabelled({ path: '/b' })).toBe(1.25);
  expect(stopSeries()).toBe(1.25);
  expect((await linesOf(registry, 'latency')).at(-2)).toBe('latency_sum 1.25');
  expect((await linesOf(registry, 'path_latency')).filter((line) => line.includes('_sum'))).toEqual([
    'path_latency_sum{path="/c"} 1.25',
    'path_latency_sum{path="/b"} 1.25',
  ]);
});

test('remove and reset', async () => {
  const { registry, summary, labelled } = latencies();
  summary.observe(5);
  summary.reset();
  expect(await linesOf(registry, 'latency')).toEqual([
    'latency{quantile="0.5"} NaN',
    'latency{quantile="0.99"} NaN',
    'latency_sum 0',
    'latency_count 0',
  ]);
  for (const path of ['a', 'b', 'c']) labelled.observe({ path }, 1);
  labelled.remove('a');
  labelled.remove({ path: 'c' });
  expect((await linesOf(registry, 'path_latency')).filter((line) => line.includes('_count'))).toEqual(['path_latency_count{path="b"} 1']);
  labelled.reset();
  expect(await linesOf(registry, 'path_latency')).toEqual([]);
});

test('get() is what prom-client reads', async () => {
  const { labelled } = latencies();
  labelled.observe({ path: '/' }, 2);
  expect(await labelled.get()).toEqual({
    name: 'path_latency',
    help: 'L.',
    type: 'summary',
    aggregator: 'sum',
    values: [
      { labels: { path: '/', quantile: 0.5 }, value: 2 },
      { metricName: 'path_latency_sum', labels: { path: '/' }, value: 2 },
      { metricName: 'path_latency_count', labels: { path: '/' }, value: 1 },
    ],
  });
});

test("a registry of prom-client's writes what ours writes", async () => {
  const { registry, labelled } = latencies();
  labelled.observe({ path: '/' }, 2);
  const theirs = new promClient.Registry();
  theirs.registerMetric(labelled as never);
  const sorted = (text: string) => text.replaceAll(/\{quantile="0.5",path="\/"\}/g, '{path="/",quantile="0.5"}');
  expect(sorted(await theirs.metrics())).toBe(await registry.expose({ names: ['path_latency'] }));
});

test.each(NOT_OBSERVABLE)('%s is refused, counted and reported once, and makes no series', async (_, value) => {
  const { registry, summary, labelled, codes } = latencies();
  summary.observe(untyped(value));
  summary.labels().observe(untyped(value));
  labelled.observe({ path: '/' }, untyped(value));
  expect((await linesOf(registry, 'latency')).at(-1)).toBe('latency_count 0');
  expect(await linesOf(registry, 'path_latency')).toEqual([]);
  expect(await invalidLines(registry)).toEqual([
    'metrics_invalid_values_total{metric="latency"} 2',
    'metrics_invalid_values_total{metric="path_latency"} 1',
  ]);
  expect(codes()).toEqual(['TSK_ERR_METRIC_VALUE', 'TSK_ERR_METRIC_VALUE']);
});

describe('options', () => {
  test('quantiles are 0.5, 0.9, 0.95 and 0.99 over 600 s in 5 steps unless told', () => {
    const { quantiles, window } = new Summary({ registers: [], name: 's', help: 'S.' });
    expect(quantiles).toEqual([0.5, 0.9, 0.95, 0.99]);
    expect(window).toEqual({ maxAgeSeconds: 600, ageBuckets: 5 });
  });

  test("percentiles is prom-client's name for them; they are sorted and copied", () => {
    const percentiles = [0.99, 0, 1, 0.5];
    const summary = new Summary({ registers: [], name: 's', help: 'S.', percentiles });
    percentiles[0] = 7;
    expect(summary.quantiles).toEqual([0, 0.5, 0.99, 1]);
    expect(new Summary({ registers: [], name: 's', help: 'S.', percentiles, quantiles: [] }).quantiles).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['a quantile above 1', { quantiles: [0.5, 50] }, 's: quantiles [0.5, 50] are not all between 0 and 1.'],
    ['a negative quantile', { quantiles: [-0.1] }, 's: quantiles [-0.1] are not all between 0 and 1.'],
    ['NaN', { quantiles: [Number.NaN] }, 's: quantiles [NaN] are not all between 0 and 1.'],
    ['a text', { percentiles: ['0.5'] }, 's: quantiles ["0.5"] are not all between 0 and 1.'],
    ['twice the same', { quantiles: [0.5, 0.5] }, 's: quantiles [0.5, 0.5] contain a duplicate.'],
    ['not a list', { quantiles: 0.5 }, 's: quantiles 0.5 are not a list.'],
  ])('%s: refused, and the name stays free', (_, options, message) => {
    const { registry } = openRegistry();
    const error = thrownBy(() => registry.summary(untyped<SummaryOptions<never>>({ name: 's', help: 'S.', ...options })));
    expect(error.code).toBe('TSK_ERR_METRIC_QUANTILES');
    expect(error.message).toContain(message);
    expect(registry.summary({ name: 's', help: 'S.' }).type).toBe('summary');
  });

  test.each<[object, string]>([
    [{ maxAgeSeconds: 0 }, 's: maxAgeSeconds is 0; a number above 0'],
    [{ maxAgeSeconds: -1 }, 's: maxAgeSeconds is -1;'],
    [{ maxAgeSeconds: Number.NaN }, 's: maxAgeSeconds is NaN;'],
    [{ maxAgeSeconds: '600' }, 's: maxAgeSeconds is "600";'],
    [{ ageBuckets: 0 }, 's: ageBuckets is 0; a whole number from 1 to 100'],
    [{ ageBuckets: 1.5 }, 's: ageBuckets is 1.5;'],
    [{ ageBuckets: 101 }, 's: ageBuckets is 101;'],
    [{ ageBuckets: 1e9 }, 's: ageBuckets is 1000000000;'],
  ])('%j is refused', (options, message) => {
    const error = thrownBy(() => openRegistry().registry.summary(untyped<SummaryOptions<never>>({ name: 's', help: 'S.', ...options })));
    expect(error.code).toBe('TSK_ERR_METRIC_WINDOW');
    expect(error.message).toContain(message);
  });

  test('are part of the shape', () => {
    const { registry } = openRegistry();
    const summary = registry.summary({ name: 's', help: 'S.', quantiles: [0.5] });
    expect(registry.summary({ name: 's', help: 'S.', quantiles: [0.5], maxAgeSeconds: 600 })).toBe(summary);
    expect(thrownBy(() => registry.summary({ name: 's', help: 'S.', quantiles: [0.9], ageBuckets: 2 })).message).toContain(
      's exists as summary without labels with quantiles 0.5 over 600 s in 5 and was requested as summary without labels with quantiles 0.9 over 600 s in 2.',
    );
  });
});
