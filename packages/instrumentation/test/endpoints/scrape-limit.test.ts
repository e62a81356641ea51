/** How many scrapes are answered at a time, over real sockets: who is rejected, with what, and what is told of it. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import http2 from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { httpInstrumentation, InstrumentationProvider } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { exchange, statusOf } from '../support/raw-http.js';
import { instrumentedApplication, type LogLine, listen } from '../support/start.js';

type Options = Partial<Parameters<typeof httpInstrumentation>[1]>;

const TEXT = '/metrics/prometheus';
const REJECTED = `${TEXT}?name[]=metrics_scrapes_rejected_total`;
const sample = (count: number): string => `metrics_scrapes_rejected_total{reason="busy"} ${count}\n`;

function makeGate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

/** Holds every scrape that reads all values until it is opened. */
function gatedRegistry() {
  const registry = new MetricsRegistry({ collectTimeoutMs: 600_000 });
  const gate = makeGate();
  let waiting = 0;
  registry.gauge({
    name: 'gated_moons',
    help: 'Moons.',
    collect: async () => {
      waiting += 1;
      await gate.opened;
    },
  });
  return { registry, open: gate.open, waiting: () => waiting };
}

async function serve(options: Options & { readonly registry: MetricsRegistry }) {
  const logs: LogLine[] = [];
  const server = fastify({ logger: { stream: { write: (line: string) => void logs.push(JSON.parse(line)) } } });
  onTestFinished(() => server.close());
  await server.register(httpInstrumentation, { processMetrics: false, ...options });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = options.port === undefined ? (server.server.address() as AddressInfo) : new URL(server.metricsOrigin as string);
  return { port: Number(port), warnings: () => logs.filter(({ level }) => level === 40).map(({ msg }) => msg) };
}

interface Answer {
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

function ask(port: number, path: string, method = 'GET'): { readonly sent: ClientRequest; readonly answer: Promise<Answer> } {
  const sent = request({ port, host: '127.0.0.1', path, method, agent: false }).end();
  const answer = once(sent, 'response').then(async ([response]: IncomingMessage[]) => {
    const { statusCode, headers } = response as IncomingMessage;
    const body = await text(response as IncomingMessage);
    return { status: statusCode, retryAfter: headers['retry-after'], type: headers['content-type'], body };
  });
  answer.catch(() => {});
  return { sent, answer };
}

const TOO_MANY = {
  status: 503,
  retryAfter: '1',
  type: 'text/plain; charset=utf-8',
  body: 'Too many scrapes are in flight. Try again later.\n',
};

/** How many scrapes are in flight is seen by nobody but the next client. */
async function untilStatus(port: number, status: number): Promise<void> {
  await waitUntil(`a scrape gets ${status}`, async () => (await statusOf({ port, target: REJECTED })) === status);
}

describe('as many scrapes as there may be', () => {
  test.each<[string, Options]>([
    ['on the server’s port', {}],
    ['on a port of their own', { port: 0 }],
  ])('are answered %s, others get 503 on all endpoints until one is over', async (_, options) => {
    const { registry, open } = gatedRegistry();
    const { port } = await serve({ registry, maxScrapesInFlight: 2, ...options });
    const held = [ask(port, TEXT), ask(port, '/metrics')];
    await untilStatus(port, 503);
    for (const path of [TEXT, REJECTED, '/metrics']) expect(await ask(port, path).answer).toEqual(TOO_MANY);
    expect(await ask(port, TEXT, 'HEAD').answer).toEqual({ ...TOO_MANY, body: '' });
    open();
    expect((await Promise.all(held.map(({ answer }) => answer))).map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask(port, REJECTED).answer).body).toMatch(/\{reason="busy"\} [5-9]\d*\n/);
  });

  test('are ten by default', async () => {
    const { registry, open } = gatedRegistry();
    const { port } = await serve({ registry });
    const all = Array.from({ length: 14 }, () => ask(port, TEXT));
    const done = Promise.all(all.map(({ answer }) => answer));
    await waitUntil('four are rejected', async () =>
      (await registry.expose({ names: ['metrics_scrapes_rejected_total'] })).includes(sample(4)),
    );
    open();
    const statuses = (await done).map(({ status }) => status);
    expect(statuses.filter((status) => status === 503)).toHaveLength(4);
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
  });

  test('are of one application by its configuration', async () => {
    const configuration = { metrics: { max_scrapes_in_flight: 1 } };
    const { app, port, warnings } = await listen(instrumentedApplication([]), { configuration });
    const gate = makeGate();
    app.resolve(InstrumentationProvider).gauge({ name: 'gated_moons', help: 'Moons.', collect: () => gate.opened });
    const held = ask(port, TEXT);
    await untilStatus(port, 503);
    gate.open();
    expect((await held.answer).status).toBe(200);
    await untilStatus(port, 200);
    expect(warnings()).toEqual([
      '1 scrapes are in flight, the limit of metrics.max_scrapes_in_flight: further scrapes get 503 and are counted in metrics_scrapes_rejected_total. Find out which clients scrape that often, or raise the limit.',
    ]);
  });
});

