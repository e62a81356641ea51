/** What a push to Redis costs the event loop of the application. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { shareMetrics } from '@tsukimi/redis';
import { MetricsRegistry } from 'tsukimi';
import { atMost, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

const SERIES = 1_000;

/** Records a value in each series. */
type Recording = (registry: MetricsRegistry) => (series: number) => void;

const counters: Recording = (registry) => {
  const counter = registry.counter({ name: 'events_total', help: 'Events.', labelNames: ['method', 'path'] });
  return (series) => counter.inc({ method: 'GET', path: `/pages/${series}` });
};

const histograms: Recording = (registry) => {
  const histogram = registry.histogram({ name: 'took_seconds', help: 'Took.', labelNames: ['method', 'path'] });
  return (series) => histogram.observe({ method: 'GET', path: `/pages/${series}` }, Math.random() / 10);
};

await runSuite(redis);

async function redis({ quick }: SuiteOptions): Promise<Row[]> {
  const given = process.env['REDIS_URL'];
  const server = given ? { url: given, end: async () => {} } : await startServer();
  const rounds = quick ? 3 : 60;
  const rows = [
    await row('counters', await pushMs(counters, { url: server.url, rounds })),
    await row('histograms', await pushMs(histograms, { url: server.url, rounds })),
  ];
  await server.end();
  return rows;
}

async function row(kind: string, times: readonly number[]): Promise<Row> {
  const sorted = [...times].sort((one, other) => one - other);
  const [median = 0, slowest = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return atMost(`CPU time of a push of ${SERIES} ${kind} that have changed, the median of ${times.length}`, 5, {
    value: median,
    unit: ' ms',
    detail: `fastest ${sorted[0]?.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`,
  });
}

/** The CPU time of the process while it pushes, which other programs do not change. */
async function pushMs(recording: Recording, { url, rounds }: { readonly url: string; readonly rounds: number }): Promise<number[]> {
  const registry = new MetricsRegistry();
  const record = recording(registry);
  const shared = shareMetrics(registry, { url, prefix: `bench-${performance.now()}:`, intervalMs: 100_000_000, timeoutMs: 60_000 });
  const times: number[] = [];
  // The first rounds compile.
  for (let round = -Math.floor(rounds / 2); round < rounds; round += 1) {
    for (let series = 0; series < SERIES; series += 1) record(series);
    const before = process.cpuUsage();
    if (!(await shared.flush({ timeoutMs: 60_000 }))) throw new Error('Redis has not confirmed a push.', { cause: shared.error });
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) times.push((user + system) / 1000);
  }
  await shared.stop();
  return times;
}

/** A `redis-server` for the time of this suite. */
async function startServer(): Promise<{ readonly url: string; readonly end: () => Promise<unknown> }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { readonly port: number };
  probe.close();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('Ready to accept connections')) continue;
    const end = () => {
      child.kill();
      return exited;
    };
    return { url: `redis://127.0.0.1:${port}`, end };
  }
  throw new Error('redis-server did not start.');
}
