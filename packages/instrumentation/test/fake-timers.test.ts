/** A test's fake timers: ours are not among them, and the user's own timers are read from the faked clock. */
import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Scheduled, Service } from '@tsukimi/core';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { afterEach, describe, expect, test, vi } from 'vitest';

type FakeMethod = NonNullable<NonNullable<Parameters<typeof vi.useFakeTimers>[0]>['toFake']>[number];

import { waitUntil } from '../../../test/support/wait-until.js';
import { linesOf } from './support/scrape.js';
import { instrumentedApplication, start } from './support/start.js';

afterEach(() => {
  vi.useRealTimers();
});

@Controller()
class CarController {
  @Get('/cars')
  async all() {
    await delay(2);
    return [];
  }
}

const configuration = { instrumentation: { sample_interval_ms: 100 } };

describe('all of them faked', () => {
  test('an application starts, answers, is scraped and closes; its only timers are the tasks', async () => {
    vi.useFakeTimers();
    const { app } = await start(instrumentedApplication([CarController]), { configuration });
    expect((await app.fastify.inject('/cars')).statusCode).toBe(200);
    vi.runAllTimers();
    expect((await linesOf(app, 'http_request_duration_seconds_count'))[0]).toMatch(/ 1$/);
    const [sum = ''] = await linesOf(app, 'http_request_duration_seconds_sum');
    expect(Number(sum.split(' ')[1])).toBeGreaterThan(0.001);
    const [calls = ''] = await linesOf(app, 'component_duration_seconds_sum');
    expect(Number(calls.split(' ')[1])).toBeGreaterThan(0.001);
    await app.close();
    vi.runAllTimers();
  });

  test('with the plugin: runAllTimers ends, and the process is sampled by the real clock', async () => {
    vi.useFakeTimers();
    const registry = new MetricsRegistry();
    const server = fastify();
    await server.register(httpInstrumentation, { registry, sampleIntervalMs: 100, trackMemory: true } as never);
    vi.runAllTimers();
    const heap = async () => (await registry.expose({ names: ['system_memory_bytes'] })).match(/type="rss"\} (\d+)/)?.[1];
    expect(Number(await heap())).toBeGreaterThan(1e6);
    await server.close();
    vi.runAllTimers();
  });

  test.each<{ toFake: FakeMethod[] }>([
    { toFake: ['setInterval'] },
    { toFake: ['setTimeout', 'setInterval'] },
    { toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] },
    { toFake: ['setInterval', 'Date', 'hrtime', 'performance'] },
  ])('some of them: runAllTimers ends, and the process is sampled: %o', async ({ toFake }) => {
    vi.useFakeTimers({ toFake });
    const registry = new MetricsRegistry();
    const server = fastify();
    await server.register(httpInstrumentation, { registry, sampleIntervalMs: 100, processMetrics: true });
    const sampled = /percent \d[\s\S]*rss"\} [1-9]\d{6}|rss"\} [1-9]\d{6}[\s\S]*percent \d/;
    await waitUntil('the first sample', async () =>
      sampled.test(await registry.expose({ names: ['system_memory_bytes', 'system_cpu_percent'] })),
    );
    vi.runAllTimers();
    expect(vi.getTimerCount()).toBe(0);
    await server.close();
  });

  test("tasks are the user's: advancing the time runs them", async () => {
    let runs = 0;
    @Service()
    class Clockwork {
      @Scheduled({ fixedRate: 1000 })
      tick(): void {
        runs += 1;
      }
    }
    vi.useFakeTimers();
    const { app } = await start(instrumentedApplication([Clockwork]), { configuration: { ...configuration, server: { port: 0 } } });
    await app.listen();
    await vi.advanceTimersByTimeAsync(3500);
    expect(runs).toBe(4);
    await app.close();
  });
});
