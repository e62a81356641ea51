/** What arrives by OTLP, decoded with the official schema. */

import { MetricsRegistry, PushLoop } from '@tsukimi/metrics';
import { exportToOtlp, type OtlpMetricsOptions, otlpMetricsExporter } from '@tsukimi/opentelemetry';
import { Counter as PromClientCounter, Registry as PromClientRegistry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { attributesOf, type MetricsRequest, OtlpReceiver, partialSuccess } from '../../../../test/support/otlp-receiver.js';
import { metricNamed, metricsOf } from '../support/received-metrics.js';

interface Stage {
  readonly registry: MetricsRegistry;
  readonly receiver: OtlpReceiver;
  readonly warnings: readonly string[];
  /** Pushes, and returns what has arrived. */
  push(): Promise<MetricsRequest | undefined>;
}

async function onStage(options: OtlpMetricsOptions, work: (stage: Stage) => Promise<void>): Promise<void> {
  await using receiver = await OtlpReceiver.open();
  const registry = new MetricsRegistry();
  const warnings: string[] = [];
  const logger = {
    info: () => undefined,
    warn: (details: object, message: string) => void warnings.push(`${JSON.stringify(details)} ${message}`),
  };
  // It is not started: it pushes when a test says so.
  const loop = new PushLoop(otlpMetricsExporter(registry, { endpoint: receiver.url, logger, ...options }), {
    registry,
    logger,
    timeoutMs: 60_000,
    flushTimeoutMs: 60_000,
  });
  try {
    const push = async () => {
      await loop.flush();
      return receiver.metrics.at(-1);
    };
    await work({ registry, receiver, warnings, push });
  } finally {
    await loop.stop({ timeoutMs: 0 });
  }
}

const secondsOf = (nanoseconds: string | undefined): number => Number(nanoseconds) / 1e9;

test('who sends is in the resource and in the scope', () =>
  onStage({ service: 'shop', version: '1.2.3', env: 'test', resource: { 'host.name': 'web-1' } }, async ({ push }) => {
    const request = await push();
    const [sent] = request?.resourceMetrics ?? [];
    const attributes = attributesOf(sent?.resource.attributes ?? []);
    expect(attributes).toEqual({
      'service.name': 'shop',
      'service.version': '1.2.3',
      'service.instance.id': expect.stringMatching(/^[\da-f-]{36}$/),
      'deployment.environment.name': 'test',
      'host.name': 'web-1',
    });
    expect(sent?.scopeMetrics.map(({ scope }) => scope)).toEqual([
      expect.objectContaining({ name: '@tsukimi/opentelemetry', version: expect.stringMatching(/^\d+\.\d+\.\d+/) }),
    ]);
  }));

describe('each kind of metric', () => {
  test('counters are monotonic sums that count from the creation of their series', () =>
    onStage({}, async ({ registry, push }) => {
      const beganSeconds = Date.now() / 1000;
      const counter = registry.counter({ name: 'orders_total', help: 'Orders.', labelNames: ['kind'] });
      counter.inc({ kind: 'book ☾' }, 2);
      counter.inc({ kind: 'cup' }, 0.5);
      const metric = metricNamed(await push(), 'orders_total');
      expect(metric).toMatchObject({ description: 'Orders.', unit: '', kind: 'sum', temporality: 'cumulative', isMonotonic: true });
      expect(metric?.prometheusType).toBe('counter');
      expect(metric?.points.map(({ attributes, asDouble }) => [attributes, asDouble])).toEqual([
        [{ kind: 'book ☾' }, 2],
        [{ kind: 'cup' }, 0.5],
      ]);
      for (const { startTimeUnixNano, timeUnixNano } of metric?.points ?? []) {
        // A number of seconds since 1970 is exact to a quarter of a microsecond.
        expect(secondsOf(startTimeUnixNano)).toBeGreaterThanOrEqual(beganSeconds - 1e-6);
        expect(secondsOf(timeUnixNano)).toBeGreaterThanOrEqual(secondsOf(startTimeUnixNano));
      }
    }));

  test('gauges are gauges, whatever their values are', () =>
    onStage({}, async ({ registry, push }) => {
      const gauge = registry.gauge({ name: 'depth_meters', help: '', labelNames: ['at'] });
      const values = [-1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
      for (const [index, value] of values.entries()) gauge.set({ at: String(index) }, value);
      const metric = metricNamed(await push(), 'depth_meters');
      expect(metric).toMatchObject({ unit: 'm', kind: 'gauge', temporality: undefined, prometheusType: 'gauge' });
      expect(metric?.points.map(({ asDouble }) => asDouble)).toEqual(values);
    }));

  test('histograms have their fine buckets as exponential ones of scale 4', () =>
    onStage({}, async ({ registry, push }) => {
      const histogram = registry.histogram({ name: 'wait_seconds', help: 'Waits.', buckets: [1] });
      for (const value of [0, 1, 1.01, 2, 2]) histogram.observe(value);
      const metric = metricNamed(await push(), 'wait_seconds');
      expect(metric).toMatchObject({ unit: 's', kind: 'exponentialHistogram', temporality: 'cumulative', prometheusType: 'histogram' });
      const [point] = metric?.points ?? [];
      expect(point).toMatchObject({ count: '5', sum: 6.01, scale: 4, zeroCount: '1' });
      // 1 is the upper bound of bucket -1, 2 that of bucket 15, and 1.01 lies in bucket 0.
      expect(point?.positive).toEqual({ offset: -1, bucketCounts: ['1', '1', ...Array.from({ length: 14 }, () => '0'), '2'] });
    }));

  test.each([
    ['the option asks for it', {}, { histograms: 'classic' as const }],
    ['the metric is not native', { native: false }, {}],
  ])('histograms have their classic buckets if %s', (_, own, options) =>
    onStage(options, async ({ registry, push }) => {
      const histogram = registry.histogram({ name: 'size_bytes', help: '', buckets: [10, 100], ...own });
      for (const value of [5, 10, 50, 1000, 2000]) histogram.observe(value);
      const metric = metricNamed(await push(), 'size_bytes');
      expect(metric).toMatchObject({ unit: 'By', kind: 'histogram', temporality: 'cumulative' });
      expect(metric?.points).toEqual([
        expect.objectContaining({ count: '5', sum: 3065, bucketCounts: ['2', '1', '2'], explicitBounds: [10, 100] }),
      ]);
    }),
  );

  test('a histogram with more filled buckets than it may have gets a lower scale', () =>
    onStage({}, async ({ registry, push }) => {
      const histogram = registry.histogram({ name: 'wide_seconds', help: '', maxNativeBuckets: 8 });
      for (let exponent = -10; exponent < 20; exponent += 1) histogram.observe(2 ** exponent);
      const [point] = metricNamed(await push(), 'wide_seconds')?.points ?? [];
      expect(point?.scale).toBe(-2);
      expect(point?.positive?.bucketCounts.reduce((sum, count) => sum + Number(count), 0)).toBe(30);
      const base = 2 ** (2 ** 2);
      expect(base ** (point?.positive?.offset ?? 0)).toBeLessThan(2 ** -10);
    }));

  test('summaries are summaries', () =>
    onStage({}, async ({ registry, push }) => {
      const summary = registry.summary({ name: 'load_ratio', help: '', quantiles: [0.5, 1] });
      for (const value of [1, 2, 3]) summary.observe(value);
      const metric = metricNamed(await push(), 'load_ratio');
      expect(metric).toMatchObject({ unit: '1', kind: 'summary', prometheusType: 'summary' });
      const [point] = metric?.points ?? [];
      expect(point).toMatchObject({ count: '3', sum: 6 });
      expect(point?.quantileValues?.map(({ quantile }) => quantile)).toEqual([0.5, 1]);
      expect(point?.quantileValues?.[1]?.value).toBeCloseTo(3, 0);
    }));

  test('infos and states are sums that are not monotonic, with 1 for what is the case', () =>
    onStage({}, async ({ registry, push }) => {
      registry.info({ name: 'build_info', help: '', labelNames: ['version'] }).set({ version: '7' });
      registry.stateSet({ name: 'door', help: '', states: ['open', 'shut'] }).set('shut');
      const request = await push();
      const common = { kind: 'sum', temporality: 'cumulative', isMonotonic: false };
      expect(metricNamed(request, 'build_info')).toMatchObject({ ...common, prometheusType: 'info' });
      expect(metricNamed(request, 'build_info')?.points).toEqual([expect.objectContaining({ attributes: { version: '7' }, asDouble: 1 })]);
      expect(metricNamed(request, 'door')).toMatchObject({ ...common, prometheusType: 'stateset' });
      expect(metricNamed(request, 'door')?.points.map(({ attributes, asDouble }) => [attributes, asDouble])).toEqual([
        [{ door: 'open' }, 0],
        [{ door: 'shut' }, 1],
      ]);
    }));

  test("prom-client's metrics count from the start of the process, and again after a reset", () =>
    onStage({}, async ({ registry, push }) => {
      const guest = new PromClientCounter({ name: 'guests_total', help: 'Guests.', registers: [new PromClientRegistry()] });
      registry.registerMetric(guest as never);
      guest.inc(5);
      const [first] = metricNamed(await push(), 'guests_total')?.points ?? [];
      const [second] = metricNamed(await push(), 'guests_total')?.points ?? [];
      guest.reset();
      guest.inc(1);
      const [third] = metricNamed(await push(), 'guests_total')?.points ?? [];
      expect([first, second, third].map((point) => point?.asDouble)).toEqual([5, 5, 1]);
      expect(second?.startTimeUnixNano).toBe(first?.startTimeUnixNano);
      expect(Number(third?.startTimeUnixNano)).toBeGreaterThan(Number(second?.startTimeUnixNano));
      expect(Number(third?.startTimeUnixNano)).toBeLessThanOrEqual(Number(third?.timeUnixNano));
    }));
});

describe('exemplars', () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const spanId = 'b7ad6b7169203331';

  test('have their ids as bytes, and other labels as attributes; each is sent once', () =>
    onStage({}, async ({ registry, push }) => {
      const histogram = registry.histogram({ name: 'wait_seconds', help: '' });
      histogram.observe(0.2, { exemplar: { trace_id: traceId, span_id: spanId, user: 'ann' } });
      const [point] = metricNamed(await push(), 'wait_seconds')?.points ?? [];
      expect(point?.exemplars).toMatchObject([{ asDouble: 0.2 }]);
      const [exemplar] = point?.exemplars ?? [];
      expect(exemplar?.traceId.toString('hex')).toBe(traceId);
      expect(exemplar?.spanId.toString('hex')).toBe(spanId);
      expect(attributesOf(exemplar?.filteredAttributes ?? [])).toEqual({ user: 'ann' });
      expect(secondsOf(exemplar?.timeUnixNano)).toBeCloseTo(Date.now() / 1000, -2);
    }));

  test('on counters stand too, and ids that are none stay attributes', () =>
    onStage({}, async ({ registry, push }) => {
      const counter = registry.counter({ name: 'hits_total', help: '' });
      counter.inc(1, { exemplar: { trace_id: 'not-an-id', span_id: '0000000000000000' } });
      const [point] = metricNamed(await push(), 'hits_total')?.points ?? [];
      const [exemplar] = point?.exemplars ?? [];
      expect([exemplar?.traceId.length, exemplar?.spanId.length]).toEqual([0, 0]);
      expect(attributesOf(exemplar?.filteredAttributes ?? [])).toEqual({ trace_id: 'not-an-id', span_id: '0000000000000000' });
    }));
});

describe('with the temporality delta', () => {
  test('counters and histograms have what was recorded since the push before; intervals follow each other', () =>
    onStage({ temporality: 'delta' }, async ({ registry, push }) => {
      const counter = registry.counter({ name: 'orders_total', help: '' });
      const histogram = registry.histogram({ name: 'wait_seconds', help: '' });
      counter.inc(2);
      histogram.observe(1);
      const first = await push();
      counter.inc(3);
      histogram.observe(1);
      histogram.observe(4);
      const second = await push();
      const points = [first, second].map((request) => metricNamed(request, 'orders_total')?.points[0]);
      expect(metricNamed(second, 'orders_total')).toMatchObject({ temporality: 'delta', isMonotonic: true });
      expect(points.map((point) => point?.asDouble)).toEqual([2, 3]);
      expect(points[1]?.startTimeUnixNano).toBe(points[0]?.timeUnixNano);
      expect(metricNamed(second, 'wait_seconds')).toMatchObject({ kind: 'exponentialHistogram', temporality: 'delta' });
      expect(metricNamed(second, 'wait_seconds')?.points).toEqual([expect.objectContaining({ count: '2', sum: 5, scale: 4 })]);
    }));

  test('a reset loses nothing', () =>
    onStage({ temporality: 'delta' }, async ({ registry, push }) => {
      const counter = registry.counter({ name: 'orders_total', help: '' });
      counter.inc(2);
      await push();
      counter.inc(3);
      registry.resetMetrics();
      counter.inc(4);
      expect(metricNamed(await push(), 'orders_total')?.points.map(({ asDouble }) => asDouble)).toEqual([7]);
    }));

  test('gauges, infos, states and summaries have their current values, changed or not', () =>
    onStage({ temporality: 'delta' }, async ({ registry, push }) => {
      registry.gauge({ name: 'depth_meters', help: '' }).set(3);
      registry.info({ name: 'build_info', help: '', labelNames: ['version'] }).set({ version: '7' });
      const summary = registry.summary({ name: 'load_ratio', help: '' });
      summary.observe(1);
      await push();
      summary.observe(2);
      await push();
      const request = await push();
      expect(metricNamed(request, 'depth_meters')?.points.map(({ asDouble }) => asDouble)).toEqual([3]);
      expect(metricNamed(request, 'build_info')).toMatchObject({ temporality: 'cumulative' });
      expect(metricNamed(request, 'load_ratio')?.points).toEqual([expect.objectContaining({ count: '2', sum: 3 })]);
    }));
});

describe('what the receiver answers', () => {
  test('points that it does not take are counted, and said once', () =>
    onStage({ headers: { 'x-api-key': 'do-not-show' } }, async ({ receiver, warnings, push }) => {
      const answer = (rejected: number, why: string) => ({ status: 200, body: partialSuccess('metrics', rejected, why) });
      receiver.answer = answer(3, 'the key do-not-show has no quota');
      await push();
      await push();
      receiver.answer = undefined;
      const request = await push();
      expect(metricNamed(request, 'otlp_rejected_points_total')?.points.map(({ asDouble }) => asDouble)).toEqual([6]);
      expect(warnings).toEqual([
        `{"exporter":"opentelemetry","code":"TSK_ERR_OPENTELEMETRY_POINTS"} ${receiver.url}/v1/metrics took a push of metrics without 3 of its points: the key *** has no quota. Correct what the reason names; points that are not taken are counted in otlp_rejected_points_total.`,
      ]);
      receiver.answer = answer(0, 'deprecated attribute');
      await push();
      expect(warnings[1]).toContain('took a push of metrics with a warning: deprecated attribute.');
    }));

  test.each([400, 401, 404, 413, 500])('a status %d drops the batch, and the next one has the totals', (status) =>
    onStage({}, async ({ registry, receiver, warnings, push }) => {
      const counter = registry.counter({ name: 'orders_total', help: '' });
      counter.inc(2);
      receiver.answer = { status, body: 'no\nthanks' };
      await push();
      expect(warnings[0]).toContain(`it answered ${status} (no thanks)`);
      expect(warnings[0]).toContain('TSK_ERR_PUSH_REJECTED');
      counter.inc(1);
      receiver.answer = undefined;
      expect(metricNamed(await push(), 'orders_total')?.points.map(({ asDouble }) => asDouble)).toEqual([3]);
    }),
  );

  test.each([429, 502, 503, 504])('after a status %d, the same batch is sent again', (status) =>
    onStage({ temporality: 'delta' }, async ({ registry, receiver, push }) => {
      const counter = registry.counter({ name: 'orders_total', help: '' });
      counter.inc(2);
      receiver.answer = { status, headers: { 'retry-after': '1' } };
      await push();
      receiver.answer = undefined;
      counter.inc(1);
      await push();
      const values = receiver.metrics.flatMap((request) => metricNamed(request, 'orders_total')?.points ?? []);
      expect(values.map(({ asDouble }) => asDouble)).toEqual([2, 1]);
    }),
  );

  test('the message of a Status in protobuf is shown', () =>
    onStage({}, async ({ receiver, warnings, push }) => {
      const text = 'wrong tenant';
      const body = Buffer.from([0x08, 3, 0x12, text.length, ...Buffer.from(text)]);
      receiver.answer = { status: 400, headers: { 'content-type': 'application/x-protobuf' }, body };
      await push();
      expect(warnings[0]).toContain('it answered 400 (wrong tenant)');
    }));

  test('a redirect is not followed: the headers would be given away', () =>
    onStage({}, async ({ receiver, warnings, push }) => {
      receiver.answer = { status: 307, headers: { location: `${receiver.url}/v1/metrics` } };
      const before = receiver.attempts;
      await push();
      expect(receiver.attempts).toBe(before + 1);
      expect(warnings[0]).toContain('it answered 307');
    }));
});

test('requests have the headers of OTLP and their own, and are compressed on demand', () =>
  onStage({ headers: { 'x-tenant': 'shop' }, compression: 'gzip' }, async ({ registry, receiver, push }) => {
    registry.counter({ name: 'orders_total', help: '' }).inc();
    expect(metricNamed(await push(), 'orders_total')?.points.map(({ asDouble }) => asDouble)).toEqual([1]);
    expect(receiver.requests.at(-1)).toMatchObject({
      path: '/v1/metrics',
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip', 'x-tenant': 'shop' },
    });
  }));

test('a metric with very many series arrives whole', async () => {
  await using receiver = await OtlpReceiver.open();
  const registry = new MetricsRegistry({ maxSeriesPerMetric: 100_000 });
  const counter = registry.counter({ name: 'orders_total', help: '', labelNames: ['id'] });
  for (let id = 0; id < 60_000; id += 1) counter.inc({ id: `${id}-${'x'.repeat(60)}` }, id);
  const loop = exportToOtlp(registry, { endpoint: receiver.url, timeoutMs: 60_000 });
  expect(await loop.flush({ timeoutMs: 60_000 })).toBe(true);
  await loop.stop({ timeoutMs: 0 });
  const requests = receiver.metrics.filter((request) => metricNamed(request, 'orders_total') !== undefined);
  expect(requests.length).toBeGreaterThan(1);
  const points = requests.flatMap(metricsOf).flatMap(({ name, points: all }) => (name === 'orders_total' ? all : []));
  expect(new Set(points.map(({ attributes }) => attributes['id'])).size).toBe(60_000);
  expect(points.length).toBe(60_000);
}, 60_000);
