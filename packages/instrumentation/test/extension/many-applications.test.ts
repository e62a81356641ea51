/** Two instrumented applications in one process, started and closed a hundred times: nothing is shared, and nothing is left behind. */
import { createHook } from 'node:async_hooks';
import { readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Application, Controller, createApplication, Get, Scheduled, Service } from '@tsukimi/core';
import { InstrumentationProvider } from '@tsukimi/instrumentation';
import { expect, test } from 'vitest';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { linesOf } from '../support/scrape.js';
import { instrumentedApplication } from '../support/start.js';

const CYCLES = 100;
const WARM_UP = 10;

@Service()
class Counting {
  constructor(private readonly instrumentation: InstrumentationProvider) {}
  count() {
    this.instrumentation.recordMetric('counts_total');
  }
  @Scheduled({ fixedRate: 60_000, initialDelay: 60_000 })
  later() {}
}

@Controller('/count')
class CountController {
  constructor(private readonly counting: Counting) {}
  @Get('/')
  count() {
    this.counting.count();
    return {};
  }
}

const One = instrumentedApplication([Counting, CountController]);
const Two = instrumentedApplication([Counting, CountController]);

async function startApplication(App: typeof One): Promise<{ app: Application; url: string }> {
  const app = await createApplication(App, {
    configuration: { server: { port: 0 }, metrics: { allowed_ips: ['127.0.0.1'] } },
    environment: {},
    logger: false,
  });
  return { app, url: await app.listen() };
}

/** Starts both, sends one request to the first and two to the second, and closes both. */
async function cycle(): Promise<void> {
  const [one, two] = await Promise.all([startApplication(One), startApplication(Two)]);
  for (const url of [one.url, two.url, two.url])
    expect(await (await fetch(`${url}/count`, { headers: { connection: 'close' } })).json()).toEqual({});
  for (const [{ app }, count] of [
    [one, 1],
    [two, 2],
  ] as const) {
    expect(await linesOf(app, 'http_requests_total')).toEqual([`http_requests_total{method="GET",path="/count",status="200"} ${count}`]);
    expect(await linesOf(app, 'counts_total')).toEqual([`counts_total ${count}`]);
    expect(await linesOf(app, 'component_calls_total')).toContain(
      `component_calls_total{component="Counting",method="count",status="success"} ${count}`,
    );
    expect(await linesOf(app, 'scheduler_tasks_running')).toEqual(['scheduler_tasks_running{task="Counting.later"} 0']);
  }
  await Promise.all([one.app.close(), two.app.close()]);
}

/** What keeps the process alive, by kind, once sockets and immediates have had their turn; without timers, which are counted as they come and go. */
async function resources(): Promise<Record<string, number>> {
  return await waitUntil('all is quiet', () => {
    const counts: Record<string, number> = {};
    for (const type of process.getActiveResourcesInfo()) counts[type] = (counts[type] ?? 0) + 1;
    const { Timeout: _, ...others } = counts;
    return counts['Immediate'] === undefined && counts['TCPSocketWrap'] === undefined && others;
  });
}

function listeners(): Record<string, number> {
  return Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
}

function openFiles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapUsed(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('no shared counts, no leaked timers, listeners, handles or memory', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  for (let index = 0; index < WARM_UP; index += 1) await cycle();
  const before = { resources: await resources(), listeners: listeners(), files: openFiles(), heap: heapUsed() };
  const timers = new Set<number>();
  // Timers that keep no process alive are not among the active resources: they are counted as they come and go.
  const hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout') timers.add(id);
    },
    destroy: (id) => {
      timers.delete(id);
    },
  }).enable();
  for (let index = 0; index < CYCLES; index += 1) await cycle();
  expect(await resources()).toEqual(before.resources);
  // Node tells of cleared timers only once it has come to rest: a scrape alone has thirty.
  await setImmediate();
  hook.disable();
  expect(listeners()).toEqual(before.listeners);
  expect(openFiles()).toBeLessThanOrEqual(before.files + 2);
  expect(timers.size).toBeLessThan(CYCLES / 2);
  expect((heapUsed() - before.heap) / 2 ** 20).toBeLessThan(15);
  expect(warnings).toEqual([]);
  process.off('warning', onWarning);
}, 180_000);
