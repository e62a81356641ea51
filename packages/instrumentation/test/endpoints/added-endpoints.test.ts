/** Endpoints that others add: who can read them, where they are served, and what of them is recorded. */
import { Controller, type Extension, Get } from '@tsukimi/core';
import { addMetricsEndpoint, httpInstrumentation, type MetricsEndpoint } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exchange, statusOf } from '../support/raw-http.js';
import { linesOf } from '../support/scrape.js';
import { describeError, instrumentedApplication, listen, start } from '../support/start.js';
import { thrownBy } from '../support/thrown-by.js';

const DENIED = '127.0.0.9';

const HELLO: MetricsEndpoint = {
  path: '/hello',
  routes: [
    { path: '', isPage: true, handle: (_request, reply) => reply.type('text/html').send('<p>moon</p>') },
    { path: '/place', handle: (_request, _reply, { path, client }) => ({ path, client }) },
    { path: '/*', handle: ({ params }, reply) => ((params as { '*': string })['*'] === 'file.js' ? 'file' : reply.callNotFound()) },
  ],
};

@Controller('/moons')
class MoonController {
  @Get('/')
  all() {
    return ['Luna'];
  }
}

const App = instrumentedApplication([MoonController]);

const adding = (endpoint: MetricsEndpoint) => (): Extension => ({
  name: 'hello',
  server: (_fastify, context) => addMetricsEndpoint(context.resolve(MetricsRegistry), endpoint),
});

async function plain(
  options: { readonly allowedIps?: string[]; readonly allowedHosts?: string[]; readonly trustProxy?: string[] } = {},
  endpoint = HELLO,
) {
  const registry = new MetricsRegistry();
  addMetricsEndpoint(registry, endpoint);
  const server = fastify();
  onTestFinished(() => server.close());
  await server.register(httpInstrumentation, { registry, processMetrics: false, ...options });
  return { server, registry };
}

async function portOf(server: FastifyInstance): Promise<number> {
  await server.listen({ port: 0, host: '127.0.0.1' });
  return (server.server.address() as { port: number }).port;
}

function unlike(text: string): string {
  return text.replace(/^Date: .*$/im, '').replaceAll('hellx', 'hello');
}

describe('a client that may not read the metrics', () => {
  const PATHS = [
    '/hello',
    '/hello/',
    '/hello/place',
    '/hello/file.js',
    '/hello/no/such/file',
    '/hello?a=b',
    '/hello/place?x',
    '/hello//',
    '/hello/%2e%2e/',
  ];

  test.each(['/metrics', '/inner/numbers'])('gets what an unknown path gives, below %s', async (path) => {
    const { port } = await listen(App, { configuration: { metrics: { allowed_ips: ['127.0.0.1'], path } }, extensions: [adding(HELLO)] });
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
      for (const below of PATHS) {
        const target = `${path}${below}`;
        const [denied, missing] = await Promise.all([
          exchange({ port, method, target, from: DENIED }),
          exchange({ port, method, target: target.replace('hello', 'hellx'), from: DENIED }),
        ]);
        expect(unlike(denied), `${method} ${target}`).toBe(unlike(missing));
        expect(denied).toMatch(/^HTTP\/1\.1 404 /);
      }
    }
    expect(await statusOf({ port, target: `${path}/hello/file.js` })).toBe(200);
  });

  test('is counted as denied, and not as a request', async () => {
    const { server } = await plain({ allowedIps: ['127.0.0.1'] });
    const port = await portOf(server);
    for (const below of PATHS) await exchange({ port, target: `/metrics${below}`, from: DENIED });
    expect(await linesOf(server, 'metrics_access_denied_total')).toEqual([`metrics_access_denied_total ${PATHS.length}`]);
    expect(await linesOf(server, 'http_requests_total')).toEqual([]);
  });

  test('finds no other way in', async () => {
    const { server } = await plain({ allowedIps: ['127.0.0.1'] });
    const port = await portOf(server);
    const targets = [
      '/metrics/%68ello',
      '/metrics//hello',
      '//metrics/hello',
      '/x/../metrics/hello',
      '/metrics/hello%2Ffile.js',
      '/METRICS/hello',
    ];
    for (const target of [...targets, 'http://localhost/metrics/hello'])
      expect([target, await statusOf({ port, target, from: DENIED })]).toEqual([target, 404]);
  });
});