describe('a place becomes free', () => {
  test('when a client goes away', async () => {
    const { registry, waiting } = gatedRegistry();
    const { port } = await serve({ registry, maxScrapesInFlight: 1 });
    const { sent } = ask(port, TEXT);
    await waitUntil('a scrape waits', () => waiting() === 1);
    expect(await statusOf({ port, target: REJECTED })).toBe(503);
    sent.destroy();
    await untilStatus(port, 200);
  });

  test('when the connection goes away on which scrapes wait for one another', async () => {
    const { registry, waiting } = gatedRegistry();
    const { port } = await serve({ registry, maxScrapesInFlight: 3 });
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write(`GET ${TEXT} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(3));
    await waitUntil('a scrape waits', () => waiting() > 0);
    await untilStatus(port, 503);
    socket.destroy();
    await untilStatus(port, 200);
    const others = [ask(port, '/metrics'), ask(port, '/metrics')];
    onTestFinished(() => others.forEach(({ sent }) => void sent.destroy()));
    await waitUntil('two more wait', () => waiting() === 3);
    expect(await statusOf({ port, target: REJECTED })).toBe(200);
  });

  test('only when the last byte is taken', async () => {
    const registry = new MetricsRegistry();
    registry.gauge({ name: 'huge_moons', help: 'x'.repeat(24_000_000) }).set(1);
    const { port } = await serve({ registry, maxScrapesInFlight: 1 });
    const slow = connect({ port, host: '127.0.0.1' });
    slow.write(`GET ${TEXT} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    await once(slow, 'readable');
    expect(await statusOf({ port, target: REJECTED })).toBe(503);
    const bytes = (await text(slow)).length;
    expect(bytes).toBeGreaterThan(24_000_000);
    await untilStatus(port, 200);
  });
});

test('a denied client learns nothing of it: it gets what an unknown path gets', async () => {
  const { registry, waiting } = gatedRegistry();
  const { port } = await serve({ registry, maxScrapesInFlight: 1, allowedIps: ['127.0.0.1'] });
  const { sent } = ask(port, TEXT);
  onTestFinished(() => void sent.destroy());
  await waitUntil('a scrape waits', () => waiting() === 1);
  expect(await statusOf({ port, target: '/metrics' })).toBe(503);
  const masked = async (target: string, method: string) =>
    (await exchange({ port, target, method, from: '127.0.0.9' })).replace(/Date: .*/, '').replace(/metric[sz]/g, 'metrics');
  for (const method of ['GET', 'HEAD', 'POST']) expect(await masked('/metrics', method)).toBe(await masked('/metricz', method));
});

test('one line in the log for many that are rejected, and a count for each', async () => {
  const { registry, open, waiting } = gatedRegistry();
  const { port, warnings } = await serve({ registry, maxScrapesInFlight: 1 });
  const held = ask(port, TEXT);
  await waitUntil('a scrape waits', () => waiting() === 1);
  for (let count = 0; count < 20; count += 1) expect((await ask(port, '/metrics').answer).status).toBe(503);
  open();
  await held.answer;
  expect((await ask(port, REJECTED).answer).body).toContain(sample(20));
  expect(warnings()).toEqual([expect.stringContaining('the limit of the option maxScrapesInFlight of httpInstrumentation')]);
});

describe('a client that does not read', () => {
  const TIMEOUT_MS = 100;

  async function serveHuge(options: Options = {}) {
    const registry = new MetricsRegistry();
    registry.gauge({ name: 'huge_moons', help: randomBytes(12_000_000).toString('hex') }).set(1);
    const served = await serve({ registry, maxScrapesInFlight: 2, scrapeTimeoutMs: TIMEOUT_MS, ...options });
    return { ...served, registry };
  }

  const slow = async (registry: MetricsRegistry): Promise<number> =>
    Number(/reason="slow"} (\d+)/.exec(await registry.expose({ names: ['metrics_scrapes_rejected_total'] }))?.[1]);

  /** Reads the beginning, and then nothing until the connection is cut. */
  async function stall(port: number, headers = ''): Promise<Socket> {
    const socket = connect({ port, host: '127.0.0.1' });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {}).write(`GET ${TEXT} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
    await once(socket, 'readable');
    return socket;
  }

  test.each([
    ['', 'plain'],
    ['Accept-Encoding: gzip\r\n', 'gzip'],
  ])('%s%s: its connection is closed, its place is free again, and that is counted and told of', async (headers) => {
    const { port, registry, warnings } = await serveHuge();
    const sockets = [await stall(port, headers), await stall(port, headers)];
    await waitUntil('both are cut off', async () => (await slow(registry)) === 2);
    await untilStatus(port, 200);
    for (const socket of sockets) {
      socket.resume();
      if (!socket.closed) await once(socket, 'close');
    }
    expect(warnings()).toEqual([
      'a client did not read a scrape within 100 ms, the limit of the option scrapeTimeoutMs of httpInstrumentation: its connection was closed, which is counted in metrics_scrapes_rejected_total. Find out why it reads that slowly, or raise the limit.',
    ]);
  });

  test('does not hold up others that read the same scrape', async () => {
    const { port } = await serveHuge({ scrapeTimeoutMs: 60_000 });
    const [, fast] = await Promise.all([stall(port), ask(port, TEXT).answer]);
    expect(fast.body.length).toBeGreaterThan(24_000_000);
  });

  test('of HTTP/2 loses its stream, not its connection', async () => {
    const registry = new MetricsRegistry();
    registry.gauge({ name: 'huge_moons', help: 'x'.repeat(1_000_000) }).set(1);
    const server = fastify({ http2: true });
    onTestFinished(() => server.close());
    await server.register(httpInstrumentation, { registry, processMetrics: false, scrapeTimeoutMs: TIMEOUT_MS });
    server.get('/moon', async () => 'Luna');
    const session = http2.connect(await server.listen({ port: 0, host: '127.0.0.1' }));
    onTestFinished(() => session.destroy());
    const stalled = session.request({ ':path': TEXT });
    const closed = once(stalled, 'close');
    await once(stalled, 'response');
    stalled.on('error', () => {});
    await waitUntil('it is cut off', async () => (await slow(registry)) === 1);
    stalled.resume();
    await closed;
    const moon = session.request({ ':path': '/moon' });
    expect(await text(moon)).toBe('Luna');
  });

  test('has all its time when a collect function took long', async () => {
    const { registry, open, waiting } = gatedRegistry();
    const { port } = await serve({ registry, scrapeTimeoutMs: 20 });
    const { answer } = ask(port, TEXT);
    await waitUntil('a scrape waits', () => waiting() === 1);
    // Longer than the reader's time.
    await delay(60);
    open();
    expect((await answer).status).toBe(200);
    expect(await slow(registry)).toBe(0);
  });

  test('nothing is counted for those who read in time', async () => {
    const { port, registry } = await serveHuge({ scrapeTimeoutMs: 60_000 });
    expect((await ask(port, TEXT).answer).status).toBe(200);
    expect(await slow(registry)).toBe(0);
  });
});
