/** What the built-in dashboard shows of a known set of requests is exactly what was sent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoStage, type ServerKind, startStage } from './support/demo-stage.js';
import { type DashboardJson, queriesOf } from './support/grafana/dashboard-json.js';
import { type QueriedSeries, type QueryContext, queryAt, sentQuery } from './support/grafana/run-query.js';
import { choose, variableValues } from './support/grafana/variable-query.js';
import { sendKnownMix } from './support/known-mix.js';
import { REQUESTS } from './support/known-mix-series.js';
import { projectText } from './support/project.js';
import type { PrometheusServer } from './support/prometheus-server.js';
import { requireBinary } from './support/server-binary.js';

const prometheusBinary = requireBinary('prometheus');
const DASHBOARD = JSON.parse(projectText('grafana/dashboards/tsukimi.json')) as DashboardJson;

const ORDER = { user_id: 1, product_type: 'lamp', amount: 2.5, region: 'eu' };

/** 40 requests: 30 of one route, 8 of another of which 3 fail with a 500, and 2 that no route matches. */
const ROUND: readonly (readonly [times: number, method: string, path: string, body?: object])[] = [
  [30, 'GET', '/api/users'],
  [5, 'POST', '/api/orders', ORDER],
  [3, 'POST', '/api/orders', { ...ORDER, amount: 1e8 }],
  [2, 'GET', '/nowhere'],
];

