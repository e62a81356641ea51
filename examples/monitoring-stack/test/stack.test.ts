/** The example with the real Prometheus, Alertmanager, node exporter and PostgreSQL exporter: every query of its pages and dashboards, and an alert on its whole way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardJson, queriesOf } from '../../../test/support/grafana/dashboard-json.js';
import { findProblems } from '../../../test/support/grafana/find-problems.js';
import type { TimeWindow } from '../../../test/support/grafana/interpolation.js';
import { choose, variableValues } from '../../../test/support/grafana/variable-query.js';
import { codeBlocksOf } from '../../../test/support/markdown.js';
import { projectText, projectYaml } from '../../../test/support/project.js';
import { requireBinary } from '../../../test/support/server-binary.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { EXAMPLE, type Stack, startStack } from './support/stack.js';

const binaries = {
  prometheus: requireBinary('prometheus'),
  alertmanager: requireBinary('prometheus-alertmanager'),
  nodeExporter: requireBinary('prometheus-node-exporter'),
  postgresExporter: requireBinary('prometheus-postgres-exporter'),
};
const skipReason = Object.values(binaries).find((binary) => binary.skipReason !== undefined)?.skipReason;

interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
}

interface GrafanaRules {
  readonly groups: readonly { readonly rules: readonly { readonly data: readonly { readonly model: { readonly expr?: string } }[] }[] }[];
}

describe.skipIf(skipReason)('the monitoring stack', () => {
  let stack: Stack;
  let window: TimeWindow;
  const sent = new Map<string, number>();

  beforeAll(async () => {
    const fromSeconds = Date.now() / 1_000;
    stack = await startStack({
      prometheus: binaries.prometheus.path,
      alertmanager: binaries.alertmanager.path,
      nodeExporter: binaries.nodeExporter.path,
      postgresExporter: binaries.postgresExporter.path,
    });
    // A rate is told from two values: each series is seen, and seen to grow.
    for (let round = 0; round < 3; round += 1) {
      await sendRound();
      await stack.scraped();
    }
    // Grafana asks at whole steps: the last is after everything that was scraped.
    window = { fromSeconds, toSeconds: Math.ceil(Date.now() / 5_000) * 5, stepSeconds: 5, scrapeIntervalSeconds: 5 };
  });

  afterAll(() => stack?.stop());

  async function sendRound(): Promise<void> {
    const paths = ['/', '/green', '/green', '/red', '/red', '/nowhere', ...Array.from({ length: 6 }, () => '/simulation')];
    await Promise.all(
      paths.map(async (path) => {
        const { status } = await fetch(`${stack.appUrl}${path}`);
        const key = `${path === '/nowhere' ? '<unmatched>' : path} ${status}`;
        sent.set(key, (sent.get(key) ?? 0) + 1);
      }),
    );
  }

  it('is scraped', async () => {
    const up = await stack.prometheus.query('up');
    expect(Object.fromEntries(up.map(({ labels, value }) => [labels['job'], value]))).toEqual({
      app: '1',
      postgres: '1',
      node: '1',
      alertmanager: '1',
    });
  });

  it('has counted each request once, and logged each once', async () => {
    const counted = await stack.prometheus.query('http_requests_total');
    expect(Object.fromEntries(counted.map(({ labels, value }) => [`${labels['path']} ${labels['status']}`, Number(value)]))).toEqual(
      Object.fromEntries(sent),
    );
    const logged = (await (await fetch(`${stack.appUrl}/requests`)).json()) as { route: string; status: number; requests: number }[];
    expect(Object.fromEntries(logged.map(({ route, status, requests }) => [`${route} ${status}`, requests]))).toEqual(
      Object.fromEntries(sent),
    );
  });

  it('pushes by DogStatsD what it counted', async () => {
    const pushed = () => stack.pushed.of('tsukimi.http.requests').filter(({ tags }) => tags['path'] !== '/requests');
    const sums = () => Object.fromEntries(pushed().map(({ tags, sum }) => [`${tags['path']} ${tags['status']}`, sum]));
    // A push that is under way brings the last of them; more must never come.
    await waitUntil(
      'a push of the last round',
      () => pushed().reduce((all, { sum }) => all + sum, 0) >= [...sent.values()].reduce((a, b) => a + b, 0),
    );
    expect(sums()).toEqual(Object.fromEntries(sent));
  });

  it('answers the three first questions', async () => {
    const rates = await stack.prometheus.query('rate(http_requests_total[1m])');
    const growing = rates.filter(({ value }) => Number(value) > 0).map(({ labels }) => labels['path']);
    expect(growing).toEqual(expect.arrayContaining(['/', '/green', '/red', '/simulation']));
    const activity = await stack.prometheus.query('pg_stat_activity_count');
    expect(activity.some(({ labels, value }) => labels['datname'] === 'requests' && Number(value) > 0)).toBe(true);
    const load = await stack.prometheus.query('node_load1');
    expect(load.map(({ value }) => Number.isFinite(Number(value)))).toEqual([true]);
  });

  it.each(['application', 'postgresql', 'host'])('has data in every panel and every variable of the dashboard %s', async (name) => {
    const dashboard = JSON.parse(projectText(`${EXAMPLE}/grafana/dashboards/${name}.json`)) as DashboardJson;
    const values = await variableValues(stack.prometheus, dashboard, window);
    expect(values['instance']).toHaveLength(1);
    const queries = queriesOf(dashboard);
    expect(queries.length).toBeGreaterThan(12);
    expect(await findProblems(stack.prometheus, queries, { ...window, choices: choose(dashboard, values) })).toEqual([]);
  });

  it.each(codeBlocksOf(projectText(`${EXAMPLE}/README.md`)).filter(({ language }) => language === 'promql'))(
    'has an answer to the query of the README: $code',
    async ({ code }) => {
      const samples = await stack.prometheus.query(code);
      expect(samples.length).toBeGreaterThan(0);
      expect(samples.some(({ value }) => !Number.isNaN(Number(value)))).toBe(true);
    },
  );

  it("sees /red fail by the query of Grafana's alert", async () => {
    const { groups } = projectYaml<GrafanaRules>(`${EXAMPLE}/grafana/provisioning/alerting/rules.yml`);
    const [expression = ''] = groups.flatMap(({ rules }) => rules.flatMap(({ data }) => data.flatMap(({ model }) => model.expr ?? [])));
    const samples = await stack.prometheus.query(`${expression} > 0.5`);
    expect(samples).toEqual([{ labels: { path: '/red' }, value: '1' }]);
  });

  it('brings the alert about /red from the rule through the Alertmanager to the webhook, and no other page', async () => {
    const { alerts } = await stack.prometheus.api<{ alerts: { labels: Record<string, string>; state: string }[] }>('/api/v1/alerts');
    const ofRed = { alertname: 'RouteFails', job: 'app', path: '/red', severity: 'page' };
    expect(alerts.filter(({ labels }) => labels['severity'] === 'page')).toEqual([
      expect.objectContaining({ labels: ofRed, state: 'firing' }),
    ]);
    const routed = await waitUntil('the alert in the Alertmanager', async () => {
      const known = (await (await fetch(`${stack.alertmanagerUrl}/api/v2/alerts`)).json()) as AlertmanagerAlert[];
      return known.find(({ labels }) => labels['alertname'] === 'RouteFails');
    });
    expect(routed).toMatchObject({ labels: ofRed, receivers: [{ name: 'page' }] });
    const [line] = await stack.receiver.waitForOutput(/^page .*$/m);
    expect(line).toBe('page FIRING RouteFails job=app path=/red severity=page: 100% of the requests to /red fail.');
  });

  it('never says the password of the database in its log', () => {
    const { stdout } = stack.app.output;
    const log = stdout.split('\n').filter((line) => line.startsWith('{'));
    expect(log.length).toBeGreaterThan(0);
    expect(log.filter((line) => /app:app|password/.test(line))).toEqual([]);
  });
});
