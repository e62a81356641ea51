/** Each alert, by promtool: silent just below its threshold and before its time, firing after it. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectPath, projectYaml } from '../../../test/support/project.js';
import { requireBinary } from '../../../test/support/server-binary.js';
import { EXAMPLE } from './support/stack.js';

const promtool = requireBinary('promtool');
const FILES = readdirSync(projectPath(`${EXAMPLE}/prometheus/rules`)).map((name) => `${EXAMPLE}/prometheus/rules/${name}`);

interface Rule {
  readonly alert: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const rules = FILES.flatMap((file) => projectYaml<{ groups: { rules: Rule[] }[] }>(file).groups.flatMap((group) => group.rules));

interface Case {
  readonly alert: string;
  /** Series with their values every five seconds, in promtool's notation. */
  readonly fires: Readonly<Record<string, string>>;
  readonly silent: Readonly<Record<string, string>>;
  /** The last moment before it fires, and one after it; the same moment where it does not wait. */
  readonly before?: string;
  readonly at: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}

const APP = 'job="app", instance="app:8004"';
const PG = 'job="postgres", instance="pg:9187"';
const NODE = 'job="node", instance="node:9100"';
const requests = (failed: string, succeeded: string) => ({
  [`http_requests_total{${APP}, path="/red", status="500"}`]: failed,
  [`http_requests_total{${APP}, path="/red", status="200"}`]: succeeded,
});
const durations = (upTo2: string, all: string) => ({
  [`http_request_duration_seconds_bucket{${APP}, path="/slow", le="2"}`]: upTo2,
  [`http_request_duration_seconds_bucket{${APP}, path="/slow", le="4"}`]: all,
  [`http_request_duration_seconds_bucket{${APP}, path="/slow", le="+Inf"}`]: all,
});
const share = (names: readonly [part: string, whole: string], labels: string, part: string) => ({
  [`${names[0]}{${labels}}`]: part,
  [`${names[1]}{${labels}}`]: '100x400',
});

