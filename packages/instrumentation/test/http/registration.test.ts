/** Where and when the plugin is registered: what is counted does not depend on who was first. */
import { createServer } from 'node:http';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { counted, expectCounts } from './support/counts.js';
import { FORMS, listening, type Routes } from './support/forms.js';
import { ask, RawClient, statusOf } from './support/raw-client.js';

const OPTIONS = { processMetrics: false, path: null } as const;

test.each(FORMS)('the metrics endpoints are not counted, nor in flight, in $form', async ({ start }) => {
  const server = await start((app) => app.get('/', async () => 'ok'));
  const answer = await ask(server.port, 'GET', '/metrics/prometheus');
  expect(answer).toMatch(/^http_requests_in_flight 0$/m);
  await ask(server.port, 'HEAD', '/metrics');
  const gone = await RawClient.connect(server.port);
  await gone.request('GET', '/metrics').until('200 OK');
  await gone.abort();
  await expectCounts(server, []);
});

test('hooks that were there before and answer, in contexts that were there before', async () => {
  const app = fastify();
  const registry = new MetricsRegistry();
  app.addHook('onRequest', async (request, reply) =>
    request.headers.authorization === undefined ? reply.code(401).send('who?') : undefined,
  );
  app.register(async (inner) => {
    inner.addHook('onRequest', async (request, reply) =>
      request.headers['x-inner'] === undefined ? reply.code(403).send('no') : undefined,
    );
    inner.get('/inner/:id', async () => 'inner');
  });
  app.get('/outer/:id', async () => 'outer');
  await app.after();
  const routes: Routes = () => app.register(httpInstrumentation, { registry, ...OPTIONS });
  const server = await listening(app, routes, registry);
  expect(statusOf(await ask(server.port, 'GET', '/outer/1'))).toBe(401);
  expect(statusOf(await ask(server.port, 'GET', '/inner/1'))).toBe(401);
  expect(statusOf(await ask(server.port, 'GET', '/inner/1', ['Authorization: me']))).toBe(403);
  expect(statusOf(await ask(server.port, 'GET', '/inner/1', ['Authorization: me', 'X-Inner: 1']))).toBe(200);
  expect(statusOf(await ask(server.port, 'GET', '/unknown'))).toBe(401);
  await expectCounts(server, [
    'GET /outer/:id 401',
    'GET /inner/:id 401',
    'GET /inner/:id 403',
    'GET /inner/:id 200',
    'GET <unmatched> 401',
  ]);
});

test('in a context of its own it counts that context only', async () => {
  const app = fastify();
  const registry = new MetricsRegistry();
  const routes: Routes = (root) => {
    root.register(async (api) => {
      await api.register(httpInstrumentation, { registry, ...OPTIONS });
      api.get('/api/:id', async () => 'api');
      api.get('/never', () => new Promise(() => {}));
    });
    root.get('/other', async () => 'other');
  };
  const server = await listening(app, routes, registry);
  for (const path of ['/api/1', '/other', '/unknown', '/%']) await ask(server.port, 'GET', path);
  const client = await RawClient.connect(server.port);
  client.request('GET', '/never');
  await expect.poll(() => registry.expose()).toContain('http_requests_in_flight 1');
  await client.abort();
  await expectCounts(server, ['GET /api/:id 200', 'GET /never 499']);
});

test('two registries on one server count the same', async () => {
  const app = fastify();
  const [first, second] = [new MetricsRegistry(), new MetricsRegistry()];
  const routes: Routes = async (root) => {
    await root.register(httpInstrumentation, { registry: first, ...OPTIONS });
    await root.register(httpInstrumentation, { registry: second, ...OPTIONS });
    root.get('/item/:id', async () => 'ok');
  };
  const server = await listening(app, routes, first);
  for (const path of ['/item/1', '/%']) await ask(server.port, 'GET', path);
  await RawClient.connect(server.port).then((client) => client.write('nonsense\r\n\r\n').closed());
  const expected = ['GET /item/:id 200', 'GET <unmatched> 400', '<unknown> <unmatched> 400'];
  await expectCounts(server, expected);
  await expectCounts({ registry: second, close: async () => {} }, expected);
});

test('the servers that listening on localhost opens beside the first', async () => {
  const app = fastify();
  const registry = new MetricsRegistry();
  await app.register(httpInstrumentation, { registry, ...OPTIONS });
  app.get('/', async () => 'ok');
  onTestFinished(() => app.close());
  await app.listen({ host: 'localhost', port: 0 });
  for (const { address, port } of app.addresses() as { readonly address: string; readonly port: number }[]) {
    for (const path of ['/', '/%']) await (await RawClient.connect(port, address)).request('GET', path, ['Connection: close']).closed();
  }
  const count = app.addresses().length;
  await expectCounts({ registry, close: () => app.close() }, [`GET / 200 x${count}`, `GET <unmatched> 400 x${count}`]);
});

test('a server that serverFactory makes, and one that is made around routing', async () => {
  const registry = new MetricsRegistry();
  const app = fastify({ serverFactory: (handler) => createServer((request, response) => handler(request, response)) });
  await app.register(httpInstrumentation, { registry, ...OPTIONS });
  const server = await listening(app, (root) => root.get('/', async () => 'ok'), registry);
  const own = createServer(app.routing as Parameters<typeof createServer>[1]);
  onTestFinished(() => void own.close());
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const { port } = own.address() as { readonly port: number };
  for (const each of [server.port, port]) for (const path of ['/', '/%']) await ask(each, 'GET', path);
  await expectCounts(server, ['GET / 200 x2', 'GET <unmatched> 400 x2']);
});

test('other servers of the process are not counted', async () => {
  const registry = new MetricsRegistry();
  const app = fastify();
  await app.register(httpInstrumentation, { registry, ...OPTIONS });
  const server = await listening(app, () => {}, registry);
  const other = createServer((_request, response) => void response.end('other'));
  onTestFinished(() => void other.close());
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  expect(await ask((other.address() as { readonly port: number }).port, 'GET', '/')).toContain('other');
  await expectCounts(server, []);
});

test('injected requests are counted where they are routed', async () => {
  const app = fastify() as FastifyInstance;
  const registry = new MetricsRegistry();
  await app.register(httpInstrumentation, { registry, ...OPTIONS });
  app.get('/item/:id', async () => 'ok');
  app.get('/destroyed', (_request, reply) => void reply.raw.destroy());
  app.get('/fails', async () => {
    throw new Error('fails');
  });
  await app.inject('/item/1');
  await app.inject({ method: 'POST', url: '/item/1' });
  await app.inject('/fails');
  await expect(app.inject('/destroyed')).rejects.toThrow('destroyed');
  await expectCounts({ registry, close: () => app.close() }, [
    'GET /item/:id 200',
    'POST <unmatched> 404',
    'GET /fails 500',
    'GET /destroyed 499',
  ]);
});

test('past the budget of series every request is still counted', async () => {
  const app = fastify();
  const registry = new MetricsRegistry({ maxSeriesPerMetric: 3, onError: () => {} });
  await app.register(httpInstrumentation, { registry, ...OPTIONS });
  const paths = Array.from({ length: 10 }, (_, index) => `/route${index}`);
  const server = await listening(
    app,
    (root) => {
      for (const path of paths) root.get(path, async () => 'ok');
    },
    registry,
  );
  for (const path of paths) await ask(server.port, 'GET', path);
  await expect.poll(async () => (await counted(server)).reduce((sum, line) => sum + Number(/ x(\d+)$/.exec(line)?.[1]), 0)).toBe(10);
});
