/** `requestLabels`: labels that a function computes of each request. */
import { Controller, Get } from '@tsukimi/core';
import { defineRequestLabels, httpInstrumentation, Instrumented, type RequestLabels } from '@tsukimi/instrumentation';
import { type MetricError, MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { jsonView } from '../support/scrape.js';
import { bareApplication, instrumentedApplication, listen, startFailure } from '../support/start.js';
import { thrownBy } from '../support/thrown-by.js';
import { endedStreams, expectCounts, waitForInFlight } from './support/counts.js';
import { type CountedServer, listening, type Routes } from './support/forms.js';
import { ask, RawClient } from './support/raw-client.js';

const TENANTS = { labelValues: { tenant: ['a', 'b'], plan: { maxValues: 2 } } } as const;

const ofHeaders = ({ headers }: FastifyRequest) => ({
  tenant: String(headers['x-tenant'] ?? 'a'),
  plan: String(headers['x-plan'] ?? 'free'),
});

interface Reporting extends CountedServer {
  readonly reported: readonly string[];
  /** `GET /x 200 a free x1` */
  labelled(): Promise<string[]>;
}

async function lines(registry: MetricsRegistry): Promise<string[]> {
  const text = await registry.expose({ names: ['http_requests_total'] });
  return [...text.matchAll(/method="(.*?)",path="(.*?)",status="(.*?)",tenant="(.*?)",plan="(.*?)"} (\d+)/g)].map(
    ([, ...parts]) => `${parts.slice(0, -1).join(' ')} x${parts.at(-1)}`,
  );
}

async function plugin(
  routes: Routes,
  requestLabels: RequestLabels = { ...TENANTS, labels: ofHeaders },
  more: object = {},
): Promise<Reporting> {
  const reported: string[] = [];
  const registry = new MetricsRegistry({ onError: (error: MetricError) => reported.push(`${error.code}: ${error.message}`) });
  const app = fastify() as FastifyInstance;
  await app.register(httpInstrumentation, { registry, processMetrics: false, requestLabels, ...more });
  const server = await listening(app, routes, registry);
  return { ...server, reported, labelled: () => lines(registry) };
}

const HELLO: Routes = (app) => app.get('/hello/:name', async () => 'hello');

const FORMS = [
  { form: 'the plugin', start: (routes: Routes) => plugin(routes) },
  {
    form: 'an application',
    start: async (routes: Routes): Promise<Reporting> => {
      const App = bareApplication([], { extensions: [() => ({ name: 'scenario', server: async (app) => void (await routes(app)) })] });
      Instrumented({ requestLabels: { ...TENANTS, labels: ofHeaders } })(App);
      const { app, port } = await listen(App);
      const registry = app.resolve(MetricsRegistry);
      return { fastify: app.fastify, port, registry, close: () => app.close(), reported: [], labelled: () => lines(registry) };
    },
  },
];

describe.each(FORMS)('in $form', ({ start }) => {
  test('requests have them, and durations; values beyond what is declared are __other__', async () => {
    const server = await start(HELLO);
    const asks = [
      ['a', 'free'],
      ['b', 'paid'],
      ['c', 'trial'],
      ['a', 'trial'],
      ['a', 'free'],
    ] as const;
    for (const [tenant, plan] of asks) await server.fastify.inject({ url: '/hello/x', headers: { 'x-tenant': tenant, 'x-plan': plan } });
    expect(await server.labelled()).toEqual([
      'GET /hello/:name 200 a free x2',
      'GET /hello/:name 200 b paid x1',
      'GET /hello/:name 200 __other__ __other__ x1',
      'GET /hello/:name 200 a __other__ x1',
    ]);
    const durations = await server.registry.expose({ names: ['http_request_duration_seconds'] });
    expect(durations).toContain('http_request_duration_seconds_count{method="GET",path="/hello/:name",tenant="a",plan="free"} 2\n');
    const { http } = (await jsonView(server.fastify)).instrumentation;
    expect(http).toMatchObject({ total_requests: 5, responses_by_status: { 200: 5 }, requests_by_method: { GET: 5 } });
    expect(http.endpoints['GET /hello/:name']).toMatchObject({ requests: 5, errors: 0 });
    expect(http.endpoints['GET /hello/:name'].latency.max_ms).toBeGreaterThan(0);
  });

  test('requests without a route, aborted ones, and hijacked replies have them too', async () => {
    const server = await start((app) => {
      app.get('/never', () => new Promise(() => {}));
      app.get('/raw', (_request, reply) => void reply.hijack().raw.writeHead(207).end('by hand'));
      app.get(
        '/events',
        (_request, reply) => void reply.hijack().raw.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 1'),
      );
    });
    for (const path of ['/nowhere', '/raw', '/events']) await ask(server.port, 'GET', path);
    const client = await RawClient.connect(server.port);
    client.request('GET', '/never', ['X-Tenant: b']);
    await waitForInFlight(server, 1);
    await client.abort();
    await waitForInFlight(server, 0);
    expect(await server.labelled()).toEqual([
      'GET <unmatched> 404 a free x1',
      'GET /raw 207 a free x1',
      'GET /events 200 a free x1',
      'GET /never 499 b free x1',
    ]);
    expect(await endedStreams(server.registry)).toEqual(['GET /events sse x1']);
  });

  test('what Fastify never saw is __unseen__', async () => {
    const server = await start(HELLO);
    await ask(server.port, 'BREW', '/hello/x');
    await ask(server.port, 'GET', '/%zz');
    expect(await server.labelled()).toEqual([
      '<unknown> <unmatched> 400 __unseen__ __unseen__ x1',
      'GET <unmatched> 400 __unseen__ __unseen__ x1',
    ]);
    await expectCounts(server, ['<unknown> <unmatched> 400', 'GET <unmatched> 400']);
  });
});