describe('an endpoint', () => {
  test('knows its path and its client', async () => {
    const { app } = await start(App, { extensions: [adding(HELLO)], configuration: { server: { trust_proxy: ['127.0.0.1'] } } });
    const answer = await app.inject({ url: '/metrics/hello/place', headers: { 'x-forwarded-for': '10.1.2.3' } });
    expect(answer.json()).toEqual({ path: '/metrics/hello', client: '10.1.2.3' });
  });

  test('is in a context with a prefix too', async () => {
    const registry = new MetricsRegistry();
    addMetricsEndpoint(registry, HELLO);
    const server = fastify();
    onTestFinished(() => server.close());
    await server.register((scope) => scope.register(httpInstrumentation, { registry, processMetrics: false }), { prefix: '/admin' });
    expect((await server.inject('/admin/metrics/hello/place')).json()).toEqual({ path: '/admin/metrics/hello', client: '127.0.0.1' });
  });

  test('is on the port of the metrics', async () => {
    const { app, port } = await listen(App, { configuration: { metrics: { port: 0 } }, extensions: [adding(HELLO)] });
    const own = Number(new URL(app.fastify.metricsOrigin as string).port);
    expect([await statusOf({ port: own, target: '/metrics/hello' }), await statusOf({ port, target: '/metrics/hello' })]).toEqual([
      200, 404,
    ]);
  });

  test('answers HEAD, and is recorded in no metric', async () => {
    const { app } = await start(App, { extensions: [adding(HELLO)] });
    const head = await app.inject({ method: 'HEAD', url: '/metrics/hello' });
    expect([head.statusCode, head.body, head.headers['content-type']]).toEqual([200, '', 'text/html']);
    await app.inject('/metrics/hello/file.js');
    await app.inject('/metrics/hello/none');
    expect(await linesOf(app, 'http_requests_total')).toEqual([]);
  });

  test('can end its streams when the server closes', async () => {
    const closed: string[] = [];
    const { server } = await plain(
      {},
      {
        path: '/live',
        routes: [
          {
            path: '',
            handle: (_request, reply, { closing }) => {
              reply.hijack();
              reply.raw.writeHead(200).write('open\n');
              closing.addEventListener('abort', () => {
                closed.push('live');
                reply.raw.end('closed\n');
              });
            },
          },
        ],
      },
    );
    const port = await portOf(server);
    const response = await fetch(`http://127.0.0.1:${port}/metrics/live`);
    await server.close();
    expect([await response.text(), closed]).toEqual(['open\nclosed\n', ['live']]);
  });
});

