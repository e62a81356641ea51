/** The row "PostgreSQL": only where the metrics are, and every query of it has data in a real Prometheus. */
import { buildDashboard, catalogueFamilies, dashboardJson, fetchFamilies } from '@tsukimi/dashboards';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { instrumentPool, POSTGRES_CATALOGUE } from '@tsukimi/postgres';
import Fastify from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POSTGRES_METRICS } from '../packages/dashboards/src/families/postgres-catalogue.js';
import { type DashboardJson, type PanelQuery, queriesOf } from './support/grafana/dashboard-json.js';
import { findProblems } from './support/grafana/find-problems.js';
import { type QueryContext, runPanelQuery } from './support/grafana/run-query.js';
import { choose, variableValues } from './support/grafana/variable-query.js';
import { sharedPostgres } from './support/postgres/shared.js';
import { type PrometheusServer, startPrometheus } from './support/prometheus-server.js';
import { requireBinary } from './support/server-binary.js';
import { waitUntil } from './support/wait-until.js';

const prometheusBinary = requireBinary('prometheus');

const rowOf = (dashboard: DashboardJson): PanelQuery[] => queriesOf(dashboard).filter(({ row }) => row === 'PostgreSQL');
const dashboardOf = (families?: Parameters<typeof buildDashboard>[0]) =>
  JSON.parse(dashboardJson(buildDashboard(families))) as DashboardJson;

it('is not there without the metrics', () => {
  expect(rowOf(dashboardOf())).toEqual([]);
  expect(rowOf(dashboardOf({ families: catalogueFamilies() }))).toEqual([]);
});

it('asks for the metrics that there are', () => {
  const names = (catalogue: Readonly<Record<string, { readonly name: string }>>) =>
    Object.entries(catalogue).map(([key, { name }]) => [key, name]);
  expect(names(POSTGRES_METRICS)).toEqual(names(POSTGRES_CATALOGUE));
});

describe.skipIf(prometheusBinary.skipReason)('with the metrics', () => {
  const registry = new MetricsRegistry();
  const fastify = Fastify();
  let pool: pg.Pool;
  let prometheus: PrometheusServer;
  let dashboard: DashboardJson;
  let context: QueryContext;

  beforeAll(async () => {
    const fromSeconds = Date.now() / 1_000;
    await fastify.register(httpInstrumentation, { registry });
    const url = await fastify.listen({ host: '127.0.0.1', port: 0 });
    pool = instrumentPool(new pg.Pool({ connectionString: await sharedPostgres(), max: 1 }), { name: 'main', registry });
    await use();
    dashboard = dashboardOf({ families: await fetchFamilies(`${url}/metrics`) });
    const job = { job_name: 'shop', metrics_path: '/metrics/prometheus', static_configs: [{ targets: [new URL(url).host] }] };
    prometheus = await startPrometheus(prometheusBinary.path, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [job] }));
    await scrapedWith(1);
    await use();
    await scrapedWith(2);
    const toSeconds = Math.ceil(Date.now() / 1_000);
    const window = { fromSeconds, toSeconds, stepSeconds: 1, scrapeIntervalSeconds: 1 };
    context = {
      choices: choose(dashboard, await variableValues(prometheus, dashboard, window)),
      fromSeconds,
      toSeconds,
      scrapeIntervalSeconds: 1,
    };
  });

  afterAll(async () => {
    await prometheus?.stop();
    await pool?.end();
    await fastify.close();
  });

  async function use(): Promise<void> {
    const client = await pool.connect();
    for (const text of ['BEGIN', '/* name: moons */ SELECT generate_series(1, 5)', 'COMMIT']) await client.query(text);
    pool.options.connectionTimeoutMillis = 1;
    await expect(pool.query('SELECT 1')).rejects.toThrow('timeout');
    pool.options.connectionTimeoutMillis = 0;
    client.release();
    await expect(pool.query('SELECT 1 / 0')).rejects.toThrow('division');
  }

  const scrapedWith = (rounds: number) =>
    waitUntil(`a scrape with ${rounds} transactions`, async () => {
      const [sample] = await prometheus.query('db_transactions_total{outcome="commit"}');
      return sample?.value === String(rounds);
    });

  it('has its panels instead of those of custom metrics, and each of their queries has data', async () => {
    expect(new Set(rowOf(dashboard).map(({ panel }) => panel.title)).size).toBe(9);
    expect(queriesOf(dashboard).filter(({ target }) => target.expr.includes('db_')).length).toBe(rowOf(dashboard).length);
    expect(await findProblems(prometheus, rowOf(dashboard), context)).toEqual([]);
  });

  it('shows the statement by its name', async () => {
    const query = rowOf(dashboard).find(({ panel, target }) => panel.title === 'Statements in this time range' && target.refId === 'A');
    const series = await runPanelQuery(prometheus, query as PanelQuery, context);
    expect(series.map(({ labels }) => labels)).toContainEqual({ pool: 'main', operation: 'select', statement: 'moons' });
  });
});
