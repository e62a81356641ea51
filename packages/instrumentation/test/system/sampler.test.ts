/** What is sampled of the process: real values, at the interval, with nothing left behind. */
import { readdirSync } from 'node:fs';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { jsonView, linesOf } from '../support/scrape.js';
import { instrumentedApplication, start } from '../support/start.js';

// The sampler does not take a test's fake timers, which are the globals; here it does.
vi.mock('node:timers', async (original) => ({
  ...(await original<typeof import('node:timers')>()),
  setInterval: (tick: () => void, intervalMs: number) => globalThis.setInterval(tick, intervalMs),
  clearInterval: (timer: NodeJS.Timeout) => globalThis.clearInterval(timer),
}));

const App = instrumentedApplication([]);
const LINUX = process.platform === 'linux';

type Samples = Readonly<Record<string, number>>;

async function memoryOf(app: Parameters<typeof linesOf>[0]): Promise<Samples> {
  const lines = await linesOf(app, 'system_memory_bytes');
  return Object.fromEntries(
    lines.map((line) => /type="(\w+)"\} (\d+)/.exec(line)?.slice(1) as [string, string]).map(([type, value]) => [type, Number(value)]),
  );
}

async function readingOf(app: Parameters<typeof linesOf>[0], metric: string): Promise<number> {
  return Number((await linesOf(app, metric))[0]?.split(' ')[1]);
}

/** Uses the CPU for a while. */
function burn(ms: number): number {
  const end = performance.now() + ms;
  let sum = 0;
  while (performance.now() < end) sum += Math.sqrt(sum + 1);
  return sum;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the values', () => {
  test('are those of the process', async () => {
    const before = process.memoryUsage();
    const { app } = await start(App, { configuration: { instrumentation: { track_memory: true } } });
    const memory = await memoryOf(app);
    const after = process.memoryUsage();
    const near = (actual: number | undefined, low: number, high: number) => {
      expect(actual).toBeGreaterThan(low * 0.7);
      expect(actual).toBeLessThan(high * 1.3);
    };
    near(memory['rss'], Math.min(before.rss, after.rss), Math.max(before.rss, after.rss));
    near(memory['heap_total'], Math.min(before.heapTotal, after.heapTotal), Math.max(before.heapTotal, after.heapTotal));
    near(memory['heap_used'], Math.min(before.heapUsed, after.heapUsed) * 0.5, Math.max(before.heapUsed, after.heapUsed) * 1.5);
    near(memory['external'], Math.min(before.external, after.external) * 0.5, Math.max(before.external, after.external) * 1.5);
    expect(memory['array_buffers']).toBeLessThanOrEqual(memory['external'] as number);
    if (LINUX) expect(memory['vms']).toBeGreaterThan(memory['rss'] as number);
    const uptime = await readingOf(app, 'system_uptime_seconds');
    expect(Math.abs(uptime - process.uptime())).toBeLessThan(5);
    const { system } = (await jsonView(app)).instrumentation;
    expect(system.memory.rss_mb).toBeCloseTo((memory['rss'] as number) / 2 ** 20, 1);
    expect(system.memory.heap_used_peak_mb).toBeCloseTo((memory['heap_used_peak'] as number) / 2 ** 20, 1);
    expect(Math.abs(system.uptime_seconds - process.uptime())).toBeLessThan(5);
  });

  test('are there as soon as the application is, CPU included', async () => {
    const { app } = await start(App);
    const { system } = (await jsonView(app)).instrumentation;
    expect(system.memory.rss_mb).toBeGreaterThan(1);
    expect(system.cpu.percent).toBeGreaterThanOrEqual(0);
  });
});

describe('the event loop', () => {
  test('is as busy as it was since the last sample', async () => {
    const registry = new MetricsRegistry();
    const server = fastify();
    await server.register(httpInstrumentation, { registry, sampleIntervalMs: 100 });
    const ratio = async () => Number(/^nodejs_eventloop_utilization_ratio (\S+)$/m.exec(await registry.expose())?.[1]);
    expect(await ratio()).toBeGreaterThan(0);
    const busy = setInterval(() => burn(200), 1);
    await waitUntil('a busy loop', async () => (await ratio()) > 0.9);
    clearInterval(busy);
    await waitUntil('an idle loop', async () => (await ratio()) < 0.5);
    expect((await jsonView(server)).instrumentation.system.event_loop.utilization).toBeLessThanOrEqual(1);
    await server.close();
  });
});

describe('the CPU time of the main thread', () => {
  const { threadCpuUsage } = process as { readonly threadCpuUsage?: () => { user: number; system: number } };

  test.runIf(threadCpuUsage === undefined)('is missing where Node.js has no such reading', async () => {
    const { app } = await start(App);
    expect(await linesOf(app, 'nodejs_main_thread_cpu_seconds_total')).toEqual([]);
  });

  test.skipIf(threadCpuUsage === undefined)('is that of the thread, and only grows', async () => {
    const { app } = await start(App);
    const before = await readingOf(app, 'nodejs_main_thread_cpu_seconds_total');
    burn(100);
    const after = await readingOf(app, 'nodejs_main_thread_cpu_seconds_total');
    expect(after - before).toBeGreaterThan(0.02);
    const { user, system } = threadCpuUsage?.() ?? { user: 0, system: 0 };
    expect(after).toBeLessThanOrEqual((user + system) / 1e6);
    expect(after).toBeGreaterThan(((user + system) / 1e6) * 0.5);
  });
});