describe('a browser', () => {
  const page = '/metrics/hello';
  const data = '/metrics/hello/place';

  test.each([
    ['localhost', 200],
    ['localhost:8000', 200],
    ['moon.localhost:8000', 200],
    ['LOCALHOST.', 200],
    ['127.0.0.1:8000', 200],
    ['[::1]:8000', 200],
    ['10.1.2.3', 200],
    ['attacker.example', 403],
    ['attacker.example:8000', 403],
    ['localhost.attacker.example', 403],
    ['127.0.0.1.attacker.example', 403],
    ['[attacker.example]', 403],
  ])('that calls the server %s gets %i', async (host, status) => {
    const { server } = await plain();
    for (const url of [page, data]) expect((await server.inject({ url, headers: { host } })).statusCode).toBe(status);
    // Scrapers may use any name.
    expect((await server.inject({ url: '/metrics', headers: { host } })).statusCode).toBe(200);
  });

  test('may use the names that are allowed', async () => {
    const { server } = await plain({ allowedHosts: ['Metrics.example.com', '*.moon.example'] });
    const statuses = ['metrics.example.com', 'a.b.moon.example', 'moon.example', 'xmoon.example', 'example.com'].map(async (host) => [
      host,
      (await server.inject({ url: data, headers: { host } })).statusCode,
    ]);
    expect(Object.fromEntries(await Promise.all(statuses))).toEqual({
      'metrics.example.com': 200,
      'a.b.moon.example': 200,
      'moon.example': 403,
      'xmoon.example': 403,
      'example.com': 403,
    });
    const { server: open } = await plain({ allowedHosts: ['*'] });
    expect((await open.inject({ url: data, headers: { host: 'any.example' } })).statusCode).toBe(200);
  });

  const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

  test.each([
    ['its own page', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 200, 200],
    ['its address bar', { 'sec-fetch-site': 'none', ...NAVIGATION }, 200, 200],
    ['a link of another site', { 'sec-fetch-site': 'cross-site', ...NAVIGATION }, 200, 403],
    ['a link of another port', { 'sec-fetch-site': 'same-site', ...NAVIGATION }, 200, 403],
    ['a frame of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 403, 403],
    ['a script of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }, 403, 403],
    ['a script of another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 403, 403],
  ] as const)('that asks for %s', async (_who, headers, ofPage, ofData) => {
    const { server } = await plain();
    const statuses = await Promise.all([page, data].map(async (url) => (await server.inject({ url, headers })).statusCode));
    expect(statuses).toEqual([ofPage, ofData]);
  });
});

describe('an endpoint is refused', () => {
  const none = (path: string): MetricsEndpoint => ({ path, routes: [] });
  const refused = (endpoint: MetricsEndpoint, registry = new MetricsRegistry()) =>
    thrownBy(() => addMetricsEndpoint(registry, endpoint)).split(':')[0];

  test('with a path that is none, or that another one has', () => {
    for (const path of ['', '/', 'hello', '/hello/', '/a b', '/:id', '/*'])
      expect([path, refused(none(path))]).toEqual([path, 'TSK_ERR_ENDPOINT_PATH']);
    const registry = new MetricsRegistry();
    addMetricsEndpoint(registry, HELLO);
    for (const path of ['/hello', '/hello/more', '/prometheus'])
      expect([path, refused(none(path), registry)]).toEqual([path, 'TSK_ERR_ENDPOINT_PATH_TAKEN']);
    addMetricsEndpoint(registry, none('/hello2'));
  });

  test('where the application has a route, before or after', async () => {
    const registry = new MetricsRegistry();
    const server = fastify();
    onTestFinished(() => server.close());
    server.get('/metrics/hello/own', async () => 'mine');
    await server.register(httpInstrumentation, { registry, processMetrics: false });
    expect(refused(HELLO, registry)).toBe('TSK_ERR_ENDPOINT_PATH_TAKEN');
    const { server: other } = await plain();
    expect(thrownBy(() => other.get('/metrics/hello/own', async () => 'mine'))).toMatch(
      /^TSK_ERR_ENDPOINT_PATH_TAKEN: GET \/metrics\/hello\/own /,
    );
    other.get('/metrics/helloes', async () => 'mine');
  });

  test('once a server has started', async () => {
    const { server, registry } = await plain();
    await server.ready();
    expect(refused(none('/late'), registry)).toBe('TSK_ERR_ENDPOINT_LATE');
    await server.close();
    addMetricsEndpoint(registry, none('/late'));
  });
});

test('names that are none are refused', async () => {
  for (const name of ['http://a.example', 'a.example:80', '', 'a b', '*example', 'a.*']) {
    const server = fastify();
    onTestFinished(() => server.close());
    const failure = await server
      .register(httpInstrumentation, { registry: new MetricsRegistry(), allowedHosts: ['localhost', name] })
      .then(() => 'none', describeError);
    expect(failure).toMatch(/^TSK_ERR_ENDPOINT_HOST_NAME: allowedHosts\[1\]: /);
  }
});
