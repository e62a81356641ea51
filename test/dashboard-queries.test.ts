/** Every query of every panel, variable and rule, asked of two real Prometheus servers that scraped the demo under `npm run traffic`: one with native histograms, one without. */
import { readdirSync } from 'node:fs';
import { buildDashboard, dashboardJson, fetchFamilies } from '@tsukimi/dashboards';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProgram } from './support/child-process.js';
import { type DemoStage, type ServerKind, startStage } from './support/demo-stage.js';
import { freePort } from './support/free-port.js';
import { type DashboardJson, queriesOf } from './support/grafana/dashboard-json.js';
import { findMissing, findProblems } from './support/grafana/find-problems.js';
import { problemOf, type QueryContext, queryAt } from './support/grafana/run-query.js';
import { choose, variableValues } from './support/grafana/variable-query.js';
import { projectPath, projectText } from './support/project.js';
import type { PrometheusServer } from './support/prometheus-server.js';
import { serveRefusedValues } from './support/refused-values.js';
import { requireBinary } from './support/server-binary.js';
import { waitUntil } from './support/wait-until.js';

const prometheusBinary = requireBinary('prometheus');
const SCRAPE_INTERVAL_SECONDS = 1;
const DASHBOARDS = readdirSync(projectPath('grafana/dashboards'))
  .filter((file) => file.endsWith('.json'))
  .map((file) => readDashboard(projectText(`grafana/dashboards/${file}`)));

/** What a rule file's rule is once Prometheus has loaded it. */
interface LoadedRule {
  readonly type: 'recording' | 'alerting';
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
  /** ISO 8601. */
  readonly lastEvaluation: string;
}