describe('the interval', () => {
  /** Starts with an interval of a second that only the test lets pass. */
  async function started() {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { app } = await start(App, { configuration: { instrumentation: { sample_interval_ms: 1000, track_memory: true } } });
    const heap = async () => (await memoryOf(app))['heap_used'];
    return { app, heap };
  }

  test('brings the next sample, and nothing does before', async () => {
    const { app, heap } = await started();
    const first = await heap();
    vi.advanceTimersByTime(999);
    burn(30);
    expect(await heap()).toBe(first);
    vi.advanceTimersByTime(1);
    await waitUntil('the second sample', async () => (await heap()) !== first);
    expect(await readingOf(app, 'system_cpu_percent')).toBeGreaterThan(0);
  });

  test('peaks are the highest of all samples', async () => {
    const { app, heap } = await started();
    const first = await heap();
    let ballast: number[] | undefined = Array.from({ length: 4_000_000 }, (_, index) => index + 0.5);
    vi.advanceTimersByTime(1000);
    await waitUntil('the second sample', async () => (await heap()) !== first);
    const high = await memoryOf(app);
    expect(ballast.length).toBe(4_000_000);
    expect(high['heap_used_peak']).toBe(high['heap_used']);
    ballast = undefined;
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--expose-gc');
    const collect: () => void = (await import('node:vm')).runInNewContext('gc');
    collect();
    vi.advanceTimersByTime(1000);
    await waitUntil('the third sample', async () => (await heap()) !== high['heap_used']);
    const low = await memoryOf(app);
    expect(low['heap_used']).toBeLessThan(high['heap_used'] as number);
    expect(low['heap_used_peak']).toBe(high['heap_used_peak']);
    for (const type of ['rss', 'heap_used', 'heap_total', 'external', 'array_buffers']) {
      expect(low[`${type}_peak`]).toBeGreaterThanOrEqual(low[type] as number);
    }
  });

  test('ends with the application', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const idle = vi.getTimerCount();
    const first = await start(App);
    const running = vi.getTimerCount();
    const second = await start(App);
    expect(vi.getTimerCount()).toBe(running + 1);
    await second.app.close();
    expect(vi.getTimerCount()).toBe(running);
    await first.app.close();
    expect(vi.getTimerCount()).toBe(running - 1);
    expect(running - 1 - idle).toBeLessThanOrEqual(1); // pidusage's own, which ends by itself
  });

  test('two applications that sample at the same moment see the same CPU', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const configuration = { instrumentation: { sample_interval_ms: 1000, track_memory: true } };
    const both = (await Promise.all([start(App, { configuration }), start(App, { configuration })])).map(({ app }) => app);
    const heaps = () => Promise.all(both.map(async (app) => (await memoryOf(app))['heap_used']));
    const before = await heaps();
    burn(120);
    vi.advanceTimersByTime(1000);
    // Not told from the CPU: that may be the same as before.
    await waitUntil('both have sampled', async () => (await heaps()).every((heap, index) => heap !== before[index]));
    const [one, two] = await Promise.all(both.map((app) => readingOf(app, 'system_cpu_percent')));
    expect(one).toBeGreaterThan(0);
    expect(two).toBe(one);
  });

  test('of more than a minute does not lose the CPU time', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    const { app } = await start(App, { configuration: { instrumentation: { sample_interval_ms: 300_000, track_memory: true } } });
    const heap = async () => (await memoryOf(app))['heap_used'];
    const first = await heap();
    burn(120);
    vi.advanceTimersByTime(300_000);
    await waitUntil('the second sample', async () => (await heap()) !== first);
    expect(await readingOf(app, 'system_cpu_percent')).toBeGreaterThan(0);
  });
});

test('with the plugin, sampling ends with the server', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const server = fastify();
  await server.register(httpInstrumentation, { registry: new MetricsRegistry(), sampleIntervalMs: 100 });
  expect((await memoryOf(server))['rss']).toBeGreaterThan(1e6);
  const running = vi.getTimerCount();
  await server.close();
  expect(vi.getTimerCount()).toBe(running - 1);
});

test.runIf(LINUX)('starting and stopping leaves no file open', async () => {
  const openFiles = (): number => readdirSync('/proc/self/fd').length;
  const cycle = async (): Promise<void> => {
    const { app } = await start(App);
    await app.close();
  };
  await cycle();
  const before = openFiles();
  for (let index = 0; index < 20; index += 1) await cycle();
  expect(openFiles()).toBeLessThanOrEqual(before + 1);
});
