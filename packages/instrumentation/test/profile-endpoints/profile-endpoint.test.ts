/** Profiles over HTTP: what clients get, who gets them, and that nothing is left running. */
import { once } from 'node:events';
import { Session } from 'node:inspector/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Controller, Get, Service } from '@tsukimi/core';
import { httpInstrumentation, instrument, profileCpu } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { Profile } from 'pprof-format';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MEBIBYTE } from '../profile/support/loads.js';
import { exchange, statusOf } from '../support/raw-http.js';
import { instrumentedApplication, listen, start } from '../support/start.js';

@Service()
class HoldingService {
  #held: unknown[] = [];
  hold(mebibytes: number): void {
    for (let count = 0; count < mebibytes; count += 1) this.#held.push(new Array(131_072).fill(0));
  }
  spin(): number {
    const end = performance.now() + 5;
    let sum = 0;
    while (performance.now() < end) sum += Math.sqrt(sum + 1);
    return sum;
  }
}

@Controller('/work')
class WorkController {
  constructor(private readonly holding: HoldingService) {}
  @Get('/')
  work() {
    return { sum: this.holding.spin() };
  }
}

@Service()
class GreedyService {
  constructor(holding: HoldingService) {
    holding.hold(24);
  }
}

const App = instrumentedApplication([HoldingService, WorkController]);
const DENIED = '127.0.0.9';

// biome-ignore lint/suspicious/noExplicitAny: its shape is what the tests are about.
async function json(url: string, headers: Record<string, string> = {}): Promise<{ status: number; body: any; type: string | null }> {
  const answer = await fetch(url, { headers });
  return { status: answer.status, body: await answer.json(), type: answer.headers.get('content-type') };
}

async function whileRunning(port: number): Promise<void> {
  while ((await json(`http://127.0.0.1:${port}/metrics/profile`)).body.running === null) await delay(1);
}

async function whenIdle(port: number): Promise<void> {
  while ((await json(`http://127.0.0.1:${port}/metrics/profile`)).body.running !== null) await delay(1);
}