const CASES: readonly Case[] = [
  {
    alert: 'RouteFails',
    fires: requests('0+6x60', '0+4x60'),
    silent: requests('0+5x60', '0+5x60'),
    before: '15s',
    at: '2m',
    labels: { job: 'app', path: '/red', severity: 'page' },
    summary: '60% of the requests to /red fail.',
  },
  {
    alert: 'RouteSlow',
    fires: durations('0+9x400', '0+10x400'),
    silent: durations('0+96x400', '0+100x400'),
    before: '5m',
    at: '10m',
    labels: { job: 'app', path: '/slow', severity: 'ticket' },
    summary: '5 % of the requests to /slow take longer than 3s.',
  },
  {
    alert: 'AppDown',
    fires: { [`up{${APP}}`]: '0x60' },
    silent: { [`up{${APP}}`]: '1x60' },
    before: '10s',
    at: '15s',
    labels: { job: 'app', instance: 'app:8004', severity: 'page' },
    summary: "Prometheus can't scrape the application at app:8004.",
  },
  {
    alert: 'ConnectionsWaitedFor',
    fires: { [`db_pool_waiting{${APP}, pool="main"}`]: '3x60' },
    silent: { [`db_pool_waiting{${APP}, pool="main"}`]: '0x60' },
    before: '55s',
    at: '60s',
    labels: { job: 'app', instance: 'app:8004', pool: 'main', severity: 'ticket' },
    summary: '3 callers wait for a connection of the pool main.',
  },
  {
    alert: 'RequestsNotLogged',
    fires: { [`request_log_entries_total{${APP}, outcome="failed"}`]: '0 1x60' },
    silent: { [`request_log_entries_total{${APP}, outcome="written"}`]: '0+1x60' },
    at: '1m',
    labels: { job: 'app', outcome: 'failed', severity: 'ticket' },
    summary: 'Requests are not logged in PostgreSQL: failed.',
  },
  {
    alert: 'PostgresDown',
    fires: { [`pg_up{${PG}}`]: '0x60' },
    silent: { [`pg_up{${PG}}`]: '1x60' },
    before: '10s',
    at: '15s',
    labels: { job: 'postgres', instance: 'pg:9187', severity: 'page' },
    summary: "The exporter at pg:9187 can't reach PostgreSQL.",
  },
  {
    alert: 'PostgresConnectionsNearLimit',
    fires: {
      [`pg_stat_activity_count{${PG}, datname="a", state="idle"}`]: '41x60',
      [`pg_stat_activity_count{${PG}, datname="b", state="active"}`]: '41x60',
      [`pg_settings_max_connections{${PG}, server="pg"}`]: '100x60',
    },
    silent: {
      [`pg_stat_activity_count{${PG}, datname="a", state="idle"}`]: '80x60',
      [`pg_settings_max_connections{${PG}, server="pg"}`]: '100x60',
    },
    before: '115s',
    at: '2m',
    labels: { job: 'postgres', instance: 'pg:9187', severity: 'ticket' },
    summary: 'PostgreSQL has used 82% of its connections.',
  },
  {
    alert: 'HostCpuBusy',
    fires: { [`node_cpu_seconds_total{${NODE}, cpu="0", mode="idle"}`]: '0+0.25x400' },
    silent: { [`node_cpu_seconds_total{${NODE}, cpu="0", mode="idle"}`]: '0+1x400' },
    before: '10m',
    at: '15m',
    labels: { job: 'node', instance: 'node:9100', severity: 'ticket' },
    summary: 'The CPUs of node:9100 are 95% busy.',
  },
  {
    alert: 'HostMemoryLow',
    fires: share(['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'], NODE, '9x400'),
    silent: share(['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'], NODE, '11x400'),
    before: '295s',
    at: '5m',
    labels: { job: 'node', instance: 'node:9100', severity: 'page' },
    summary: 'node:9100 has 9% of its memory left.',
  },
  {
    alert: 'HostDiskNearlyFull',
    fires: share(['node_filesystem_avail_bytes', 'node_filesystem_size_bytes'], `${NODE}, fstype="ext4", mountpoint="/"`, '9x400'),
    silent: share(['node_filesystem_avail_bytes', 'node_filesystem_size_bytes'], `${NODE}, fstype="tmpfs", mountpoint="/run"`, '9x400'),
    before: '295s',
    at: '5m',
    labels: { job: 'node', instance: 'node:9100', fstype: 'ext4', mountpoint: '/', severity: 'ticket' },
    summary: '/ on node:9100 has 9% left.',
  },
  {
    alert: 'TargetDown',
    fires: { [`up{${NODE}}`]: '0x60' },
    silent: { [`up{${APP}}`]: '0x60' },
    before: '55s',
    at: '60s',
    labels: { job: 'node', instance: 'node:9100', severity: 'ticket' },
    summary: "Prometheus can't scrape node at node:9100.",
  },
];

describe.skipIf(promtool.skipReason)('the alerts', () => {
  it('each have a case', () => {
    expect(CASES.map(({ alert }) => alert).sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });

  it.each(CASES)('$alert fires above its threshold and after its time, and not before', async ({ alert, at, before, ...each }) => {
    const description = rules.find((rule) => rule.alert === alert)?.annotations['description'];
    const expected = { exp_labels: each.labels, exp_annotations: { summary: each.summary, description } };
    const silentUntil = before === undefined ? [] : [{ eval_time: before, alertname: alert, exp_alerts: [] }];
    await promtoolTest([
      {
        interval: '5s',
        input_series: seriesOf(each.fires),
        alert_rule_test: [...silentUntil, { eval_time: at, alertname: alert, exp_alerts: [expected] }],
      },
      { interval: '5s', input_series: seriesOf(each.silent), alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: [] }] },
    ]);
  });
});

function seriesOf(values: Readonly<Record<string, string>>): object[] {
  return Object.entries(values).map(([series, each]) => ({ series, values: each }));
}

/** @throws an Error with what promtool found to be different */
async function promtoolTest(tests: readonly object[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-alerts-'));
  try {
    const file = join(folder, 'test.json');
    await writeFile(file, JSON.stringify({ rule_files: FILES.map(projectPath), evaluation_interval: '5s', tests }));
    execFileSync(promtool.path, ['test', 'rules', file], { encoding: 'utf8', stdio: 'pipe' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
