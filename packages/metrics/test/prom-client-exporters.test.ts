/** Our metrics in prom-client's registries and exporters, and none of its traps. */
import { MetricsRegistry } from '@tsukimi/metrics';
import Fastify from 'fastify';
import fastifyMetrics from 'fastify-metrics';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { invalidLines, linesOf, openRegistry, thrownBy, untyped } from './support/open-registry.js';
import { parseStrictly } from './support/strict-parser.js';

function ours() {
  const { registry } = openRegistry();
  const counter = registry.counter({ name: 'c_total', help: 'C "c".', labelNames: ['a', 'b'] });
  counter.inc({ a: '1,b:2', b: '' });
  counter.inc({ a: '1', b: '"\n\\' }, 2);
  const gauge = registry.gauge({ name: 'g', help: 'G.' });
  gauge.set(Number.NEGATIVE_INFINITY);
  const histogram = registry.histogram({ name: 'h', help: 'H.', buckets: [0.1, 1], labelNames: ['a'] });
  histogram.observe({ a: 'x' }, 0.5);
  return { registry, counter, gauge, histogram };
}

describe('our metrics in prom-client', () => {
  test('a registry of theirs writes the values that ours writes', async () => {
    const { registry, counter, gauge, histogram } = ours();
    const theirs = new promClient.Registry();
    for (const metric of [counter, gauge, histogram]) theirs.registerMetric(metric as never);
    const names = ['c_total', 'g', 'h'];
    expect((await theirs.metrics()).replaceAll('\n\n', '\n')).toBe(await registry.expose({ names }));
  });

  test('getMetricsAsJSON', async () => {
    const { registry } = ours();
    registry.setDefaultLabels({ app: 'demo', a: 'default' });
    const json = (await registry.getMetricsAsJSON()) as unknown[];
    expect(json.slice(2)).toEqual([
      {
        name: 'c_total',
        help: 'C "c".',
        type: 'counter',
        aggregator: 'sum',
        values: [
          { labels: { a: '1,b:2', app: 'demo' }, value: 1 },
          { labels: { a: '1', b: '"\n\\', app: 'demo' }, value: 2 },
        ],
      },
      {
        name: 'g',
        help: 'G.',
        type: 'gauge',
        aggregator: 'sum',
        values: [{ labels: { app: 'demo', a: 'default' }, value: Number.NEGATIVE_INFINITY }],
      },
      {
        name: 'h',
        help: 'H.',
        type: 'histogram',
        aggregator: 'sum',
        values: [
          { metricName: 'h_bucket', labels: { a: 'x', le: 0.1, app: 'demo' }, value: 0 },
          { metricName: 'h_bucket', labels: { a: 'x', le: 1, app: 'demo' }, value: 1 },
          { metricName: 'h_bucket', labels: { a: 'x', le: '+Inf', app: 'demo' }, value: 1 },
          { metricName: 'h_sum', labels: { a: 'x', app: 'demo' }, value: 0.5 },
          { metricName: 'h_count', labels: { a: 'x', app: 'demo' }, value: 1 },
        ],
      },
    ]);
  });

  test('getMetricsAsJSON leaves out what fails, and reports it once', async () => {
    const { registry, codes } = openRegistry();
    registry.gauge({ name: 'broken', help: 'Broken.', collect: () => Promise.reject(new Error('gone')) });
    registry.gauge({ name: 'whole', help: 'Whole.' });
    for (let round = 0; round < 2; round += 1) {
      const json = (await registry.getMetricsAsJSON()) as unknown as { name: string }[];
      expect(json.map(({ name }) => name)).toEqual(['metrics_series_dropped_total', 'metrics_invalid_values_total', 'whole']);
    }
    expect(codes()).toEqual(['TSK_ERR_METRIC_COLLECT']);
  });

  test('Registry.merge with a registry of theirs', async () => {
    const { registry } = ours();
    const theirs = new promClient.Registry();
    new promClient.Counter({ name: 'theirs_total', help: 'Theirs.', registers: [theirs] }).inc(3);
    const merged = promClient.Registry.merge([registry, theirs]);
    const families = parseStrictly((await merged.metrics()).replaceAll('\n\n', '\n'));
    expect(families.map(({ name }) => name)).toEqual([
      'metrics_series_dropped_total',
      'metrics_invalid_values_total',
      'c_total',
      'g',
      'h',
      'theirs_total',
    ]);
    expect(families[5]?.samples).toEqual([{ name: 'theirs_total', labels: {}, value: 3 }]);
  });

  test.each([
    ['prom-client', promClient.Registry],
    ['ours', MetricsRegistry],
  ])('Registry.merge of two registries of ours, by the static of %s, adds up what they tell of themselves', async (_, { merge }) => {
    const registries = ['a_total', 'b_total', 'c_total'].map((name) => {
      const { registry } = openRegistry({ maxSeriesPerMetric: 1 });
      const counter = registry.counter({ name, help: 'C.', labelNames: ['a'] });
      for (const a of ['x', 'y', 'z']) counter.inc({ a });
      registry.recordMetric('no name');
      return registry;
    });
    const [first, second, third] = registries as [MetricsRegistry, MetricsRegistry, MetricsRegistry];
    const merged = merge([first, second]);
    const others = merge([second, third]);
    second.recordMetric('no name');
    const json = async (registry: promClient.Registry, name: string) =>
      (await registry.getMetricsAsJSON()).find((metric) => metric.name === name) as unknown as { readonly values: unknown };
    expect((await json(merged, 'metrics_invalid_values_total')).values).toEqual([{ labels: { metric: 'no name' }, value: 3 }]);
    expect((await json(others, 'metrics_series_dropped_total')).values).toEqual([
      { labels: { metric: 'b_total' }, value: 2 },
      { labels: { metric: 'c_total' }, value: 2 },
    ]);
    const families = parseStrictly((await merged.metrics()).replaceAll('\n\n', '\n'));
    expect(families.map(({ name, samples }) => [name, samples.map(({ labels, value }) => [labels, value])])).toEqual([
      [
        'metrics_series_dropped_total',
        [
          [{ metric: 'a_total' }, 2],
          [{ metric: 'b_total' }, 2],
        ],
      ],
      ['metrics_invalid_values_total', [[{ metric: 'no name' }, 3]]],
      [
        'a_total',
        [
          [{ a: 'x' }, 1],
          [{ a: '__overflow__' }, 2],
        ],
      ],
      [
        'b_total',
        [
          [{ a: 'x' }, 1],
          [{ a: '__overflow__' }, 2],
        ],
      ],
    ]);
    merged.resetMetrics();
    expect(await invalidLines(first)).toEqual([]);
  });

  test('Registry.merge of OpenMetrics registries of ours, twice', async () => {
    const registries = [openRegistry().registry, openRegistry().registry];
    for (const registry of registries) {
      registry.setContentType(promClient.Registry.OPENMETRICS_CONTENT_TYPE);
      registry.recordMetric('no name');
    }
    for (let merge = 0; merge < 2; merge += 1) {
      const merged = promClient.Registry.merge(registries);
      for (let scrape = 0; scrape < 2; scrape += 1)
        expect(await merged.metrics()).toContain(
          '# TYPE metrics_invalid_values counter\nmetrics_invalid_values_total{metric="no name"} 2\n',
        );
    }
  });

  test('fastify-metrics serves two registries of ours as one', async () => {
    const registries = [openRegistry().registry, openRegistry().registry];
    const fastify = Fastify();
    await fastify.register(fastifyMetrics as never, {
      endpoint: '/metrics',
      clearRegisterOnInit: true,
      defaultMetrics: { register: registries[0] },
      routeMetrics: { overrides: { histogram: { registers: [registries[1]] }, summary: { registers: [registries[1]] } } },
    });
    fastify.get('/cars', async () => []);
    try {
      for (let scrape = 0; scrape < 2; scrape += 1) {
        await fastify.inject('/cars');
        const { statusCode, body } = await fastify.inject('/metrics');
        expect([statusCode, body.match(/^# TYPE metrics_invalid_values_total counter$/gm)?.length]).toEqual([200, 1]);
        expect(body).toContain(`http_request_duration_seconds_count{method="GET",route="/cars",status_code="200"} ${scrape + 1}\n`);
      }
    } finally {
      await fastify.close();
    }
  });

  test('AggregatorRegistry.aggregate adds up what two processes give', async () => {
    const json = async () => (await ours().registry.getMetricsAsJSON()) as object;
    const text = await promClient.AggregatorRegistry.aggregate([await json(), await json()]).metrics();
    expect(text).toContain('c_total{a="1,b:2"} 2\n');
    expect(text).toContain('h_bucket{a="x",le="1"} 2\n');
    expect(text).toContain('h_count{a="x"} 2\n');
  });

  test('the registry has the rest of the interface', async () => {
    const { registry } = ours();
    expect(registry).toBeInstanceOf(promClient.Registry);
    expect(registry.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await registry.metrics()).toBe(await registry.expose());
    expect(await registry.getSingleMetricAsString('g')).toBe('# HELP g G.\n# TYPE g gauge\ng -Inf\n');
    registry.setContentType(promClient.Registry.PROMETHEUS_CONTENT_TYPE);
    expect(thrownBy(() => registry.setContentType(untyped('text/html')))).toMatchObject({
      code: 'TSK_ERR_METRIC_CONTENT_TYPE',
      message: expect.stringContaining('a text of 9 characters'),
    });
    expect(registry.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });
});

describe("prom-client's traps", () => {
  const openMetrics = () => {
    const registry = new promClient.Registry();
    registry.setContentType(promClient.Registry.OPENMETRICS_CONTENT_TYPE as never);
    return registry;
  };

  test('an OpenMetrics scrape by them does not rename our counters', async () => {
    const { registry, counter } = ours();
    const theirs = openMetrics();
    theirs.registerMetric(counter as never);
    const before = await registry.expose();
    for (let scrape = 0; scrape < 2; scrape += 1) {
      const text = await theirs.metrics();
      expect(text).toContain('# TYPE c counter\nc_total{a="1,b:2"} 1\n');
      expect(text).not.toContain('total_total');
    }
    expect(counter.name).toBe('c_total');
    expect((await counter.get()).name).toBe('c_total');
    expect(await registry.expose()).toBe(before);
    expect(registry.counter({ name: 'c_total', help: 'C.', labelNames: ['a', 'b'] })).toBe(counter);
  });

  test('an OpenMetrics scrape by them does not rename their counters in our registry', async () => {
    const { registry } = openRegistry();
    const theirs = openMetrics();
    new promClient.Counter({ name: 'theirs_total', help: 'Theirs.', registers: [registry, theirs as never] }).inc();
    await theirs.metrics();
    expect(await registry.expose({ names: ['theirs_total'] })).toBe(
      '# HELP theirs_total Theirs.\n# TYPE theirs_total counter\ntheirs_total 1\n',
    );
  });

  test('label sets that look alike stay apart', async () => {
    const { registry, counter } = ours();
    counter.inc({ a: '1', b: '2' });
    expect((await linesOf(registry, 'c_total')).filter((line) => !line.includes('\\'))).toEqual([
      'c_total{a="1,b:2"} 1',
      'c_total{a="1",b="2"} 1',
    ]);
  });

  test('labels are not kept by reference, in histograms and gauges either', async () => {
    const { registry } = openRegistry();
    const histogram = registry.histogram({ name: 'h', help: 'H.', buckets: [1], labelNames: ['a'] });
    const gauge = registry.gauge({ name: 'g', help: 'G.', labelNames: ['a'] });
    const labels = { a: 'x' };
    histogram.observe(labels, 1);
    gauge.set(labels, 1);
    labels.a = 'y';
    histogram.observe(labels, 1);
    gauge.set(labels, 2);
    expect(await linesOf(registry, 'g')).toEqual(['g{a="x"} 1', 'g{a="y"} 2']);
    expect((await linesOf(registry, 'h')).filter((line) => line.includes('_count'))).toEqual(['h_count{a="x"} 1', 'h_count{a="y"} 1']);
  });

  test('a summary counts an observation once, however many steps its window has', async () => {
    const { registry } = openRegistry();
    const values = [1, 2, 3];
    const options = { name: 's', help: 'S.', percentiles: [0.5], maxAgeSeconds: 600, ageBuckets: 5 };
    const ours = registry.summary(options);
    const theirs = new promClient.Summary({ ...options, registers: [] });
    for (const value of values) {
      ours.observe(value);
      theirs.observe(value);
    }
    const { hashMap } = theirs as unknown as {
      readonly hashMap: Record<string, { readonly td: { size(): number; ringBuffer: { n: number }[] } }>;
    };
    expect(Object.values(hashMap)[0]?.td.ringBuffer[0]?.n).toBe(15);
    expect(ours.labels().distribution.count).toBe(3);
    expect(await linesOf(registry, 's')).toEqual([expect.stringMatching(/^s\{quantile="0.5"\} /), 's_sum 6', 's_count 3']);
  });

  test('labels of a summary are not kept by reference, and label sets that look alike stay apart', async () => {
    const { registry } = openRegistry();
    const summary = registry.summary({ name: 's', help: 'S.', quantiles: [], labelNames: ['a', 'b'] });
    const labels = { a: '1,b:2', b: '' };
    summary.observe(labels, 1);
    labels.a = '1';
    labels.b = '2';
    summary.observe(labels, 2);
    expect(await linesOf(registry, 's')).toEqual([
      's_sum{a="1,b:2"} 1',
      's_count{a="1,b:2"} 1',
      's_sum{a="1",b="2"} 2',
      's_count{a="1",b="2"} 1',
    ]);
  });

  test('an OpenMetrics scrape of ours renames nobody', async () => {
    const { registry, counter } = ours();
    const theirs = new promClient.Counter({ name: 'theirs_total', help: 'T.', registers: [registry] });
    registry.setContentType(promClient.Registry.OPENMETRICS_CONTENT_TYPE);
    for (let scrape = 0; scrape < 2; scrape += 1) expect(await registry.metrics()).toContain('# TYPE theirs counter\n');
    expect([counter.name, (theirs as unknown as { readonly name: string }).name]).toEqual(['c_total', 'theirs_total']);
  });

  test('the counts of a process that is gone are kept', async () => {
    const workers = [1, 2, 3].map(() => ours().registry);
    const primary = openRegistry().registry;
    for (const worker of workers) primary.merge(JSON.parse(JSON.stringify(worker.snapshot())));
    workers.length = 0;
    expect((await linesOf(primary, 'c_total'))[0]).toBe('c_total{a="1,b:2"} 3');
  });
});