describe('a function that', () => {
  const outcome = async (labels: (request: FastifyRequest) => unknown) => {
    const server = await plugin(HELLO, { ...TENANTS, labels } as never);
    for (const name of ['x', 'y']) expect((await server.fastify.inject(`/hello/${name}`)).body).toBe('hello');
    const invalid = await server.registry.expose({ names: ['metrics_invalid_values_total'] });
    return { labelled: await server.labelled(), reported: server.reported, invalid: / (\d+)\n$/.exec(invalid)?.[1] };
  };
  const FAILED = ['GET /hello/:name 200 __error__ __error__ x2'];

  test('throws costs the labels, and is reported once', async () => {
    const fails = () => {
      throw new TypeError('the secret of tenant b');
    };
    expect(await outcome(fails)).toEqual({
      labelled: FAILED,
      reported: [
        'TSK_ERR_INSTRUMENTATION_LABELS: http_requests_total: the function labels of requestLabels threw TypeError, so tenant, plan are recorded as __error__. Return a text, number or boolean for each declared label. What was recorded without its labels is counted in metrics_invalid_values_total.',
      ],
      invalid: '2',
    });
  });

  test.each<[string, (request: FastifyRequest) => unknown]>([
    ['nothing', () => undefined],
    ['a promise', async () => ({ tenant: 'a', plan: 'free' })],
    ['a promise that rejects', async () => Promise.reject(new Error('no'))],
    ['null', () => null],
    ['objects', () => ({ tenant: {}, plan: Symbol('x') })],
    [
      'a proxy that throws',
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('no');
            },
            ownKeys: () => {
              throw new Error('no');
            },
          },
        ),
    ],
  ])('returns %s costs the labels', async (_what, labels) => {
    const { labelled, reported } = await outcome(labels);
    expect(labelled).toEqual(FAILED);
    expect(reported).toHaveLength(1);
  });

  test('returns other labels too keeps those that are declared', async () => {
    const { labelled, reported } = await outcome(() => ({ tenant: 'b', plan: 1, status: '200', extra: 'x' }));
    expect(labelled).toEqual(['GET /hello/:name 200 b 1 x2']);
    expect(reported).toHaveLength(1);
  });
});

test('with status_class, with groups, and with statuses of the reply', async () => {
  const server = await plugin(
    (app) => app.get('/made/:code', (request, reply) => reply.code(Number((request.params as { code: string }).code)).send()),
    defineRequestLabels({ labelValues: { late: [true, false] }, labels: (_request, reply) => ({ late: reply.statusCode === 503 }) }),
    { labels: ['status_class'], groupStatusCodes: true },
  );
  for (const code of [200, 204, 503]) await server.fastify.inject(`/made/${code}`);
  const text = await server.registry.expose();
  expect(text).toContain('http_requests_total{method="GET",path="/made/:code",status="2xx",late="false"} 2\n');
  expect(text).toContain('http_requests_total{method="GET",path="/made/:code",status="5xx",late="true"} 1\n');
  expect(text).toContain('_count{method="GET",path="/made/:code",status_class="5xx",late="true"} 1\n');
});

