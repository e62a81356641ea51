/** Several applications and one answer: Prometheus scrapes them, sends on what it got to VictoriaMetrics, and the sum is asked for there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get } from '@tsukimi/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { instrumentedApplication, listen } from '../packages/instrumentation/test/support/start.js';
import { ChildProgram } from './support/child-process.js';
import { freePort } from './support/free-port.js';
import { codeBlocksOf } from './support/markdown.js';
import { projectText } from './support/project.js';
import { startPrometheus } from './support/prometheus-server.js';
import { requireBinary } from './support/server-binary.js';
import { waitUntil } from './support/wait-until.js';

const prometheusBinary = requireBinary('prometheus');
const victoriaBinary = requireBinary('victoria-metrics');

@Controller('/sales')
class SalesController {
  @Get('/')
  async sell(): Promise<string> {
    return 'sold';
  }
}

/** Starts VictoriaMetrics, and returns its address. */
async function startVictoriaMetrics(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-victoria-'));
  const port = await freePort();
  const args = [`-storageDataPath=${join(folder, 'data')}`, `-httpListenAddr=127.0.0.1:${port}`, '-loggerLevel=ERROR'];
  const program = new ChildProgram(victoriaBinary.path, { args, cwd: folder });
  onTestFinished(async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([
    waitUntil('VictoriaMetrics is ready', async () => (await fetch(`${url}/health`)).ok, { timeoutMs: 60_000 }),
    program.exited.then(() => Promise.reject(new Error(`VictoriaMetrics ended at start: ${program.output.stderr}`))),
  ]);
  return url;
}

/** What an expression gives now. Fresh samples are in no cache, and are found only if the time is given. */
async function ask(url: string, query: string): Promise<Record<string, number>> {
  const parameters = new URLSearchParams({ query, nocache: '1', time: String(Date.now() / 1000) });
  const { data } = (await (await fetch(`${url}/api/v1/query?${parameters}`)).json()) as {
    readonly data: {
      readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[];
    };
  };
  return Object.fromEntries(data.result.map(({ metric, value }) => [metric['instance'] ?? 'all', Number(value[1])]));
}

/** A pod as Kubernetes tells of it: its address, and what Prometheus makes labels of. */
const pod = (address: string, portName: string) => ({
  targets: [address],
  labels: {
    __meta_kubernetes_pod_name: 'shop-7d4',
    __meta_kubernetes_pod_label_app_kubernetes_io_name: 'shop',
    __meta_kubernetes_pod_container_port_name: portName,
    __meta_kubernetes_pod_annotation_prometheus_io_scrape: 'true',
    __meta_kubernetes_pod_annotation_prometheus_io_port: '9464',
    __meta_kubernetes_pod_annotation_prometheus_io_path: '/metrics/prometheus',
  },
});

interface Targets {
  readonly activeTargets: readonly { readonly scrapeUrl: string; readonly labels: Readonly<Record<string, string>> }[];
}

describe.skipIf(prometheusBinary.skipReason)('the configuration of the guide', () => {
  test('finds the metrics of a pod by its annotations, once for all of its ports', async () => {
    const blocks = codeBlocksOf(projectText('docs/guides/scaling.md')).map(({ code }) => code);
    const text = blocks.filter((block) => /^(scrape_configs|remote_write):/.test(block)).join('\n');
    const configuration = parse(text) as { readonly scrape_configs: [Record<string, unknown>] };
    // Debian's Prometheus is built without Kubernetes, so the labels that Kubernetes gives are written here.
    const [{ kubernetes_sd_configs: _, ...job }] = configuration.scrape_configs;
    const static_configs = [pod('10.0.0.1:8000', 'http'), pod('10.0.0.1:9464', 'metrics')];
    const prometheus = await startPrometheus(
      prometheusBinary.path,
      JSON.stringify({ ...configuration, scrape_configs: [{ ...job, static_configs }] }),
    );
    onTestFinished(() => prometheus.stop());
    const { activeTargets } = await waitUntil('the targets', async () => {
      const targets = await prometheus.api<Targets>('/api/v1/targets?state=active');
      return targets.activeTargets.length > 0 && targets;
    });
    expect(activeTargets.map(({ scrapeUrl, labels }) => [scrapeUrl, labels])).toEqual([
      ['http://10.0.0.1:9464/metrics/prometheus', { instance: '10.0.0.1:9464', job: 'shop', pod: 'shop-7d4' }],
    ]);
  });
});

describe.skipIf(prometheusBinary.skipReason ?? victoriaBinary.skipReason)('a store behind Prometheus', () => {
  test('has the sum of what two applications counted', async () => {
    const App = instrumentedApplication([SalesController]);
    const ports: number[] = [];
    for (const requests of [3, 4]) {
      const { port } = await listen(App);
      for (let request = 0; request < requests; request += 1) await (await fetch(`http://127.0.0.1:${port}/sales`)).text();
      ports.push(port);
    }
    const url = await startVictoriaMetrics();
    const prometheus = await startPrometheus(
      prometheusBinary.path,
      JSON.stringify({
        scrape_configs: [
          {
            job_name: 'shop',
            scrape_interval: '500ms',
            metrics_path: '/metrics/prometheus',
            static_configs: [{ targets: ports.map((port) => `127.0.0.1:${port}`) }],
          },
        ],
        remote_write: [{ url: `${url}/api/v1/write`, queue_config: { batch_send_deadline: '200ms' } }],
      }),
    );
    onTestFinished(() => prometheus.stop());
    const requests = 'http_requests_total{path="/sales",status="200"}';
    const all = { [`127.0.0.1:${ports[0]}`]: 3, [`127.0.0.1:${ports[1]}`]: 4 };
    await expect.poll(() => ask(url, requests), { timeout: 120_000, interval: 500 }).toEqual(all);
    expect(await ask(url, `sum(${requests})`)).toEqual({ all: 7 });
    expect(await ask(url, 'sum(http_request_duration_seconds_count{path="/sales"})')).toEqual({ all: 7 });
  }, 240_000);
});