describe('a CPU profile', () => {
  test('is JSON by component and method, under load', async () => {
    const { port } = await listen(App);
    let isOver = false;
    const asked = json(`http://127.0.0.1:${port}/metrics/profile/cpu?seconds=1&file=cpuprofile&file=pprof`).finally(() => {
      isOver = true;
    });
    while (!isOver) await (await fetch(`http://127.0.0.1:${port}/work`)).text();
    const { status, body, type } = await asked;
    expect(status).toBe(200);
    expect(type).toBe('application/json; charset=utf-8');
    expect(body).toMatchObject({ kind: 'cpu', unit: 'milliseconds', interval_microseconds: 2500 });
    expect(Object.keys(body)).toEqual([
      ...['kind', 'unit', 'started_at', 'duration_seconds', 'samples', 'interval_microseconds', 'idle', 'garbage_collection', 'native'],
      ...['total', 'methods', 'components', 'outside', 'measuring', 'tree', 'files'],
    ]);
    const spin = body.methods.find((each: { method: string }) => each.method === 'spin');
    expect(spin).toMatchObject({
      component: 'HoldingService',
      is_shared: false,
      place: expect.stringMatching(/profile-endpoint\.test\.ts:\d+:\d+$/),
    });
    const work = body.methods.find((each: { method: string }) => each.method === 'work');
    expect(work.with_callees).toBeGreaterThanOrEqual(spin.self);
    const [devtools, pprof] = body.files;
    expect(devtools.name).toMatch(/^cpu-\d{8}T\d{6}Z\.cpuprofile$/);
    expect(JSON.parse(Buffer.from(devtools.content_base64, 'base64').toString()).samples).toHaveLength(body.samples);
    expect(pprof.name).toBe(devtools.name.replace('cpuprofile', 'pb.gz'));
    expect(gunzipSync(Buffer.from(pprof.content_base64, 'base64')).length).toBeGreaterThan(100);
  });

  test.each([
    ['?format=cpuprofile', {}, /^application\/json/, /\.cpuprofile"$/],
    ['?format=pprof', {}, /^application\/octet-stream$/, /\.pb\.gz"$/],
    ['', { accept: 'application/octet-stream' }, /^application\/octet-stream$/, /\.pb\.gz"$/],
  ])('is a file with %s %o', async (query, headers, type, name) => {
    const { port } = await listen(App);
    const separator = query === '' ? '?' : '&';
    const answer = await fetch(`http://127.0.0.1:${port}/metrics/profile/cpu${query}${separator}seconds=0.1`, { headers });
    expect(answer.headers.get('content-type')).toMatch(type);
    expect(answer.headers.get('content-disposition')).toMatch(name);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const content = Buffer.from(await answer.arrayBuffer());
    if (query.includes('cpuprofile')) expect(JSON.parse(content.toString()).nodes.length).toBeGreaterThan(0);
    else expect(Profile.decode(gunzipSync(content)).sampleType).toHaveLength(2);
  });

  test.each(['seconds=0', 'seconds=61', 'seconds=1e1', 'seconds=', 'seconds=ten', 'format=svg', 'format=heapprofile', 'file=json'])(
    '%s is refused',
    async (query) => {
      const { app } = await start(App);
      const { statusCode, body } = await app.inject({ url: `/metrics/profile/cpu?${query}` });
      expect(statusCode).toBe(400);
      expect(JSON.parse(body)).toMatchObject({
        error: 'TSK_ERR_PROFILE_OPTION',
        message: expect.stringContaining(query.split('=')[0] as string),
      });
    },
  );
});

describe('a heap profile', () => {
  test('has everything since the start, where the heap is sampled from then on', async () => {
    const Greedy = instrumentedApplication([HoldingService, GreedyService]);
    const { app } = await start(Greedy, { configuration: { instrumentation: { profile: { heap: true } } } });
    const body = (await app.inject({ url: '/metrics/profile/heap' })).json();
    expect(body).toMatchObject({ kind: 'heap', unit: 'bytes', since: 'start', interval_bytes: 131_072 });
    expect(Math.abs(body.methods.find((each: { method: string }) => each.method === 'hold').self / MEBIBYTE - 24)).toBeLessThan(2.4);
    expect((await app.inject({ url: '/metrics/profile' })).json()).toEqual({ enabled: true, heap_since_start: true, running: null });
    const file = (await app.inject({ url: '/metrics/profile/heap?format=heapprofile' })).json();
    expect(file.head.callFrame.functionName).toBe('(root)');
    expect((await app.inject({ url: '/metrics/profile/heap?seconds=0.1' })).json().since).toBe('request');
    await app.close();
    expect(await isSampled()).toBe(false);
  });

  test('takes some seconds otherwise', async () => {
    const { app } = await start(App);
    expect((await app.inject({ url: '/metrics/profile/heap?seconds=0.1' })).json()).toMatchObject({ kind: 'heap', since: 'request' });
    expect((await app.inject({ url: '/metrics/profile' })).json()).toEqual({ enabled: true, heap_since_start: false, running: null });
  });

  test('sampling that cannot begin is a warning', async () => {
    const other = new Session();
    other.connect();
    await other.post('HeapProfiler.startSampling');
    onTestFinished(() => other.disconnect());
    const { warnings, logs } = await start(App, { configuration: { instrumentation: { profile: { heap: true } } } });
    expect(warnings()[0]).toMatch(/^instrumentation\.profile\.heap has no effect\. Another tool samples the heap/);
    expect(logs.find(({ code }) => code === 'TSK_ERR_PROFILE_HEAP_TAKEN')).toBeDefined();
  });
});

async function isSampled(): Promise<boolean> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.getSamplingProfile');
    return true;
  } catch {
    return false;
  } finally {
    session.disconnect();
  }
}

describe('who gets profiles', () => {
  test('a denied client gets what an unknown path gives', async () => {
    const { port } = await listen(App, {
      configuration: { metrics: { allowed_ips: ['127.0.0.1'] }, instrumentation: { profile: { enabled: true } } },
    });
    const plain = (text: string) => text.replace(/^Date: .*$/im, '').replaceAll('profilx', 'profile');
    for (const path of ['/profile', '/profile/', '/profile/cpu', '/profile/heap', '/profile/cpu?seconds=1', '/profile/other']) {
      for (const method of ['GET', 'HEAD', 'POST']) {
        const target = `/metrics${path}`;
        const denied = await exchange({ port, method, target, from: DENIED });
        const unknown = await exchange({ port, method, target: target.replace('profile', 'profilx'), from: DENIED });
        expect(plain(denied), `${method} ${target}`).toBe(plain(unknown));
      }
    }
    expect(await statusOf({ port, target: '/metrics/profile/cpu?seconds=0.1' })).toBe(200);
  });

  test.each([
    [{ server: { host: '0.0.0.0' } }, [], 403, 'only servers that listen on a loopback address'],
    [{ server: { host: '0.0.0.0' }, instrumentation: { profile: { enabled: true } } }, [], 200, ''],
    [{ instrumentation: { profile: { enabled: false } } }, [], 403, 'they are switched off'],
    [{}, ['X-Forwarded-For: 10.0.0.1'], 403, 'requests that a proxy has forwarded'],
    [{ instrumentation: { profile: { enabled: true } } }, ['X-Forwarded-For: 10.0.0.1'], 200, ''],
    [{ instrumentation: { enabled: false } }, [], 404, ''],
  ])('%o %o: %s', async (configuration, headers, status, reason) => {
    const { port } = await listen(App, { configuration });
    const answer = await exchange({ port, target: '/metrics/profile/cpu?seconds=0.1', headers });
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    if (status === 403) expect(answer).toContain(`"error":"TSK_ERR_PROFILE_DISABLED","message":"There are no profiles here:`);
    expect(answer).toContain(reason);
  });

  test('the variable of the key is read', async () => {
    const { app } = await start(App, { environment: { TSUKIMI_INSTRUMENTATION_PROFILE_ENABLED: 'false' } });
    const body = (await app.inject({ url: '/metrics/profile' })).json();
    expect(body).toEqual({
      enabled: false,
      reason: 'There are no profiles here: they are switched off. To allow them, set instrumentation.profile.enabled to true.',
      heap_since_start: false,
      running: null,
    });
  });

  test('a plain Fastify server gives them by its own option', async () => {
    const registry = new MetricsRegistry();
    const holding = instrument(new HoldingService(), { registry });
    const [open, shut] = [fastify(), fastify()];
    onTestFinished(async () => void (await Promise.all([open.close(), shut.close()])));
    await open.register(httpInstrumentation, { registry, processMetrics: false, profile: { heap: true } });
    await shut.register(httpInstrumentation, { registry, processMetrics: false, path: '/m', profile: { enabled: false } });
    holding.hold(8);
    const { since, components } = (await open.inject('/metrics/profile/heap')).json();
    expect({ since, first: components[0].component }).toEqual({ since: 'start', first: 'HoldingService' });
    const refused = await shut.inject('/m/profile/heap');
    expect(refused.statusCode).toBe(403);
    expect(refused.json().message).toContain('set profile.enabled of httpInstrumentation to true');
  });

  test.each([{ enabled: 'yes' }, { heap: 1 }, { other: true }, true, null])('the option profile: %o is refused', async (profile) => {
    const server = fastify();
    const options = { registry: new MetricsRegistry(), processMetrics: false, profile: profile as object };
    await expect(server.register(httpInstrumentation, options)).rejects.toMatchObject({ code: 'TSK_ERR_INSTRUMENTATION_OPTION' });
  });
});

describe('one at a time', () => {
  test('a second client gets 409, and learns who runs the first', async () => {
    const { port } = await listen(App);
    const first = new AbortController();
    const running = fetch(`http://127.0.0.1:${port}/metrics/profile/cpu?seconds=60`, { signal: first.signal }).catch(() => undefined);
    await whileRunning(port);
    const { status, body } = await json(`http://127.0.0.1:${port}/metrics/profile/heap`);
    expect(status).toBe(409);
    expect(body).toMatchObject({ error: 'TSK_ERR_PROFILE_BUSY' });
    expect(body.message).toMatch(/one is running: a CPU profile of 60 s for 127\.0\.0\.1, since 20/);
    first.abort();
    await running;
    await whenIdle(port);
    expect((await json(`http://127.0.0.1:${port}/metrics/profile/cpu?seconds=0.1`)).status).toBe(200);
  });

  test('it ends when its client goes away', async () => {
    const { port } = await listen(App);
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write('GET /metrics/profile/heap?seconds=60 HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await whileRunning(port);
    socket.destroy();
    await whenIdle(port);
    expect(await isSampled()).toBe(false);
  });

  test('it ends when the application stops, and its client is told', async () => {
    const { app, port } = await listen(App);
    const asked = json(`http://127.0.0.1:${port}/metrics/profile/cpu?seconds=60`);
    await whileRunning(port);
    await app.close();
    const { status, body } = await asked;
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: 'TSK_ERR_PROFILE_STOPPED' });
    await profileCpu(new MetricsRegistry(), { seconds: 0.1 });
  });

  test('HEAD takes no profile', async () => {
    const { port } = await listen(App);
    expect(await statusOf({ port, method: 'HEAD', target: '/metrics/profile/cpu?seconds=60' })).toBe(200);
  });

  test('on the own port of the metrics too', async () => {
    const { app } = await listen(App, { configuration: { metrics: { port: 0 } } });
    const origin = app.fastify.metricsOrigin as string;
    const socket = connect({ port: Number(new URL(origin).port), host: '127.0.0.1' });
    socket.write('GET /metrics/profile/cpu?seconds=60 HTTP/1.1\r\nHost: localhost\r\n\r\n');
    while ((await json(`${origin}/metrics/profile`)).body.running === null) await delay(1);
    const closed = once(socket, 'close');
    socket.resume();
    await app.close();
    await closed;
    await profileCpu(new MetricsRegistry(), { seconds: 0.1 });
  });
});
