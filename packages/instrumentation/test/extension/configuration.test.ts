/** What `instrumentation` and `metrics` may hold, and what each key does. */
import { Service } from '@tsukimi/core';
import { CATALOGUE, InstrumentationProvider, Slo } from '@tsukimi/instrumentation';
import { describe, expect, test } from 'vitest';
import { App, CacheService, OrderService } from '../support/configured-application.js';
import { jsonView, linesOf, metricNames, textLines } from '../support/scrape.js';
import { instrumentedApplication, start } from '../support/start.js';

describe('the keys', () => {
  test('all of them have defaults', async () => {
    const { app, warnings } = await start(App);
    expect(app.configuration.get('instrumentation')).toEqual({
      enabled: true,
      track_memory: false,
      sample_interval_ms: 5000,
      thrown_error_classes: true,
      exclude: [],
      console: { enabled: true, errors: 'auto' },
      profile: { enabled: 'auto', heap: false },
      http: { exclude: [], labels: [], group_status_codes: false, sizes: false },
      http_client: { enabled: false, hosts: [], propagate_to: ['loopback'] },
    });
    expect(app.configuration.get('metrics')).toEqual({
      enabled: true,
      path: '/metrics',
      port: null,
      allowed_ips: [],
      allowed_hosts: [],
      default_labels: {},
      naming: 'tsukimi',
      histograms: {},
      show_error_messages: false,
      max_series_per_metric: 2000,
      max_recorded_names: 1000,
      collect_timeout_ms: 5000,
      max_scrapes_in_flight: 10,
      scrape_timeout_ms: 30_000,
    });
    expect(warnings()).toEqual([]);
  });

  test('the environment wins, with the types of the keys', async () => {
    const environment = {
      TSUKIMI_INSTRUMENTATION_ENABLED: 'true',
      TSUKIMI_INSTRUMENTATION_TRACK_MEMORY: 'true',
      TSUKIMI_INSTRUMENTATION_SAMPLE_INTERVAL_MS: '250',
      TSUKIMI_INSTRUMENTATION_EXCLUDE: 'CacheService.*, *.create',
      TSUKIMI_METRICS_ENABLED: 'true',
      TSUKIMI_METRICS_PATH: '/internal/metrics',
      TSUKIMI_METRICS_PORT: 'null',
      TSUKIMI_METRICS_ALLOWED_IPS: '127.0.0.1,::1, 10.0.0.0/8',
      TSUKIMI_METRICS_DEFAULT_LABELS: 'zone=eu-1, team=moon',
      TSUKIMI_METRICS_MAX_SERIES_PER_METRIC: '50',
    };
    const below = { instrumentation: { enabled: false }, metrics: { path: '/m', allowed_ips: ['192.0.2.1'] } };
    const { app, warnings } = await start(App, { environment, configuration: below });
    const status = async (url: string, remoteAddress: string) => (await app.inject({ url, remoteAddress })).statusCode;
    expect(await status('/internal/metrics', '10.1.2.3')).toBe(200);
    expect(await status('/internal/metrics', '::1')).toBe(200);
    expect(await status('/internal/metrics', '192.0.2.1')).toBe(404);
    expect(await status('/m', '127.0.0.1')).toBe(404);
    const view = await jsonView(app, '/internal/metrics');
    expect(view.instrumentation.components).toEqual({});
    expect(Object.keys(view.instrumentation.system.memory)).toContain('heap_used_peak_mb');
    expect(await textLines(app, '/internal/metrics/prometheus')).toContain('metrics_access_denied_total{zone="eu-1",team="moon"} 1');
    expect(app.resolve(InstrumentationProvider).registry.maxSeriesPerMetric).toBe(50);
    expect(warnings()).toEqual(['metrics access denied']);
  });

  test('an empty variable does not open the metrics to everybody: it is refused', async () => {
    const starting = start(App, {
      environment: { TSUKIMI_METRICS_ALLOWED_IPS: '' },
      configuration: { metrics: { allowed_ips: ['192.0.2.1'] } },
    });
    await expect(starting).rejects.toThrow('metrics.allowed_ips: "" is not a list (environment TSUKIMI_METRICS_ALLOWED_IPS)');
  });

  test('metrics.path moves both endpoints', async () => {
    const { app } = await start(App, { configuration: { metrics: { path: '/ops/v1.2/metrics_~-' } } });
    expect((await app.inject('/ops/v1.2/metrics_~-')).statusCode).toBe(200);
    expect((await app.inject('/ops/v1.2/metrics_~-/prometheus')).statusCode).toBe(200);
    expect((await app.inject('/metrics')).statusCode).toBe(404);
  });

  test('metrics.default_labels are on every series, process metrics included, and give way to a metric’s own', async () => {
    const { app } = await start(App, { configuration: { metrics: { default_labels: { zone: 'eu', component: 'mine' } } } });
    app.resolve(OrderService).create();
    const lines = await textLines(app);
    expect(lines.filter((line) => !line.includes('zone="eu"'))).toEqual([]);
    expect(lines).toContain('component_calls_total{component="OrderService",method="create",status="success",zone="eu"} 1');
    expect(lines).toContain('http_requests_in_flight{zone="eu",component="mine"} 0');
  });

  test('metrics.max_series_per_metric bounds every metric', async () => {
    const { app, logs } = await start(App, { configuration: { metrics: { max_series_per_metric: 3 } } });
    const provider = app.resolve(InstrumentationProvider);
    for (let id = 0; id < 10; id += 1) provider.recordMetric('orders_total', 1, { id });
    expect(await linesOf(app, 'orders_total')).toEqual([
      'orders_total{id="0"} 1',
      'orders_total{id="1"} 1',
      'orders_total{id="2"} 1',
      'orders_total{id="__overflow__"} 7',
    ]);
    expect(await linesOf(app, 'metrics_series_dropped_total')).toContain('metrics_series_dropped_total{metric="orders_total"} 7');
    expect(logs.filter(({ msg }) => msg.startsWith('orders_total has reached its limit of 3 series'))).toHaveLength(1);
  });

  test('instrumentation.exclude leaves methods alone, by name and by pattern', async () => {
    const { app, warnings } = await start(App, { configuration: { instrumentation: { exclude: ['Cache*.s*', '*.get'] } } });
    expect((await linesOf(app, 'component_calls_total')).map((line) => /method="(\w+)"/.exec(line)?.[1])).toEqual(['create', 'create']);
    expect(Object.getOwnPropertyNames(app.resolve(CacheService))).toEqual([]);
    expect(warnings()).toEqual([]);
  });

  test('instrumentation.exclude: a pattern is matched as it is written, dollars and all', async () => {
    @Service({ name: 'order-service' })
    class Odd {
      $find() {}
      finder() {}
    }
    const configuration = { instrumentation: { exclude: ['order-service.$find', 'order-service.find'] } };
    const { app, warnings } = await start(instrumentedApplication([Odd]), { configuration });
    expect(Object.keys((await jsonView(app)).instrumentation.components['order-service'].methods)).toEqual(['finder']);
    expect(warnings()).toEqual([expect.stringMatching(/^instrumentation\.exclude\[1\] matches no measured method/)]);
  });

  test('instrumentation.exclude: components that come later are not warned of', async () => {
    @Service({ scope: 'transient' })
    class Later {
      work = () => 1;
      idle = () => 2;
    }
    const configuration = { instrumentation: { exclude: ['Later.work'] } };
    const { app, warnings } = await start(instrumentedApplication([Later]), { configuration });
    expect(warnings()).toEqual([]);
    const later = app.resolve(Later);
    expect([later.work(), later.idle()]).toEqual([1, 2]);
    expect(Object.keys((await jsonView(app)).instrumentation.components.Later.methods)).toEqual(['idle']);
  });

  test('instrumentation.track_memory adds the heap and the peaks', async () => {
    const memory = async (configuration: Record<string, never>) => {
      const { app } = await start(App, { configuration });
      return (await linesOf(app, 'system_memory_bytes')).map((line) => /type="(\w+)"/.exec(line)?.[1]);
    };
    const vms = process.platform === 'linux' ? ['vms'] : [];
    expect(await memory({})).toEqual(['rss', ...vms]);
    const tracked = ['heap_used', 'heap_total', 'external', 'array_buffers'];
    expect(await memory({ instrumentation: { track_memory: true } } as object as Record<string, never>)).toEqual([
      'rss',
      ...vms,
      ...tracked,
      ...['rss', ...tracked].map((type) => `${type}_peak`),
    ]);
  });

  test('app.name and app.version are in application_info', async () => {
    const { app } = await start(App, { configuration: { app: { name: 'moon "viewing"', version: '1.2.3' } } });
    expect(await linesOf(app, 'application_info')).toEqual([
      `application_info{name="moon \\"viewing\\"",version="1.2.3",node_version="${process.version}"} 1`,
    ]);
    const unnamed = await start(App);
    expect(await linesOf(unnamed.app, 'application_info')).toEqual([
      `application_info{name="App",version="unknown",node_version="${process.version}"} 1`,
    ]);
  });
});

test('every metric of the catalogue is exposed from the start, with prom-client’s of the process', async () => {
  // Objectives have no series where nothing has one.
  @Slo({ objective: 99.9, latencyMs: 250 })
  @Service()
  class MoonService {}
  const { app } = await start(instrumentedApplication([CacheService, OrderService, MoonService]), {
    configuration: { instrumentation: { http: { sizes: true }, http_client: { enabled: true } } },
  });
  const names = await metricNames(app);
  // Exporters, health checks, workers and tasks that run once in a fleet have metrics if there are some.
  const others = /^(exporter|health|worker|scheduler_task_skipped|scheduler_task_lease)_/;
  const known = Object.values(CATALOGUE).filter(
    (metric) => !others.test(metric.name) && (metric !== CATALOGUE.mainThreadCpu || 'threadCpuUsage' in process),
  );
  expect(names).toEqual(expect.arrayContaining(known.map(({ name }) => name)));
  expect(names).toEqual(expect.arrayContaining(['process_cpu_user_seconds_total', 'nodejs_eventloop_lag_seconds', 'nodejs_version_info']));
  expect(new Set(names).size).toBe(names.length);
});