describe.skipIf(prometheusBinary.skipReason)('the numbers of the dashboard', () => {
  let stage: DemoStage<'demo'>;
  const contexts = new Map<ServerKind, QueryContext>();

  // The known mix and a first round are over when Prometheus looks for the first time, so that every series is there from the start and its
  // growth afterwards is the second round: 40 requests, of which 3 failed. The scheduler would add calls of its own.
  beforeAll(async () => {
    const fromSeconds = Date.now() / 1_000;
    stage = await startStage({
      binary: prometheusBinary.path,
      demos: { demo: { TSUKIMI_SCHEDULER_ENABLED: 'false' } },
      scrapeIntervalSeconds: 1,
      beforeScrapes: async ({ demo }) => {
        await sendKnownMix(demo.url);
        await sendRound(demo.url);
      },
    });
    await stage.scraped();
    await stage.scraped();
    await sendRound(stage.demos.demo.url);
    await stage.scraped();
    const window = { fromSeconds, toSeconds: Date.now() / 1_000, stepSeconds: 1, scrapeIntervalSeconds: 15 };
    for (const [kind, server] of Object.entries(stage.servers) as [ServerKind, PrometheusServer][]) {
      const values = await variableValues(server, DASHBOARD, window);
      // With scrapes every 15 s, as Grafana is told, rates are over a minute: all that there is.
      contexts.set(kind, { ...window, choices: choose(DASHBOARD, values) });
    }
  });

  afterAll(() => stage?.stop());

  describe.each<ServerKind>(['classic', 'native'])('on a server with %s histograms', (kind) => {
    /** What a query of a panel gives at the end. */
    async function shown(title: string, refId = 'A'): Promise<QueriedSeries[]> {
      const query = queriesOf(DASHBOARD).find(({ panel, target }) => panel.title === title && target.refId === refId);
      if (query === undefined) throw new Error(`There is no panel ${title} with a query ${refId}.`);
      const context = contexts.get(kind) as QueryContext;
      return queryAt(stage.servers[kind], sentQuery(query, context), context.toSeconds);
    }

    async function number(title: string): Promise<number | undefined> {
      const [series] = await shown(title);
      return series?.points[0]?.[1];
    }

    /** By method and route; those without requests in the second round are left out. */
    async function byRoute(title: string, refId?: string): Promise<Record<string, number>> {
      const series = await shown(title, refId);
      return Object.fromEntries(
        series.map(({ labels, points }) => [`${labels['method']} ${labels['path']}`, points[0]?.[1] ?? Number.NaN]),
      );
    }

    it('counts every request in the total: the known mix, and 40 twice', async () => {
      const mix = REQUESTS.reduce((sum, [, requests]) => sum + requests, 0);
      expect(mix).toBe(38);
      expect(await number('Total requests')).toBe(38 + 2 * 40);
    });

    it('has the error rate: 3 of 40', async () => {
      expect(await number('Error rate')).toBeCloseTo(3 / 40, 12);
    });

    it('has the error rate by route, 3 of 8 and otherwise 0, and nothing for those without requests', async () => {
      for (const [title, refId] of [
        ['Error rate by route', 'A'],
        ['Routes in this time range', 'B'],
      ] as const) {
        const rates = await byRoute(title, refId);
        expect(Object.keys(rates).sort()).toEqual(['GET /api/users', 'GET <unmatched>', 'POST /api/orders']);
        expect(rates['POST /api/orders']).toBeCloseTo(3 / 8, 12);
        expect([rates['GET /api/users'], rates['GET <unmatched>']]).toEqual([0, 0]);
      }
    });

    it('has the request rate by route: 30, 8 and 2 of 40, and 0 for the others', async () => {
      const rates = await byRoute('Request rate by route');
      const total = Object.values(rates).reduce((sum, rate) => sum + rate, 0);
      expect(total).toBeCloseTo((await number('Requests per second')) ?? Number.NaN, 12);
      const shares = Object.entries(rates).filter(([, rate]) => rate > 0);
      expect(Object.fromEntries(shares.map(([route, rate]) => [route, Number((rate / total).toFixed(12))]))).toEqual({
        'GET /api/users': 30 / 40,
        'POST /api/orders': 8 / 40,
        'GET <unmatched>': 2 / 40,
      });
      expect(Object.keys(rates)).toHaveLength(new Set(REQUESTS.map(([labels]) => labels.replace(/ status=.*/, ''))).size);
    });

    it('has the calls that failed by component: 3 of 8 orders, and no user', async () => {
      const failed = await shown('Calls and durations by component', 'B');
      const shares = Object.fromEntries(failed.map(({ labels, points }) => [labels['component'], Number(points[0]?.[1].toFixed(12))]));
      expect(shares).toMatchObject({
        OrderController: 3 / 8,
        OrderService: 3 / 8,
        OrderRepository: 3 / 8,
        UserController: 0,
        UserService: 0,
      });
    });
  });

  describe('after `npm run traffic`, with native histograms', () => {
    let metrics: MetricsJson;

    beforeAll(async () => {
      const { code } = await stage.sendTraffic('demo', '--requests', '600', '--rate', '0', '--seed', '3').exited;
      expect(code).toBe(0);
      await stage.scraped();
      metrics = (await (await fetch(`${stage.demos.demo.url}/metrics`)).json()) as MetricsJson;
    }, 120_000);

    /** By labels: how often, and the p95 in milliseconds, as Prometheus says them. */
    async function asked(metric: string, by: readonly string[]): Promise<Map<string, Durations>> {
      const total = `sum by (${by.join(', ')}) (${metric})`;
      const counts = await stage.servers.native.query(`histogram_count(${total})`);
      const quantiles = await stage.servers.native.query(`histogram_quantile(0.95, ${total})`);
      const keyOf = (labels: Readonly<Record<string, string>>) => by.map((label) => labels[label]).join(' ');
      const p95 = new Map(quantiles.map(({ labels, value }) => [keyOf(labels), Number(value) * 1_000]));
      return new Map(counts.map(({ labels, value }) => [keyOf(labels), { count: Number(value), p95_ms: p95.get(keyOf(labels)) ?? null }]));
    }

    /** What is further away than it may be: 2.5 % from 100 calls up, else a bucket. */
    function offBy(told: ReadonlyMap<string, Durations>, answers: ReadonlyMap<string, Durations>): string[] {
      return [...told].flatMap(([key, { count, p95_ms: p95 }]) => {
        const answer = answers.get(key);
        if (p95 === null || answer?.p95_ms == null || answer.count !== count) return [`${key}: ${JSON.stringify([count, p95, answer])}`];
        const off = Math.abs(answer.p95_ms - p95) / p95;
        return off <= (count >= 100 ? 0.025 : 0.045) ? [] : [`${key}: ${p95} ms, asked ${answer.p95_ms} ms, of ${count}`];
      });
    }

    it('the p95 of every route is that of the JSON', async () => {
      const endpoints = Object.entries(metrics.instrumentation.http.endpoints);
      const told = new Map(endpoints.map(([route, { requests, latency }]) => [route, { count: requests, p95_ms: latency.p95_ms }]));
      expect([...told.values()].filter(({ count }) => count >= 100).length).toBeGreaterThan(1);
      expect(offBy(told, await asked('http_request_duration_seconds', ['method', 'path']))).toEqual([]);
    });

    it('the p95 of every component is that of the JSON', async () => {
      const called = Object.entries(metrics.instrumentation.components).filter(([, { calls }]) => calls > 0);
      const told = new Map(called.map(([name, { calls, p95_ms }]) => [name, { count: calls, p95_ms }]));
      expect([...told.values()].filter(({ count }) => count >= 100).length).toBeGreaterThan(3);
      expect(offBy(told, await asked('component_duration_seconds', ['component']))).toEqual([]);
    });
  });
});

interface Durations {
  readonly count: number;
  readonly p95_ms: number | null;
}

/** The part of the JSON view that says how long things took. */
interface MetricsJson {
  readonly instrumentation: {
    readonly http: {
      readonly endpoints: Readonly<Record<string, { readonly requests: number; readonly latency: { readonly p95_ms: number | null } }>>;
    };
    readonly components: Readonly<Record<string, { readonly calls: number; readonly p95_ms: number | null }>>;
  };
}

async function sendRound(url: string): Promise<void> {
  for (const [times, method, path, body] of ROUND) {
    for (let time = 0; time < times; time++) {
      const content = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      await (await fetch(new URL(path, url), { method, ...content })).arrayBuffer();
    }
  }
}