describe.skipIf(prometheusBinary.skipReason)('what dashboards and rules ask', () => {
  const running: { stop(): Promise<unknown> }[] = [];
  let stage: DemoStage<'busy' | 'crowded'>;
  let kindsUrl: string;
  let window: Pick<QueryContext, 'fromSeconds' | 'toSeconds' | 'scrapeIntervalSeconds'>;

  beforeAll(async () => {
    const fromSeconds = Date.now() / 1_000;
    const refused = await serveRefusedValues();
    running.push({ stop: () => refused.close() });
    kindsUrl = await startMetricKinds();
    stage = await startStage({
      binary: prometheusBinary.path,
      // The second demo has room for three label sets a metric: others are dropped.
      demos: { busy: {}, crowded: { TSUKIMI_METRICS_MAX_SERIES_PER_METRIC: '3' } },
      scrapeIntervalSeconds: SCRAPE_INTERVAL_SECONDS,
      furtherJobs: [jobOf('refused', new URL(refused.listeningOrigin).host), jobOf('metric-kinds', new URL(kindsUrl).host)],
    });
    running.push(stage);
    // Within 200 requests there is an order that makes the task fail, and one that is answered with a 500.
    stage.sendTraffic('busy', '--requests', '100000', '--rate', '40', '--seed', '15');
    stage.sendTraffic('crowded', '--requests', '100000', '--rate', '10', '--seed', '6');
    for (const [what, expression] of [
      ['a run of the task that fails', 'increase(scheduler_task_executions_total{instance="busy", status="failure"}[1m])'],
      ['a request that failed', 'http_requests_total{instance="busy", status="500"}'],
      ['a series too many', 'metrics_series_dropped_total{instance="crowded"}'],
    ] as const) {
      for (const server of Object.values(stage.servers))
        await waitUntil(what, async () => (await server.query(`${expression} > 0`)).length > 0, { timeoutMs: 60_000 });
    }
    for (let scrapes = 0; scrapes < 5; scrapes++) {
      await useMetricKinds();
      expect(await (await fetch(new URL('/events', refused.listeningOrigin))).text()).toBe('data: new moon\n\n');
      expect((await fetch(new URL('/calls', refused.listeningOrigin))).status).toBe(200);
      await stage.scraped();
    }
    for (const server of Object.values(stage.servers)) await rulesEvaluated(server);
    // Grafana is told of 5 s, so that rates are over 20 s: on a machine that is busy a scrape may come late.
    window = { fromSeconds, toSeconds: Date.now() / 1_000, scrapeIntervalSeconds: 5 };
  }, 180_000);

  afterAll(async () => {
    for (const each of running.reverse()) await each.stop();
  });

  async function startMetricKinds(): Promise<string> {
    const port = await freePort();
    const main = projectPath('examples/metric-kinds/dist/main.js');
    const program = startNodeProgram(main, { environment: { TSUKIMI_SERVER_PORT: String(port) } });
    running.push(program);
    await program.waitForOutput(/scrape/);
    return `http://127.0.0.1:${port}`;
  }

  async function useMetricKinds(): Promise<void> {
    for (const path of ['/', '/about', '/add/5', '/upstream/20', '/upload/3000', '/state/paused', '/state/running']) {
      expect((await fetch(new URL(path, kindsUrl))).status).toBe(200);
    }
  }

  async function rulesOf(prometheus: PrometheusServer): Promise<LoadedRule[]> {
    const { groups } = await prometheus.api<{ groups: { rules: LoadedRule[] }[] }>('/api/v1/rules');
    return groups.flatMap(({ rules }) => rules);
  }

  async function rulesEvaluated(prometheus: PrometheusServer): Promise<void> {
    const nowMs = Date.now();
    await waitUntil('an evaluation of every rule', async () =>
      (await rulesOf(prometheus)).every(({ lastEvaluation }) => Date.parse(lastEvaluation) > nowMs),
    );
  }

  describe.each<ServerKind>(['classic', 'native'])('of a server with %s histograms', (kind) => {
    const prometheus = () => stage.servers[kind];

    it('has one of the two kinds only', async () => {
      const names = ['http_request_duration_seconds', 'http_request_duration_seconds_bucket'];
      const found = await Promise.all(names.map(async (name) => (await prometheus().query(`count(${name})`)).length > 0));
      expect(found).toEqual(kind === 'native' ? [true, false] : [false, true]);
    });

    async function contextOf(dashboard: DashboardJson, given: Readonly<Record<string, string>> = {}): Promise<QueryContext> {
      const values = await variableValues(prometheus(), dashboard, { ...window, stepSeconds: 5 });
      return { ...window, choices: choose(dashboard, values, given) };
    }

    async function problemsOf(dashboard: DashboardJson, given?: Readonly<Record<string, string>>): Promise<string[]> {
      // Older versions of Node.js don't tell it.
      const known = queriesOf(dashboard).filter(
        ({ target }) => 'threadCpuUsage' in process || !target.expr.includes('nodejs_main_thread_cpu'),
      );
      return findProblems(prometheus(), known, await contextOf(dashboard, given));
    }

    describe.each(DASHBOARDS)('the dashboard $title', (dashboard) => {
      it('has data in every panel, with everything chosen', async () => {
        expect(queriesOf(dashboard).length).toBeGreaterThan(0);
        expect(await problemsOf(dashboard)).toEqual([]);
      });

      it('has values in every variable', async () => {
        const values = await variableValues(prometheus(), dashboard, { ...window, stepSeconds: 5 });
        expect(values['job']).toEqual(['demo', 'refused']);
        expect(values['instance']).toEqual(expect.arrayContaining(['busy', 'crowded']));
        expect(values['component']).toEqual(expect.arrayContaining(['OrderController', 'UserRepository']));
        expect(values['path']).toEqual(expect.arrayContaining(['/api/users/:userId', '<unmatched>']));
      });

      it.each([
        { job: 'demo', instance: 'busy', component: 'OrderService', path: '/api/orders' },
        { component: 'ReconciliationService' },
        { path: '/api/orders/user/:userId' },
      ])('has data where %j is chosen', async (given) => {
        const problems = await problemsOf(dashboard, given);
        // What was dropped is of one instance, what was refused, streamed, sent to others and done by workers of another; and most routes have no request that failed.
        const expected =
          /no (?:metrics_series_dropped_total|metrics_invalid_values_total|http_stream_duration_seconds\{|http_client_requests?_|worker_|http_requests_total\{[^}]*status=~"5\.\."|component_calls_total\{[^}]*status="failure")/;
        expect(problems.filter((problem) => !expected.test(problem))).toEqual([]);
      });
    });

    it('fails for a dashboard that asks for what is not there', async () => {
      const [dashboard = raise('There is no dashboard.')] = DASHBOARDS;
      const broken = readDashboard(JSON.stringify(dashboard).replaceAll('http_requests_total', 'http_request_total'));
      const problems = await problemsOf(broken);
      const titles = queriesOf(dashboard)
        .filter(({ target }) => target.expr.includes('http_requests_total'))
        .map(({ row, panel, target }) => `Tsukimi > ${row} > ${panel.title} > ${target.refId}`);
      expect(titles.length).toBeGreaterThan(5);
      expect(problems.map((problem) => problem.split(': ')[0])).toEqual(titles);
      expect(problems[0]).toMatch(
        /^Tsukimi > Overview > Total requests > A: there is no http_request_total\{.*\}: sum\(http_request_total\{/,
      );
    });

    it('has data for the dashboard of what the demo exposes, which has its objectives and its own metrics', async () => {
      const built = readDashboard(dashboardJson(buildDashboard({ families: await fetchFamilies(`${stage.demos.busy.url}/metrics`) })));
      expect(queriesOf(built).map(({ panel }) => panel.title)).toEqual(
        expect.arrayContaining(['Burn rate', 'expensive_aggregation_total, per second']),
      );
      expect(await problemsOf(built)).toEqual([]);
    });

    it('has data for a panel of every kind of metric that an application adds', async () => {
      const built = readDashboard(dashboardJson(buildDashboard({ families: await fetchFamilies(`${kindsUrl}/metrics`) })));
      const custom = queriesOf(built).filter(({ row }) => row === 'Custom metrics');
      expect([...new Set(custom.map(({ panel }) => panel.type))].sort()).toEqual(['heatmap', 'state-timeline', 'table', 'timeseries']);
      expect(custom.length).toBeGreaterThanOrEqual(8);
      // The example is not instrumented: what its jobs and instances are is told by the metrics that it makes itself.
      const { choices } = await contextOf(built);
      expect(choices['job']).toEqual({ values: ['demo', 'metric-kinds', 'refused'] });
      expect(await findProblems(prometheus(), custom, await contextOf(built, { job: 'metric-kinds' }))).toEqual([]);
    });

    it('has evaluated every rule without an error', async () => {
      const rules = await rulesOf(prometheus());
      expect(rules.length).toBeGreaterThan(30);
      expect(rules.filter(({ health }) => health !== 'ok').map(({ name, lastError }) => `${name}: ${lastError}`)).toEqual([]);
    });

    it('has data for every recording rule, as it is asked and as it was recorded', async () => {
      const recording = (await rulesOf(prometheus())).filter(({ type }) => type === 'recording');
      const problems: string[] = [];
      for (const { name, query } of recording) {
        for (const expression of [query, name]) {
          const problem = problemOf(await queryAt(prometheus(), expression, window.toSeconds));
          if (problem !== undefined) problems.push(`${name}: ${problem}: ${expression}`);
        }
        const missing = await findMissing(prometheus(), query, window);
        if (missing.length > 0) problems.push(`${name}: there is no ${missing.join(', no ')}`);
      }
      expect(problems).toEqual([]);
    });

    it('has data for everything that an alert reads', async () => {
      const alerts = (await rulesOf(prometheus())).filter(({ type }) => type === 'alerting');
      const problems: string[] = [];
      for (const { name, query } of alerts) {
        const missing = await findMissing(prometheus(), query, window);
        if (missing.length > 0) problems.push(`${name}: there is no ${missing.join(', no ')}`);
      }
      expect(problems).toEqual([]);
    });
  });
});

function readDashboard(json: string): DashboardJson {
  return JSON.parse(json) as DashboardJson;
}

function jobOf(name: string, target: string): object {
  return { job_name: name, metrics_path: '/metrics/prometheus', static_configs: [{ targets: [target] }] };
}

function raise(message: string): never {
  throw new Error(message);
}
