/** Timers of the user's code go by `process.hrtime` as a test has faked it; what is not the user's goes by the real clock. */
import { syncBuiltinESMExports } from 'node:module';
import { mock } from 'node:test';
import timers from 'node:timers';
import { type Gauge, type Histogram, MetricsRegistry, processClock, type Summary } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openRegistry } from './support/open-registry.js';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  mock.timers.reset();
});

type Timing = Pick<Gauge | Histogram | Summary, 'startTimer' | 'time'>;

function timings(registry: MetricsRegistry): [string, Timing][] {
  const gauge = registry.gauge({ name: 'g', help: 'G.' });
  const histogram = registry.histogram({ name: 'h', help: 'H.' });
  const summary = registry.summary({ name: 's', help: 'S.' });
  return [gauge, histogram, summary].flatMap((metric): [string, Timing][] => [
    [metric.type, metric],
    [`a series of a ${metric.type}`, metric.labels() as Timing],
  ]);
}

describe('a fake process.hrtime moves', () => {
  test('startTimer, to the millisecond, as it moves those of prom-client', () => {
    const theirs = new promClient.Histogram({ name: 'h', help: 'H.', registers: [] });
    vi.useFakeTimers();
    for (const [what, metric] of timings(new MetricsRegistry())) {
      const [end, theirEnd] = [metric.startTimer(), theirs.startTimer()];
      vi.advanceTimersByTime(1500);
      expect([what, end(), theirEnd()]).toEqual([what, 1.5, 1.5]);
    }
  });

  test('time(work)', async () => {
    vi.useFakeTimers();
    const registry = new MetricsRegistry();
    for (const [, metric] of timings(registry)) {
      const work = metric.time(() => new Promise((resolve) => setTimeout(resolve, 250)));
      await vi.advanceTimersByTimeAsync(250);
      await work;
    }
    expect((await registry.getMetricsAsJSON()).find(({ name }) => name === 'g')).toMatchObject({ values: [{ value: 0.25 }] });
    expect(registry.histogram({ name: 'h', help: 'H.' }).labels().distribution).toMatchObject({ count: 2, sum: 0.5 });
    expect(registry.summary({ name: 's', help: 'S.' }).labels()).toMatchObject({ count: 2, sum: 0.5 });
  });

  test('also where only the tuple is stubbed', () => {
    let now: [number, number] = [100, 5];
    const real = process.hrtime;
    process.hrtime = (() => now) as never;
    try {
      for (const [what, metric] of timings(new MetricsRegistry())) {
        const end = metric.startTimer();
        now = [now[0] + 2, now[1] + 500_000_000];
        expect([what, end()]).toEqual([what, 2.5]);
        now[1] = 5;
      }
    } finally {
      process.hrtime = real;
    }
  });

  test('not where the registry has a clock of its own', () => {
    const { registry, advance } = openRegistry();
    vi.useFakeTimers();
    for (const [what, metric] of timings(registry)) {
      const end = metric.startTimer();
      vi.advanceTimersByTime(1000);
      advance(2_000_000_000n);
      expect([what, end()]).toEqual([what, 2]);
    }
  });
});

describe('the real clock', () => {
  test('is that of everything else: processClock moves on', () => {
    vi.useFakeTimers();
    const before = processClock();
    for (let reading = 0; reading < 1000; reading += 1) processClock();
    expect(processClock()).toBeGreaterThan(before);
  });

  test('is found by a module that is loaded under fake timers', async () => {
    vi.useFakeTimers();
    vi.resetModules();
    const late = await import('@tsukimi/metrics');
    const registry = new late.MetricsRegistry();
    const before = registry.clock();
    for (let reading = 0; reading < 1000; reading += 1) registry.clock();
    expect(registry.clock()).toBeGreaterThan(before);
    expect(registry.clock() - before).toBeLessThan(10_000_000_000n);
    const end = registry.histogram({ name: 'h', help: 'H.' }).startTimer();
    vi.advanceTimersByTime(1500);
    expect(end()).toBe(1.5);
    expect(await registry.expose({ names: ['h_count'] })).toContain('h_count 1\n');
  });
});

test('the real clock is found where sinon has faked `performance` too', async () => {
  const { hrtime } = process;
  vi.useFakeTimers();
  vi.spyOn(performance, 'now').mockReturnValue(0);
  Object.assign(globalThis.setTimeout, { clock: { _hrtime: hrtime } });
  vi.resetModules();
  const { processClock: late } = await import('@tsukimi/metrics');
  const before = late();
  for (let reading = 0; reading < 1000; reading += 1) late();
  expect(late()).toBeGreaterThan(before);
});

test('a scrape is made under fake timers of Vitest and of node:test', async () => {
  const registry = new MetricsRegistry();
  registry.recordMetric('scrapes_total');
  vi.useFakeTimers();
  expect(await registry.expose({ names: ['scrapes_total'] })).toContain('scrapes_total 1\n');
  vi.useRealTimers();
  mock.timers.enable();
  expect(await registry.expose({ names: ['scrapes_total'] })).toContain('scrapes_total 1\n');
});

test('a scrape is made where node:timers itself is faked, as sinon does it', async () => {
  const registry = new MetricsRegistry();
  registry.recordMetric('scrapes_total');
  const real = timers.setImmediate;
  timers.setImmediate = Object.assign(() => undefined, { clock: { _setImmediate: real } }) as never;
  syncBuiltinESMExports();
  try {
    expect(await registry.expose({ names: ['scrapes_total'] })).toContain('scrapes_total 1\n');
  } finally {
    timers.setImmediate = real;
    syncBuiltinESMExports();
  }
});
