/** The example as it is shipped, with the real servers around it: its files, on other ports and with short intervals. */

import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ChildProgram, startNodeProgram } from '../../../../test/support/child-process.js';
import { freePort } from '../../../../test/support/free-port.js';
import { projectPath, projectText } from '../../../../test/support/project.js';
import { type PrometheusServer, startPrometheus } from '../../../../test/support/prometheus-server.js';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { PushedCounters } from './pushed-counters.js';

export const EXAMPLE = 'examples/monitoring-stack';

/** The paths that `requireBinary` gave. */
export interface StackBinaries {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly nodeExporter: string;
  readonly postgresExporter: string;
}

/** What runs; `stop()` ends all of it. */
export interface Stack {
  readonly app: ChildProgram;
  readonly appUrl: string;
  readonly prometheus: PrometheusServer;
  readonly alertmanagerUrl: string;
  readonly receiver: ChildProgram;
  /** What the application has pushed by DogStatsD. */
  readonly pushed: PushedCounters;
  /** Waits until Prometheus has scraped every target after now. */
  scraped(): Promise<void>;
  stop(): Promise<void>;
}

const MONITOR_PASSWORD = 'only-for-this-test';

export async function startStack(binaries: StackBinaries): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-stack-'));
  const running: { stop(): Promise<unknown> }[] = [{ stop: () => rm(folder, { recursive: true, force: true }) }];
  const stop = async () => {
    for (const each of running.splice(0).reverse()) await each.stop();
  };
  const start = <P extends { stop(): Promise<unknown> }>(program: P): P => {
    running.push(program);
    return program;
  };
  try {
    const ports = await Promise.all(Array.from({ length: 5 }, freePort));
    const [app, receiver, node, postgres, alertmanager] = ports.map((port) => `127.0.0.1:${port}`) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const pushed = start(await PushedCounters.listen());
    const environment = {
      TSUKIMI_SERVER_PORT: portOf(app),
      TSUKIMI_STATSD_ENABLED: 'true',
      TSUKIMI_STATSD_PORT: String(pushed.port),
      TSUKIMI_STATSD_INTERVAL_MS: '1000',
    };
    const application = start(startNodeProgram(built('local.js'), { environment }));
    const alertReceiver = start(startNodeProgram(built('alert-receiver.js'), { environment: { PORT: portOf(receiver) } }));
    start(new ChildProgram(binaries.nodeExporter, { args: [`--web.listen-address=${node}`] }));
    const alertmanagerFile = join(folder, 'alertmanager.yml');
    await writeFile(alertmanagerFile, changed(`${EXAMPLE}/alertmanager/alertmanager.yml`, { 'alert-receiver:8005': receiver }));
    start(
      new ChildProgram(binaries.alertmanager, {
        args: [
          `--config.file=${alertmanagerFile}`,
          `--storage.path=${join(folder, 'alertmanager')}`,
          `--web.listen-address=${alertmanager}`,
          '--cluster.listen-address=',
        ],
      }),
    );
    await writeRules(join(folder, 'rules'));
    const url = await databaseUrl(application);
    await createMonitorUser(url);
    const exporterSource = new URL(`${url}?sslmode=disable`);
    exporterSource.username = 'monitor';
    exporterSource.password = MONITOR_PASSWORD;
    start(
      new ChildProgram(binaries.postgresExporter, {
        // This version asks for columns that PostgreSQL 17 has moved.
        args: [`--web.listen-address=${postgres}`, '--no-collector.bgwriter'],
        environment: { DATA_SOURCE_NAME: exporterSource.href },
      }),
    );
    const prometheus = start(
      await startPrometheus(
        binaries.prometheus,
        prometheusConfiguration(join(folder, 'rules'), {
          'app:8004': app,
          'postgres-exporter:9187': postgres,
          'node-exporter:9100': node,
          'alertmanager:9093': alertmanager,
        }),
        ['--enable-feature=native-histograms'],
      ),
    );
    return {
      app: application,
      appUrl: `http://${app}`,
      prometheus,
      alertmanagerUrl: `http://${alertmanager}`,
      receiver: alertReceiver,
      pushed,
      scraped: () => allScraped(prometheus),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** PostgreSQL makes its data first, which takes its time where the machine is busy. */
async function databaseUrl(app: ChildProgram): Promise<string> {
  return Promise.race([
    waitUntil('the database of the application', () => /psql (postgres:\S+)/.exec(app.output.stdout)?.[1], { timeoutMs: 60_000 }),
    app.exited.then(() => Promise.reject(new Error(`The application ended: ${app.output.stderr}`))),
  ]);
}

function built(file: string): string {
  return projectPath(`${EXAMPLE}/dist/${file}`);
}

function portOf(address: string): string {
  return address.split(':')[1] ?? '';
}

/** The text of a file with each key, which it has to have, replaced by its value. */
function changed(path: string, changes: Readonly<Record<string, string>>): string {
  let text = projectText(path);
  for (const [shown, actual] of Object.entries(changes)) {
    if (!text.includes(shown)) throw new Error(`${path} has no "${shown}".`);
    text = text.replaceAll(shown, actual);
  }
  return text;
}

/** prometheus.yml, with a second for its five; Grafana and the StatsD exporter don't run here, nor does Prometheus on its usual port. */
function prometheusConfiguration(rules: string, targets: Readonly<Record<string, string>>): string {
  const text = changed(`${EXAMPLE}/prometheus/prometheus.yml`, { ...targets, 'rules/*.yml': `${rules}/*.yml`, ': 5s': ': 1s' });
  const jobs = ['statsd', 'prometheus', 'grafana'].map((name) => new RegExp(`^  - job_name: ${name}\\n(?:    .*\\n)+`, 'm'));
  return jobs.reduce((rest, job) => {
    if (!job.test(rest)) throw new Error(`prometheus.yml has no ${job}.`);
    return rest.replace(job, '');
  }, text);
}

/** The rules, none of which waits. */
async function writeRules(folder: string): Promise<void> {
  await mkdir(folder);
  for (const file of readdirSync(projectPath(`${EXAMPLE}/prometheus/rules`))) {
    await writeFile(join(folder, file), projectText(`${EXAMPLE}/prometheus/rules/${file}`).replaceAll(/for: \d+[sm]/g, 'for: 0s'));
  }
}

/** What postgres/monitor-user.sh does in the container. */
async function createMonitorUser(url: string): Promise<void> {
  const [, sql = ''] = /<<'SQL'\n(.*)^SQL$/ms.exec(projectText(`${EXAMPLE}/postgres/monitor-user.sh`)) ?? [];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql.replace(":'password'", client.escapeLiteral(MONITOR_PASSWORD)));
  await client.end();
}

async function allScraped(prometheus: PrometheusServer): Promise<void> {
  const nowSeconds = Date.now() / 1_000;
  await waitUntil('a scrape of every target', async () => {
    const scrapes = await prometheus.query('timestamp(up)');
    const down = await prometheus.query('up == 0');
    return scrapes.length === 4 && down.length === 0 && scrapes.every(({ value }) => Number(value) > nowSeconds);
  });
}
