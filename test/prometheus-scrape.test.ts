/** A real Prometheus scrapes the built demo; what it then knows is exactly what was sent. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoProgram, startDemoProgram } from './support/demo-program.js';
import { sendKnownMix } from './support/known-mix.js';
import { COMPONENT_CALLS, DEPENDENCIES, MEMORY_TYPES, METRIC_NAMES, REQUESTS, SLO_EVENTS, type Table } from './support/known-mix-series.js';
import { type PrometheusServer, startPrometheus } from './support/prometheus-server.js';
import { scrapeConfiguration } from './support/scrape-configuration.js';
import { requireBinary } from './support/server-binary.js';
import { waitUntil } from './support/wait-until.js';

const prometheusBinary = requireBinary('prometheus');
const promtool = requireBinary('promtool');

describe.skipIf(prometheusBinary.skipReason ?? promtool.skipReason)('the demo, scraped by a real Prometheus', () => {
  let demo: DemoProgram;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    // Without a schedule nothing but what is sent is counted; prometheus-schedule.test.ts has the schedule.
    demo = await startDemoProgram({ TSUKIMI_SCHEDULER_ENABLED: 'false' });
    prometheus = await startPrometheus(prometheusBinary.path, scrapeConfiguration(demo.target));
    await sendKnownMix(demo.url);
    await scrapedAfter(Date.now());
  });

  afterAll(async () => {
    await prometheus?.stop();
    await demo?.program.stop();
  });

  async function scrapedAfter(timeMs: number): Promise<void> {
    await waitUntil('a scrape of everything that was sent', async () => {
      // timestamp() of anything but a selector is the time of the query.
      const [scrape] = await prometheus.query('timestamp(up{job="demo"}) and up{job="demo"} == 1');
      return scrape !== undefined && Number(scrape.value) * 1_000 > timeMs;
    });
  }

  /** Every series that an expression gives for the demo, as sorted `a,b` label values and the value. */
  async function table(expression: string): Promise<Table> {
    const samples = await prometheus.query(expression);
    const rows = samples.map(({ labels: { __name__, job, instance, ...labels }, value }) => [inOrder(labels), Number(value)] as const);
    return rows.sort(byLabels);
  }

  it('has every request under its method, route and status, and the one that was given up', async () => {
    expect(await table('http_requests_total{job="demo"}')).toEqual(sorted(REQUESTS));
  });

  it('has a duration for each of them, none negative, and none in flight', async () => {
    const byRoute = new Map<string, number>();
    for (const [labels, requests] of REQUESTS) {
      const route = labels.replace(/ status=\d+$/, '');
      byRoute.set(route, (byRoute.get(route) ?? 0) + requests);
    }
    expect(await table('http_request_duration_seconds_count{job="demo"}')).toEqual(sorted([...byRoute]));
    const all = [...byRoute].map(([route, requests]) => [`le=+Inf ${route}`, requests] as const);
    expect(await table('http_request_duration_seconds_bucket{job="demo",le="+Inf"}')).toEqual(sorted(all));
    const sums = await table('http_request_duration_seconds_sum{job="demo"}');
    expect(sums.map(([labels]) => labels)).toEqual(sorted([...byRoute]).map(([labels]) => labels));
    for (const [, seconds] of sums) expect(seconds).toBeGreaterThan(0);
    expect(await table('http_requests_in_flight{job="demo"}')).toEqual([['', 0]]);
  });

  it('has every call of every component method, and no other component', async () => {
    const calls = COMPONENT_CALLS.flatMap(([component, method, success, failure]) => [
      [`component=${component} method=${method} status=success`, success] as const,
      [`component=${component} method=${method} status=failure`, failure] as const,
    ]);
    expect(await table('component_calls_total{job="demo"}')).toEqual(sorted(calls));
    const counts = COMPONENT_CALLS.map(
      ([component, method, success, failure]) => [`component=${component} method=${method}`, success + failure] as const,
    );
    expect(await table('component_duration_seconds_count{job="demo"}')).toEqual(sorted(counts));
  });

  it('has what the service recorded itself', async () => {
    expect(await table('database_writes_total{job="demo"}')).toEqual([['operation=insert table=orders', 12]]);
    expect(await table('database_full_scan_total{job="demo"}')).toEqual([['table=orders', 4]]);
    expect(await table('expensive_aggregation_total{job="demo"}')).toEqual([
      ['operation=revenue records_processed=0', 1],
      ['operation=revenue records_processed=11-100', 1],
    ]);
    expect(await table('database_query_rows_returned_count{job="demo"}')).toEqual([
      ['query_type=all table=orders', 2],
      ['query_type=by_user table=orders', 2],
      ['query_type=revenue table=orders', 2],
    ]);
    expect(await table('database_query_rows_returned_sum{job="demo"}')).toEqual([
      ['query_type=all table=orders', 24],
      ['query_type=by_user table=orders', 12],
      ['query_type=revenue table=orders', 12],
    ]);
    expect(await table('database_query_rows_returned_bucket{job="demo",query_type="by_user"}')).toEqual(
      sorted([
        ['le=0.0 query_type=by_user table=orders', 1],
        ['le=1.0 query_type=by_user table=orders', 1],
        ['le=10.0 query_type=by_user table=orders', 1],
        ['le=100.0 query_type=by_user table=orders', 2],
        ['le=1000.0 query_type=by_user table=orders', 2],
        ['le=10000.0 query_type=by_user table=orders', 2],
        ['le=+Inf query_type=by_user table=orders', 2],
      ]),
    );
  });

  it('has the objective of the order controller, and each of its calls in it', async () => {
    expect(await table('slo_objective_ratio{job="demo"}')).toEqual([['slo=OrderController', 0.995]]);
    expect(await table('slo_latency_threshold_seconds{job="demo"}')).toEqual([['slo=OrderController', 0.25]]);
    const events = await table('slo_events_total{job="demo"}');
    expect(events.map(([labels]) => labels)).toEqual(['outcome=bad slo=OrderController', 'outcome=good slo=OrderController']);
    expect(events.reduce((sum, [, count]) => sum + count, 0)).toBe(SLO_EVENTS);
    // The threshold lies between two bounds of the histogram, whatever the machine does in between.
    const within = async (bound: string) =>
      (await table(`sum(component_duration_seconds_bucket{job="demo",component="OrderController",le="${bound}"})`))[0]?.[1];
    const good = events[1]?.[1];
    expect(good).toBeGreaterThanOrEqual((await within('0.1')) ?? Number.NaN);
    expect(good).toBeLessThanOrEqual((await within('0.5')) ?? Number.NaN);
  });

  it('has the application, its graph and its process', async () => {
    const version = `name=instrumentation-demo node_version=${process.version} version=1.0.0`;
    expect(await table('application_info{job="demo"}')).toEqual([[version, 1]]);
    expect(await table('component_dependency_info{job="demo"}')).toEqual(sorted(DEPENDENCIES.map((labels) => [labels, 1])));
    expect(await table('metrics_access_denied_total{job="demo"}')).toEqual([['', 0]]);
    expect((await table('system_memory_bytes{job="demo"} > 0')).map(([labels]) => labels)).toEqual(
      MEMORY_TYPES.map((type) => `type=${type}`).sort(),
    );
    expect((await table('system_uptime_seconds{job="demo"} > 0')).length).toBe(1);
    expect((await table('system_cpu_percent{job="demo"} >= 0')).length).toBe(1);
  });

  it('has nothing else: no metric that is not expected here', async () => {
    const names = await table('count by (name) (label_replace({job="demo"}, "name", "$1", "__name__", "(.+)"))');
    const ours = names.map(([labels]) => labels.replace('name=', '')).filter((name) => !/^(process|nodejs|scrape)_|^up$/.test(name));
    // OpenMetrics, which Prometheus asks for, tells besides when each counter and histogram began.
    const created = METRIC_NAMES.filter((name) => /_(total|bucket)$/.test(name)).map((name) =>
      name.replace(/_(total|bucket)$/, '_created'),
    );
    expect(ours).toEqual([...METRIC_NAMES, ...created].sort());
  });

  it('is accepted by promtool, which has nothing to say against it', async () => {
    const text = await (await fetch(`${demo.url}/metrics/prometheus`)).text();
    expect(lint(text)).toEqual([]);
  });

  it('is scraped at /metrics too, by a configuration that names no path', async () => {
    const stock = `scrape_configs: [{ job_name: demo, scrape_interval: 200ms, static_configs: [{ targets: ['${demo.target}'] }] }]`;
    const other = await startPrometheus(prometheusBinary.path, stock);
    try {
      const samples = await waitUntil('a scrape of /metrics', async () => {
        const found = await other.query('http_requests_total');
        return found.length > 0 && found;
      });
      const rows = samples.map(
        ({ labels: { method, path, status }, value }) => [`method=${method} path=${path} status=${status}`, Number(value)] as const,
      );
      expect(rows.sort(byLabels)).toEqual(sorted(REQUESTS));
    } finally {
      await other.stop();
    }
  });

  function lint(text: string): string[] {
    // Exit code 1 is a text that can't be read, 3 one that can and that could be better.
    try {
      execFileSync(promtool.path, ['check', 'metrics'], { input: text, stdio: 'pipe' });
      return [];
    } catch (error) {
      const { status, stderr } = error as { readonly status: number; readonly stderr: Buffer };
      expect([status, String(stderr)]).toEqual([3, expect.any(String)]);
      return String(stderr).trim().split('\n');
    }
  }
});

function inOrder(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}=${labels[name]}`)
    .join(' ');
}

function byLabels([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}

function sorted(rows: Table): Table {
  return [...rows].sort(byLabels);
}
