/** A minute of several workers that are killed, blocked and replaced under load, scraped by a real Prometheus: what they count stays true. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { WorkerProgram } from '../packages/core/test/workers/worker-program.js';
import { startPrometheus } from './support/prometheus-server.js';
import { requireBinary } from './support/server-binary.js';
import { waitUntil } from './support/wait-until.js';

const WORKERS = 4;
const SOAK_MS = 60_000;
const KILL_EVERY_MS = 3000;
// A worker sends what it counts each second, or later on a busy machine. An answer in this time before a SIGKILL may be lost to the totals.
const LOSABLE_MS = 5000;

const prometheusBinary = requireBinary('prometheus');
const fixture = (name: string): string => fileURLToPath(new URL(`./support/soak/${name}`, import.meta.url));

type Report = { readonly atMs: number } & ({ readonly pid: number } | { readonly failure: string });

describe.skipIf(prometheusBinary.skipReason)('several workers under load, killed, blocked and replaced', () => {
  it('never let a counter fall, lose no more than a killed worker had not sent, and refuse no connection', {
    timeout: 600_000,
  }, async () => {
    await using running = await WorkerProgram.start({
      workers: WORKERS,
      file: fixture('program.mjs'),
      server: 'shutdown_timeout_ms: 5000',
    });
    await running.waitFor(/^ready \d+ \d+$/, WORKERS);
    // A new connection for each scrape, so that they go to all workers in turns.
    const proxy = createServer((_request, response) => {
      get(`${running.url}/metrics/prometheus`, { agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, { 'content-type': answer.headers['content-type'] ?? '' });
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      }).on('error', () => response.destroy());
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as { port: number };
    await using prometheus = await startPrometheus(
      prometheusBinary.path,
      `scrape_configs: [{ job_name: app, scrape_interval: 1s, scrape_timeout: 1s, metrics_path: /, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]`,
    );

    const reports: Report[] = [];
    const load = fork(fixture('load.mjs'), [running.url]);
    load.on('message', (report: Report) => reports.push(report));
    const losable: number[] = [];
    const endMs = Date.now() + SOAK_MS;
    let isBlocked = false;
    let rolled: { fromMs: number; toMs: number } | undefined;
    while (Date.now() < endMs) {
      await wait(KILL_EVERY_MS);
      const alive = pidsOf(running);
      if (!isBlocked && Date.now() > endMs - SOAK_MS * 0.75) {
        isBlocked = true;
        void fetch(`${running.url}/block`).catch(() => undefined); // its worker may be killed
      }
      if (rolled === undefined && Date.now() > endMs - SOAK_MS / 2) {
        rolled = await roll(running);
        continue;
      }
      const victim = alive[Math.floor(Math.random() * alive.length)];
      // A machine that is too slow to start workers in 3 s keeps some.
      if (victim === undefined || alive.length <= WORKERS / 2) continue;
      const killedMs = Date.now();
      process.kill(victim, 'SIGKILL');
      await running.waitFor(new RegExp(`^ended ${victim} SIGKILL$`));
      losable.push(reports.filter((report) => 'pid' in report && report.pid === victim && report.atMs > killedMs - LOSABLE_MS).length);
    }
    expect(losable.length).toBeGreaterThan(0);
    load.send('end');
    await once(load, 'exit');

    const answered = reports.filter((report) => 'pid' in report).length;
    const failures = reports.filter((report) => 'failure' in report);
    const { fromMs, toMs } = rolled as { fromMs: number; toMs: number };
    const total = await ordersOf(running);
    expect(failures.filter(({ failure }) => failure === 'ECONNREFUSED')).toEqual([]);
    expect(failures.filter(({ atMs }) => atMs > fromMs && atMs < toMs)).toEqual([]);
    // A request that failed may have been counted before its worker was killed.
    expect(total).toBeLessThanOrEqual(answered + failures.length);
    expect(total).toBeGreaterThanOrEqual(answered - losable.reduce((sum, lost) => sum + lost, 0));

    await waitUntil('a scrape of all orders', async () => Number((await prometheus.query('orders_total'))[0]?.value) === total, {
      timeoutMs: 60_000,
    });
    const names = await prometheus.api<readonly string[]>('/api/v1/label/__name__/values');
    const counters = names.filter((name) => /_(total|count|sum|bucket)$/.test(name));
    expect(counters).toEqual(
      expect.arrayContaining(['orders_total', 'order_size_bytes_bucket', 'http_requests_total', 'worker_restarts_total']),
    );
    const resets: Record<string, string | undefined> = {};
    for (const name of counters) resets[name] = (await prometheus.query(`max(resets(${name}{job="app"}[10m]))`))[0]?.value;
    expect(Object.entries(resets).filter(([, value]) => value !== '0')).toEqual([]);
    // Prometheus has really scraped through it all.
    expect(Number((await prometheus.query('count_over_time(up{job="app"}[10m])'))[0]?.value)).toBeGreaterThan(SOAK_MS / 2000);
    proxy.close();
  });
});

/** The workers that are ready and have not ended. */
function pidsOf(running: WorkerProgram): readonly number[] {
  const ended = new Set(running.matches(/^ended (\d+) /).map(([, pid]) => pid));
  return running
    .matches(/^ready \d+ (\d+)$/)
    .map(([, pid]) => pid)
    .filter((pid) => !ended.has(pid))
    .map(Number);
}

async function roll(running: WorkerProgram): Promise<{ fromMs: number; toMs: number }> {
  // Requests on the connections of a worker that was killed before may still wait for their answer.
  await wait(LOSABLE_MS + 1000);
  const fromMs = Date.now();
  running.program.signal('SIGHUP');
  await running.waitFor(/has replaced its workers/);
  return { fromMs, toMs: Date.now() };
}

async function ordersOf(running: WorkerProgram): Promise<number> {
  const response = await fetch(`${running.url}/metrics/prometheus`);
  return Number(/^orders_total (\d+)$/m.exec(await response.text())?.[1]);
}
