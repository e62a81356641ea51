/** What the accounting leaves in the process is gone a turn after the last server has closed. */
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { counted, expectCounts, waitForInFlight } from './support/counts.js';
import { latch } from './support/latch.js';
import { ask, RawClient } from './support/raw-client.js';

const CHANNELS = ['http.server.request.start', 'http.server.response.finish'].map((name) => channel(name));

/** Which of Node's channels somebody listens to. */
const heard = (): boolean[] => CHANNELS.map(({ hasSubscribers }) => hasSubscribers);

/** Our marks on an object. */
const marksOn = (object: object): symbol[] =>
  Object.getOwnPropertySymbols(object).filter(({ description }) => description?.startsWith('tsukimi') === true);

async function counting(...registries: MetricsRegistry[]): Promise<FastifyInstance> {
  const app = fastify() as FastifyInstance;
  onTestFinished(() => app.close());
  for (const registry of registries) await app.register(httpInstrumentation, { registry, processMetrics: false, path: null });
  return app;
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('Node’s channels are listened to while a server is counted', async () => {
  expect(heard()).toEqual([false, false]);
  const [first, second] = [await counting(new MetricsRegistry(), new MetricsRegistry()), await counting(new MetricsRegistry())];
  await first.listen({ port: 0 });
  await second.ready();
  expect(heard()).toEqual([true, true]);
  await first.close();
  expect(heard()).toEqual([true, true]);
  await second.close();
  await setImmediate();
  expect(heard()).toEqual([false, false]);
});

test('a server that is opened after the last one has closed is counted again', async () => {
  for (const round of [1, 2]) {
    const registry = new MetricsRegistry();
    const app = await counting(registry);
    app.get('/', async () => 'ok');
    await app.listen({ host: '127.0.0.1', port: 0 });
    await ask((app.server.address() as AddressInfo).port, 'GET', '/');
    await expectCounts({ registry, close: () => app.close() }, ['GET / 200']);
    expect([round, heard()]).toEqual([round, [false, false]]);
  }
});

test('nothing is left on the servers, and never anything on those of others', async () => {
  const app = await counting(new MetricsRegistry());
  app.get('/', async () => 'ok');
  await app.listen({ host: '127.0.0.1', port: 0 });
  const beside = createServer(app.routing as Parameters<typeof createServer>[1]);
  const other = createServer((_request, response) => void response.end('other'));
  for (const server of [beside, other]) await ask(await portOf(server), 'GET', '/');
  expect(marksOn(other)).toEqual([]);
  expect([app.server, app.routing, beside].map((each) => marksOn(each).length)).toEqual([1, 1, 1]);
  beside.close();
  await app.close();
  await setImmediate();
  expect([app.server, app.routing, beside].flatMap(marksOn)).toEqual([]);
  expect(heard()).toEqual([false, false]);
});

test('requests of a server that Fastify does not wait for are counted to their end', async () => {
  const registry = new MetricsRegistry();
  const app = await counting(registry);
  const running = latch();
  app.get('/slow', async () => {
    await running.opened;
    return 'slow';
  });
  await app.ready();
  const beside = createServer(app.routing as Parameters<typeof createServer>[1]);
  const client = await RawClient.connect(await portOf(beside));
  client.request('GET', '/slow', ['Connection: close']);
  await waitForInFlight({ registry }, 1);
  await app.close();
  expect(heard()).toEqual([true, true]);
  running.open();
  expect(await client.closed()).toContain('200 OK');
  await expect.poll(() => counted({ registry })).toEqual(['GET /slow 200 x1']);
  beside.close();
  await once(beside, 'close');
  await setImmediate();
  expect(heard()).toEqual([false, false]);
});

test('the listen of a server is its own again', async () => {
  const app = fastify();
  await app.register(httpInstrumentation, { registry: new MetricsRegistry(), processMetrics: false, port: 0 });
  expect(Object.hasOwn(app.server, 'listen')).toBe(true);
  await app.listen({ host: '127.0.0.1', port: 0 });
  await app.close();
  expect(Object.hasOwn(app.server, 'listen')).toBe(false);
});
