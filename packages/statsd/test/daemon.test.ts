/** Runs of known requests against a plain Fastify server: what the reference daemon has counted is what was answered. */
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { exportToStatsd } from '@tsukimi/statsd';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { StatsdDaemon } from './support/statsd-daemon.js';

/** Set to 60000 for a run of a minute. */
const RUN_MS = Number(process.env['STATSD_RUN_MS'] ?? 2_000);

const LEAST_ROUNDS = 20;
const PATIENT = { timeoutMs: 20_000, flushTimeoutMs: 20_000 };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function daemonAndServer({ flushMs, intervalMs }: { flushMs: number; intervalMs: number }) {
  const daemon = await StatsdDaemon.open({ flushMs });
  cleanups.push(() => daemon.close());
  await daemon.start();
  const registry = new MetricsRegistry();
  const server = Fastify();
  await server.register(httpInstrumentation, { registry });
  server.get('/api/users', async () => 'users');
  server.get('/users/:id', async (request, reply) => reply.code((request.params as { id: string }).id === '0' ? 404 : 200).send('user'));
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => server.close());
  const loop = exportToStatsd(registry, { port: daemon.port, intervalMs, ...PATIENT });
  cleanups.push(() => loop.stop());
  const ask = async (path: string) => void (await (await fetch(url + path)).text());
  return { daemon, loop, ask };
}

test(
  `after a run of ${RUN_MS / 1000} seconds, the totals of the console backend are those of the requests`,
  async () => {
    const { daemon, loop, ask } = await daemonAndServer({ flushMs: 200, intervalMs: 100 });
    const PATHS = ['/api/users', '/users/1', '/users/0', '/nowhere'];
    const endMs = performance.now() + RUN_MS;
    let rounds = 0;
    for (; rounds < LEAST_ROUNDS || performance.now() < endMs; rounds += 1) await Promise.all(PATHS.map(ask));
    expect(await loop.stop()).toBe(true);
    const names = [
      'http.requests.GET.api_users.200',
      'http.requests.GET.users_-id.200',
      'http.requests.GET.users_-id.404',
      'http.requests.GET.-unmatched-.404',
      'http.request.duration.seconds.GET.api_users.count',
    ];
    const totals = () => names.map((name) => daemon.total(name));
    await expect.poll(totals, { timeout: 10_000 }).toEqual(names.map(() => rounds));
    expect(daemon.total('http.request.duration.seconds.GET.api_users.sum')).toBeGreaterThan(0);
    expect(daemon.gauge('http.request.duration.seconds.GET.api_users.p95')).toBeGreaterThan(0);
    expect(daemon.badLines).toBe(0);
  },
  RUN_MS + 60_000,
);

test('after the daemon was killed in the middle, what is missing is what it had not flushed, and nothing is there twice', async () => {
  const { daemon, loop, ask } = await daemonAndServer({ flushMs: 300, intervalMs: 50 });
  const [USERS, USER] = ['http.requests.GET.api_users.200', 'http.requests.GET.users_-id.200'];
  const asked = async (path: string, times: number) => {
    for (let time = 0; time < times; time += 1) await ask(path);
    await loop.flush();
  };
  await asked('/api/users', 20);
  await asked('/users/1', 30);
  await expect.poll(() => [daemon.total(USERS), daemon.total(USER)], { timeout: 10_000 }).toEqual([20, 30]);
  await asked('/api/users', 40);
  await daemon.stop();
  await daemon.start();
  await asked('/api/users', 50);
  await asked('/users/1', 60);
  await expect.poll(() => daemon.total(USER), { timeout: 10_000 }).toBe(90);
  expect(daemon.total(USERS)).toBeGreaterThanOrEqual(70);
  expect(daemon.total(USERS)).toBeLessThanOrEqual(110);
}, 60_000);

test('gauges arrive as they are, whatever their sign and whatever was before', async () => {
  const daemon = await StatsdDaemon.open({ flushMs: 50 });
  cleanups.push(() => daemon.close());
  await daemon.start();
  const registry = new MetricsRegistry();
  const gauge = registry.gauge({ name: 'level', help: 'h' });
  const loop = exportToStatsd(registry, { port: daemon.port, intervalMs: 60_000, ...PATIENT });
  cleanups.push(() => loop.stop());
  for (const value of [5, -3, -3, -0.5, 0, -1e21, 1e-7, -1e-7, 2]) {
    gauge.set(value);
    await loop.flush();
    await expect.poll(() => daemon.gauge('level'), { timeout: 10_000, interval: 10 }).toBe(value);
  }
}, 60_000);
