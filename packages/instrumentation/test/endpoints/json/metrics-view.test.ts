/** `GET /metrics`: every key, with exact numbers where the clock is ours. */
import { Controller, Get, Param, Repository, Scheduled, Service } from '@tsukimi/core';
import { httpInstrumentation, InstrumentationProvider, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { jsonView } from '../../support/scrape.js';
import { bareApplication, instrumentedApplication, start } from '../../support/start.js';

const NOW = '2026-11-21T10:00:00.000Z';

/** A number that may be off as far as the fine buckets allow. */
const about = (expected: number) =>
  expect.toSatisfy((value: number) => Math.abs(value - expected) <= 0.025 * expected, `about ${expected}`);

describe('under a clock of the test’s', () => {
  let nowNs = 0n;
  let registry: MetricsRegistry;
  let server: FastifyInstance;
  const pass = (ms: number): void => {
    nowNs += BigInt(Math.round(ms * 1e6));
  };

  class Moon {
    rise(ms: number): number {
      pass(ms);
      return ms;
    }
    set(ms: number): never {
      pass(ms);
      throw new RangeError('set');
    }
  }

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(NOW) });
    registry = new MetricsRegistry({ clock: () => nowNs });
    server = fastify();
    await server.register(httpInstrumentation, { registry, processMetrics: false });
    server.get<{ Params: { ms: string } }>('/wait/:ms', async ({ params }) => {
      pass(Number(params.ms));
      return {};
    });
    server.post('/fail', async () => {
      pass(5);
      throw new Error('no');
    });
    onTestFinished(() => server.close());
  });
  afterEach(() => vi.useRealTimers());

  test('before anything has happened', async () => {
    instrument(new Moon(), { registry });
    const none = { avg_ms: null, min_ms: null, max_ms: null, p50_ms: null, p95_ms: null, p99_ms: null };
    const method = { calls: 0, failures: 0, avg_duration_ms: null, p50_ms: null, p95_ms: null, p99_ms: null, last_called: null };
    expect(await jsonView(server)).toEqual({
      enabled: true,
      timestamp: NOW,
      instrumentation: {
        http: {
          total_requests: 0,
          in_flight: 0,
          streams_in_flight: { sse: 0, websocket: 0 },
          requests_by_method: {},
          responses_by_status: {},
          latency: none,
          endpoints: {},
        },
        components: {
          Moon: {
            type: 'object',
            calls: 0,
            failures: 0,
            avg_duration_ms: null,
            min_ms: null,
            max_ms: null,
            p95_ms: null,
            last_called: null,
            methods: { rise: method, set: method },
          },
        },
        custom: {},
      },
    });
  });

  test('http', async () => {
    for (const ms of [10, 10, 30]) await server.inject(`/wait/${ms}`);
    await server.inject({ method: 'POST', url: '/fail' });
    await server.inject('/nowhere');
    await server.inject('/nowhere/else');
    expect((await jsonView(server)).instrumentation.http).toEqual({
      total_requests: 6,
      in_flight: 0,
      streams_in_flight: { sse: 0, websocket: 0 },
      requests_by_method: { GET: 5, POST: 1 },
      responses_by_status: { 200: 3, 404: 2, 500: 1 },
      latency: { avg_ms: 9.16667, min_ms: 0, max_ms: 30, p50_ms: about(5), p95_ms: 30, p99_ms: 30 },
      endpoints: {
        'GET /wait/:ms': {
          requests: 3,
          errors: 0,
          client_errors: 0,
          last_called: '2026-11-21T09:59:59.995Z', // by the same clock as the durations: POST /fail took 5 ms after it
          latency: { avg_ms: 16.6667, min_ms: 10, max_ms: 30, p50_ms: about(10), p95_ms: 30, p99_ms: 30 },
        },
        'POST /fail': {
          requests: 1,
          errors: 1,
          client_errors: 0,
          last_called: NOW,
          latency: { avg_ms: 5, min_ms: 5, max_ms: 5, p50_ms: 5, p95_ms: 5, p99_ms: 5 },
        },
        'GET <unmatched>': {
          requests: 2,
          errors: 0,
          client_errors: 2,
          last_called: NOW,
          latency: { avg_ms: 0, min_ms: 0, max_ms: 0, p50_ms: 0, p95_ms: 0, p99_ms: 0 },
        },
      },
    });
  });

  test('components', async () => {
    const moon = instrument(new Moon(), { component: 'Luna', registry });
    for (const ms of [1, 2, 2, 4]) moon.rise(ms);
    pass(60_000);
    expect(() => moon.set(8)).toThrow(RangeError);
    pass(1500);
    const minuteAgo = '2026-11-21T09:58:58.492Z';
    const justNow = '2026-11-21T09:59:58.500Z';
    expect((await jsonView(server)).instrumentation.components).toEqual({
      Luna: {
        type: 'object',
        calls: 5,
        failures: 1,
        avg_duration_ms: 3.4,
        min_ms: 1,
        max_ms: 8,
        p95_ms: 8,
        last_called: justNow,
        methods: {
          rise: { calls: 4, failures: 0, avg_duration_ms: 2.25, p50_ms: about(2), p95_ms: 4, p99_ms: 4, last_called: minuteAgo },
          set: {
            calls: 1,
            failures: 1,
            failures_by_error: { __unseen__: 1 },
            avg_duration_ms: 8,
            p50_ms: 8,
            p95_ms: 8,
            p99_ms: 8,
            last_called: justNow,
          },
        },
      },
    });
  });

  test('a method that takes nanoseconds is not said to take none', async () => {
    const moon = instrument(new Moon(), { registry });
    moon.rise(0.000_285);
    moon.rise(0.000_285);
    expect((await jsonView(server)).instrumentation.components.Moon.methods.rise).toMatchObject({
      avg_duration_ms: 0.000285,
      p50_ms: 0.000285,
      p99_ms: 0.000285,
    });
  });

  test('percentiles of a thousand different durations are within 2.5 % of the exact ones', async () => {
    const moon = instrument(new Moon(), { registry });
    // A permutation of 1..1000, so that nothing depends on the order.
    for (let index = 1; index <= 1000; index += 1) moon.rise(((index * 619) % 1009) % 1001 || 1);
    const durations = Array.from({ length: 1000 }, (_, index) => (((index + 1) * 619) % 1009) % 1001 || 1).sort((a, b) => a - b);
    const rank = (q: number): number => durations[Math.ceil(q * 1000) - 1] as number;
    const { rise } = (await jsonView(server)).instrumentation.components.Moon.methods;
    expect(rise).toMatchObject({ calls: 1000, p50_ms: about(rank(0.5)), p95_ms: about(rank(0.95)), p99_ms: about(rank(0.99)) });
  });

  test('custom metrics of every kind', async () => {
    registry.recordMetric('database_writes_total', 2, { table: 'orders', operation: 'insert' });
    registry.recordMetric('database_writes_total', 1, { table: 'users' });
    registry.counter({ name: 'plain_total', help: 'Without labels.' }).inc(3);
    registry.gauge({ name: 'queue_items', help: 'Waiting.', labelNames: ['queue'] }).set({ queue: 'mail' }, -4);
    const rows = registry.histogram({ name: 'rows', help: 'Rows.', buckets: [1, 10] });
    for (const value of [1, 5, 50]) rows.observe(value);
    registry.histogram({ name: 'silent', help: 'Nothing yet.' });
    registry.gauge({
      name: 'prompted',
      help: 'Read now.',
      collect() {
        this.set(7);
      },
    });
    registry.gauge({
      name: 'awaited',
      help: 'Read later.',
      async collect() {
        await null;
        this.set(8);
      },
    });
    expect((await jsonView(server)).instrumentation.custom).toEqual({
      database_writes_total: {
        type: 'counter',
        help: expect.any(String),
        values: [
          { labels: { table: 'orders', operation: 'insert' }, value: 2 },
          { labels: { table: 'users' }, value: 1 },
        ],
      },
      plain_total: { type: 'counter', help: 'Without labels.', values: [{ labels: {}, value: 3 }] },
      queue_items: { type: 'gauge', help: 'Waiting.', values: [{ labels: { queue: 'mail' }, value: -4 }] },
      rows: {
        type: 'histogram',
        help: 'Rows.',
        values: [{ labels: {}, value: { count: 3, sum: 56, avg: 56 / 3, min: 1, max: 50, p50: about(5), p95: 50, p99: 50 } }],
      },
      silent: {
        type: 'histogram',
        help: 'Nothing yet.',
        values: [{ labels: {}, value: { count: 0, sum: 0, avg: null, min: null, max: null, p50: null, p95: null, p99: null } }],
      },
      prompted: { type: 'gauge', help: 'Read now.', values: [{ labels: {}, value: 7 }] },
      awaited: { type: 'gauge', help: 'Read later.', values: [{ labels: {}, value: 8 }] },
    });
  });

  test('summaries, infos and state sets', async () => {
    let nowSeconds = 0;
    const registry = new MetricsRegistry({ clock: () => BigInt(nowSeconds) * 1_000_000_000n });
    const server = fastify();
    onTestFinished(() => server.close());
    await server.register(httpInstrumentation, { registry, processMetrics: false });
    const sizes = registry.summary({ name: 'sizes', help: 'Sizes.', maxAgeSeconds: 60 });
    registry.summary({ name: 'silent', help: 'Nothing yet.' });
    registry.info({ name: 'build_info', help: 'Build.', labelNames: ['version'] }).set({ version: '1.0' });
    registry.stateSet({ name: 'door', help: 'Door.', states: ['open', 'shut'] }).set('shut');
    registry.stateSet({ name: 'gate', help: 'Gate.', states: ['open', 'shut'] });
    sizes.observe(100);
    nowSeconds = 120;
    sizes.observe(4);
    const nothing = { avg: null, min: null, max: null, p50: null, p95: null, p99: null };
    expect((await jsonView(server)).instrumentation.custom).toEqual({
      sizes: {
        type: 'summary',
        help: 'Sizes.',
        values: [{ labels: {}, value: { count: 2, sum: 104, avg: 52, min: 4, max: 4, p50: 4, p95: 4, p99: 4 } }],
      },
      silent: { type: 'summary', help: 'Nothing yet.', values: [{ labels: {}, value: { count: 0, sum: 0, ...nothing } }] },
      build_info: { type: 'info', help: 'Build.', values: [{ labels: { version: '1.0' }, value: 1 }] },
      door: { type: 'stateset', help: 'Door.', values: [{ labels: {}, value: 'shut' }] },
      gate: { type: 'stateset', help: 'Gate.', values: [{ labels: {}, value: null }] },
    });
  });
});