test('requests that are left out are not computed', async () => {
  let computed = 0;
  const labels = () => {
    computed += 1;
    return { tenant: 'a', plan: 'free' };
  };
  const server = await plugin(
    (app) => {
      HELLO(app);
      app.get('/out', { config: { metrics: false } }, async () => 'out');
    },
    { ...TENANTS, labels },
  );
  const client = await RawClient.connect(server.port);
  onTestFinished(() => client.abort());
  for (const path of ['/out', '/hello/x', '/hello/y']) {
    client.request('GET', path);
    await client.answers(1);
  }
  await vi.waitFor(() => expect(computed).toBe(2));
});

test('series of many label sets stay within the limit of the metric', async () => {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: 10, onError: () => {} });
  const app = fastify();
  onTestFinished(() => app.close());
  let count = 0;
  await app.register(httpInstrumentation, {
    registry,
    processMetrics: false,
    requestLabels: { labelValues: { one: { maxValues: 100 }, two: { maxValues: 100 } }, labels: () => ({ one: count % 10, two: count++ }) },
  });
  app.get('/', async () => 'x');
  for (let index = 0; index < 30; index += 1) await app.inject('/');
  const { http } = (await jsonView(app)).instrumentation;
  expect(http.total_requests).toBe(30);
  const text = await registry.expose({ names: ['http_requests_total'] });
  expect(text).toContain('one="__overflow__",two="__overflow__"} 20\n');
});

test('after a reset, a clear and a removal', async () => {
  const server = await plugin(HELLO);
  const { registry } = server;
  for (const forget of [() => registry.resetMetrics(), () => registry.removeSingleMetric('http_requests_total'), () => registry.clear()]) {
    await server.fastify.inject('/hello/x');
    forget();
    await server.fastify.inject('/hello/x');
    expect(await server.labelled()).toEqual(['GET /hello/:name 200 a free x1']);
    registry.resetMetrics();
  }
});

const labels = () => ({});

test.each<[unknown, string]>([
  [null, 'no object'],
  [labels, 'no object'],
  [['tenant'], 'no object'],
  [{ labels }, 'labelValues: undefined'],
  [{ labelValues: { tenant: ['a'] } }, 'no function labels'],
  [{ labelValues: { tenant: ['a'] }, labels: { tenant: 'a' } }, 'no function labels'],
  [{ labelValues: {}, labels }, 'labelValues without a label'],
  [{ labelValues: { 'x-tenant': ['a'] }, labels }, 'labelValues with "x-tenant"'],
  [{ labelValues: { tenant: ['__unseen__'] }, labels }, 'labelValues.tenant[0]: __unseen__, which is reserved'],
  [{ labelValues: { path: ['a'] }, labels }, 'a label path'],
  [{ labelValues: { status_class: ['a'] }, labels }, 'a label status_class'],
  [{ values: { tenant: ['a'] }, of: labels }, 'an unknown key, "values"'],
])('%j is refused, by the plugin and by the decorator', async (requestLabels, what) => {
  const failure = fastify()
    .register(httpInstrumentation, { registry: new MetricsRegistry(), requestLabels: requestLabels as never })
    .ready();
  await expect(failure).rejects.toMatchObject({
    code: 'TSK_ERR_INSTRUMENTATION_OPTION',
    message: expect.stringMatching(/^requestLabels was given .* \(httpInstrumentation options\)\. Use .*\.$/),
  });
  await expect(failure).rejects.toThrow(what);
  expect(thrownBy(() => Instrumented({ requestLabels: requestLabels as never }))).toContain(what);
});

test('on a component or a method they are refused', async () => {
  const requestLabels = { ...TENANTS, labels: ofHeaders };
  @Controller('/moons')
  @Instrumented({ requestLabels })
  class MoonController {
    @Get('/')
    moon(): string {
      return 'full';
    }
  }
  expect(await startFailure(instrumentedApplication([MoonController]))).toBe(
    'TSK_ERR_INSTRUMENTATION_OPTION: @Instrumented({ requestLabels }) is on MoonController, but applies to all requests of an application. Put it on the application class.',
  );
  class Other {
    moon(): void {}
  }
  expect(thrownBy(() => Instrumented({ requestLabels })(Other.prototype, 'moon', {}))).toContain('is on Other.moon, but applies');
});
