/** How many scrapes are answered at a time, over real sockets: who is rejected, with what, and what is told of it. */
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
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
  const registry = new MetricsRegistry();
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

  test('are ten where nothing is told', async () => {
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
      '1 scrapes are in flight, as many as metrics.max_scrapes_in_flight allows: further ones are answered with 503 and counted in metrics_scrapes_rejected_total. Find out who scrapes that often, or raise the limit.',
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
  expect(warnings()).toEqual([expect.stringContaining('as many as the option maxScrapesInFlight of httpInstrumentation allows')]);
});