test('a custom metric that can’t be read is left out, and said once', async () => {
  const { app, logs } = await start(instrumentedApplication([]));
  const provider = app.resolve(InstrumentationProvider);
  provider.gauge({
    name: 'broken',
    help: 'Broken.',
    collect() {
      throw new Error('password=hunter2');
    },
  });
  provider.gauge({ name: 'whole', help: 'Whole.' }).set(1);
  for (let look = 0; look < 3; look += 1) {
    const answer = await app.inject('/metrics');
    expect(Object.keys(answer.json().instrumentation.custom)).toEqual(['whole']);
    expect(answer.body).not.toContain('hunter2');
  }
  expect(logs.filter(({ msg }) => msg.startsWith('broken is missing from the metrics as JSON'))).toHaveLength(1);
});

@Repository()
class OrderRepository {
  async find(id: number) {
    return { id };
  }
}

@Service()
class OrderService {
  constructor(private readonly orders: OrderRepository) {}
  find(id: number) {
    if (id < 0) throw new RangeError('negative');
    return this.orders.find(id);
  }
  @Scheduled({ cron: '0 0 1 1 *', name: 'yearly', timeZone: 'UTC' })
  count() {}
  @Scheduled({ fixedRate: 3_600_000 })
  fail() {
    throw new Error('no orders');
  }
}

