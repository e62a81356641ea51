/** Several applications and one answer: Prometheus scrapes them, sends on what it got to VictoriaMetrics, and the sum is asked for there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get } from '@tsukimi/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { instrumentedApplication, listen } from '../packages/instrumentation/test/support/start.js';
import { ChildProgram } from './support/child-process.js';
import { freePort } from './support/free-port.js';
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
