/** An application's own metrics, read from its endpoint: each gets panels, and what they ask a real Prometheus for has data. */
import { buildDashboard, dashboardJson, fetchFamilies } from '@tsukimi/dashboards';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardJson, type PanelQuery, queriesOf } from './support/grafana/dashboard-json.js';
import { findProblems } from './support/grafana/find-problems.js';
import { type QueryContext, runPanelQuery } from './support/grafana/run-query.js';
import { choose, variableValues } from './support/grafana/variable-query.js';
import { type PrometheusServer, startPrometheus } from './support/prometheus-server.js';
import { requireBinary } from './support/server-binary.js';
import { waitUntil } from './support/wait-until.js';

const prometheusBinary = requireBinary('prometheus');
const JOB = 'shop';

describe.skipIf(prometheusBinary.skipReason)('the panels of custom metrics', () => {
  const registry = new MetricsRegistry();
  const uploads = registry.counter({ name: 'upload_bytes_total', help: 'Bytes.', labelNames: ['kind'] });
  const waits = registry.histogram({ name: 'wait_seconds', help: 'Waits.', labelNames: ['shop'], buckets: [0.1, 1, 10] });
  const sizes = registry.summary({ name: 'order_size', help: 'Sizes.', labelNames: ['shop'], quantiles: [0.5, 0.99] });
  registry.gauge({ name: 'queue_length', help: 'Waiting.', labelNames: ['queue'] }).set({ queue: 'a "b" \\ {c}' }, -2);
  registry.info({ name: 'build_info', help: 'Build.', labelNames: ['version'] }).set({ version: '1.2.3' });
  registry.stateSet({ name: 'shop_state', help: 'State.', states: ['open', 'closed'], labelNames: ['shop'] }).set({ shop: 'x' }, 'open');

  let fastify: FastifyInstance;
  let prometheus: PrometheusServer;
  let dashboard: DashboardJson;
  let context: QueryContext;

  beforeAll(async () => {
    const fromSeconds = Date.now() / 1_000;
    fastify = Fastify();
    await fastify.register(httpInstrumentation, { registry });
    const url = await fastify.listen({ host: '127.0.0.1', port: 0 });
    record();
    dashboard = JSON.parse(dashboardJson(buildDashboard({ families: await fetchFamilies(`${url}/metrics`) })));
    prometheus = await startPrometheus(prometheusBinary.path, scrapeOf(new URL(url).host));
    // Not before a scrape has seen the first values: rates begin from there.
    await scrapedWith(1);
    record();
    await scrapedWith(2);
    // A whole second, at which there is a point, and not before that scrape.
    const toSeconds = Math.ceil(Date.now() / 1_000);
    const window = { fromSeconds, toSeconds, stepSeconds: 1, scrapeIntervalSeconds: 1 };
    const choices = choose(dashboard, await variableValues(prometheus, dashboard, window));
    context = { choices, fromSeconds, toSeconds, scrapeIntervalSeconds: 1 };
  });

  afterAll(async () => {
    await prometheus?.stop();
    await fastify?.close();
  });

  function record(): void {
    uploads.inc({ kind: 'photo' }, 1_000);
    for (const seconds of [0.05, 0.5, 5]) waits.observe({ shop: 'x' }, seconds);
    sizes.observe({ shop: 'x' }, 4);
  }

  const scrapedWith = (rounds: number) =>
    waitUntil(`a scrape with ${rounds} uploads`, async () => {
      const [sample] = await prometheus.query('upload_bytes_total');
      return sample?.value === String(rounds * 1_000);
    });

  const custom = (): PanelQuery[] => queriesOf(dashboard).filter(({ row }) => row === 'Custom metrics');

  async function valuesOf(title: string, refId = 'A'): Promise<Record<string, number | undefined>> {
    const query = custom().find(({ panel, target }) => panel.title === title && target.refId === refId);
    if (query === undefined) throw new Error(`There is no query ${refId} of "${title}".`);
    const series = await runPanelQuery(prometheus, query, context);
    return Object.fromEntries(series.map(({ labels, points }) => [JSON.stringify(labels), points.at(-1)?.[1]]));
  }

  it('are there for each of them, and have data', async () => {
    expect(new Set(custom().map(({ panel }) => panel.title))).toEqual(
      new Set([
        'build_info',
        'order_size, quantiles',
        'queue_length',
        'shop_state',
        'upload_bytes_total, per second',
        'wait_seconds, percentiles',
        'wait_seconds, spread',
      ]),
    );
    expect(await findProblems(prometheus, custom(), context)).toEqual([]);
  });

  it('show states, quantiles and values as they are', async () => {
    expect(await valuesOf('shop_state')).toEqual({ '{"shop":"x","shop_state":"open"}': 1, '{"shop":"x","shop_state":"closed"}': 0 });
    expect(Object.values(await valuesOf('queue_length'))).toEqual([-2]);
    const quantiles = Object.values(await valuesOf('order_size, quantiles'));
    expect(quantiles).toHaveLength(2);
    for (const value of quantiles) expect(Math.abs((value ?? 0) - 4)).toBeLessThanOrEqual(0.1);
    // All observations are 4.
    expect(await valuesOf('order_size, quantiles', 'B')).toEqual({ '{"shop":"x"}': 4 });
  });

  it('interpolate percentiles in the buckets', async () => {
    // One observation in each of 0 to 0.1, 0.1 to 1 and 1 to 10: the 1.5th of 3 is half way through the second bucket.
    expect((await valuesOf('wait_seconds, percentiles', 'A'))['{}']).toBeCloseTo(0.55, 9);
    // The 2.85th of 3 is 85 hundredths through the third: 1 + 0.85 * 9.
    expect((await valuesOf('wait_seconds, percentiles', 'B'))['{}']).toBeCloseTo(8.65, 9);
  });

  function scrapeOf(target: string): string {
    const job = { job_name: JOB, metrics_path: '/metrics/prometheus', static_configs: [{ targets: [target] }] };
    return JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [job] });
  }
});