@Controller('/orders')
class OrderController {
  constructor(private readonly service: OrderService) {}
  @Get('/:id')
  find(@Param('id') id: number) {
    return this.service.find(id);
  }
}

describe('an application', () => {
  const components = [OrderController, OrderService, OrderRepository];

  test('has all parts, in this order', async () => {
    const { app } = await start(instrumentedApplication(components), { configuration: { instrumentation: { track_memory: true } } });
    await app.inject('/orders/1');
    await app.inject('/orders/-1');
    const view = await jsonView(app);
    expect(Object.keys(view)).toEqual(['enabled', 'timestamp', 'instrumentation', 'scheduler']);
    expect(Object.keys(view.instrumentation)).toEqual(['system', 'http', 'components', 'custom']);
    expect(Math.abs(Date.parse(view.timestamp) - Date.now())).toBeLessThan(10_000);
    const { system, http, components: measured, custom } = view.instrumentation;
    expect(Object.keys(system)).toEqual(['memory', 'cpu', 'event_loop', 'uptime_seconds']);
    expect(custom).toEqual({});
    expect([http.total_requests, http.responses_by_status]).toEqual([2, { 200: 1, 500: 1 }]);
    const counts = Object.entries<{ type: string; calls: number; failures: number }>(measured).map(([name, { type, calls, failures }]) => [
      name,
      type,
      calls,
      failures,
    ]);
    expect(counts).toEqual([
      ['OrderRepository', 'repository', 1, 0],
      ['OrderService', 'service', 2, 1],
      ['OrderController', 'controller', 2, 1],
    ]);
  });

  test('has its scheduled tasks', async () => {
    const { app } = await start(instrumentedApplication(components));
    const task = { running: false, executions: 0, failures: 0, last_run: null, last_duration_ms: null, last_error: null, next_run: null };
    expect((await jsonView(app)).scheduler).toEqual({
      tasks: [
        { name: 'yearly', trigger: 'cron "0 0 1 1 *" (UTC)', ...task },
        { name: 'OrderService.fail', trigger: 'every 1 h', ...task },
      ],
      total_tasks: 2,
      running_tasks: 0,
    });
    await app.scheduler.run('yearly');
    await expect(app.scheduler.run('OrderService.fail')).rejects.toThrow('no orders');
    const ran = { executions: 1, last_run: expect.stringMatching(/^\d{4}-.*Z$/), last_duration_ms: expect.any(Number) };
    expect((await jsonView(app)).scheduler.tasks).toEqual([
      expect.objectContaining({ name: 'yearly', failures: 0, last_error: null, ...ran }),
      expect.objectContaining({ name: 'OrderService.fail', failures: 1, last_error: 'Error', ...ran }),
    ]);
  });

  test('that is not measured as a whole says what there is', async () => {
    @Service()
    class Plain {
      constructor(readonly instrumentation: InstrumentationProvider) {}
    }
    const { app } = await start(bareApplication([Plain]));
    app.resolve(Plain).instrumentation.recordMetric('mine_total');
    expect(await jsonView(app)).toEqual({
      enabled: true,
      timestamp: expect.any(String),
      instrumentation: {
        components: {},
        custom: { mine_total: { type: 'counter', help: expect.any(String), values: [{ labels: {}, value: 1 }] } },
      },
      scheduler: { tasks: [], total_tasks: 0, running_tasks: 0 },
    });
  });
});
