/** Routes that are not recorded: by their options, by a decorator, by patterns. */
import { Controller, type ExtensionFactory, Get } from '@tsukimi/core';
import { httpInstrumentation, Instrumented, type RouteExclusion } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { instrumentedApplication, listen, start, startFailure } from '../support/start.js';
import { expectCounts, inFlight } from './support/counts.js';
import { FORMS, listening } from './support/forms.js';
import { ask, RawClient } from './support/raw-client.js';

describe.each(FORMS)('in $form', ({ start: serve }) => {
  test('a route that is left out is counted nowhere, whatever becomes of the request', async () => {
    const leftOut = { config: { metrics: false } };
    const server = await serve((app) => {
      app.get('/never/:id', leftOut, () => new Promise(() => {}));
      app.get('/fails', leftOut, async () => Promise.reject(new Error('no')));
      app.post('/body', leftOut, async () => 'taken');
      app.get('/kept', { config: { metrics: true } }, async () => 'kept');
    });
    const client = await RawClient.connect(server.port);
    client.request('GET', '/never/1');
    expect(await ask(server.port, 'GET', '/kept')).toContain('kept');
    expect(await inFlight(server.registry)).toBe(0);
    await client.abort();
    for (const path of ['/fails', '/kept']) await ask(server.port, 'GET', path);
    await ask(server.port, 'HEAD', '/fails');
    const cut = await RawClient.connect(server.port);
    await cut.write('POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n').closed();
    await server.fastify.inject('/fails');
    await expectCounts(server, ['GET /kept 200 x2']);
  });
});

const ROUTES = (app: FastifyInstance): void => {
  app.get('/health/cache', async () => 'ok');
  app.get('/healthy', async () => 'ok');
  app.register(async (api) => void api.get('/events/:id', async () => 'ok'), { prefix: '/api' });
  app.delete('/api/events/:id', async () => 'ok');
};
const PATTERNS = ['/health/*', 'GET /api/events/:id'];
const ASKED = [
  'GET /health/cache',
  'GET /healthy',
  'GET /api/events/1',
  'HEAD /api/events/1',
  'DELETE /api/events/1',
  'GET /health/unknown',
];
const COUNTED = ['GET /healthy 200', 'HEAD /api/events/:id 200', 'DELETE /api/events/:id 200', 'GET <unmatched> 404'];

async function askAll(port: number): Promise<void> {
  for (const [method = '', path = ''] of ASKED.map((each) => each.split(' '))) await ask(port, method, path);
}

test.each(['before', 'after'])('patterns of the plugin, the routes %s it', async (order) => {
  const warnings: string[] = [];
  const app = fastify({ logger: { level: 'warn', stream: { write: (line: string) => warnings.push(JSON.parse(line).msg) } } });
  const registry = new MetricsRegistry();
  if (order === 'before') ROUTES(app);
  const exclude = [...PATTERNS, '/helth/*', 'POST /healthy', '/api/*/:ip'];
  await app.register(httpInstrumentation, { registry, processMetrics: false, exclude });
  const server = await listening(app as unknown as FastifyInstance, order === 'after' ? ROUTES : () => {}, registry);
  await askAll(server.port);
  expect(warnings).toEqual([
    'exclude[2]: "/helth/*" matches no route (httpInstrumentation options). Write the route\'s template, as in the label path.',
    'exclude[3]: "POST /healthy" matches no route (httpInstrumentation options). Write the route\'s template, as in the label path.',
    'exclude[4]: "/api/*/:ip" matches no route (httpInstrumentation options). Write the route\'s template, as in the label path.',
  ]);
  await expectCounts(server, COUNTED);
});

const routes: ExtensionFactory = () => ({ name: 'scenario', server: async (app) => ROUTES(app) });

test('patterns of the configuration', async () => {
  const configuration = { instrumentation: { http: { exclude: [...PATTERNS, '/helth'] } } };
  const { app, port, warnings } = await listen(instrumentedApplication([], { extensions: [routes] }), { configuration });
  await askAll(port);
  expect(warnings()).toEqual([
    'instrumentation.http.exclude[2]: "/helth" matches no route (configuration option). Write the route\'s template, as in the label path.',
  ]);
  await expectCounts({ registry: app.resolve(MetricsRegistry), close: () => app.close() }, COUNTED);
});

test.each(['', 'health', 'get /health', 'FETCH /health', 'GET  /health', 'GET', '/he alth', ' /health'])(
  '%j is not a pattern',
  async (pattern) => {
    const why = `${pattern === '' ? '""' : `a text of ${pattern.length} characters`} is not a pattern for routes`;
    const failure = await startFailure(instrumentedApplication([]), {
      configuration: { instrumentation: { http: { exclude: ['/health', pattern] } } },
    });
    const advice =
      "Write the route's template, with * for any part of it and, for one HTTP method only, the method first: /health/*, GET /events. For all requests with a method, write { method: 'OPTIONS' }; for those that no route matches, { unmatched: true }.";
    expect(failure).toBe(`TSK_ERR_HTTP_EXCLUDE: instrumentation.http.exclude[1]: ${why} (configuration option). ${advice}`);
    const options = { registry: new MetricsRegistry(), exclude: [pattern] };
    await expect(fastify().register(httpInstrumentation, options).ready()).rejects.toMatchObject({
      code: 'TSK_ERR_HTTP_EXCLUDE',
      message: `exclude[0]: ${why} (httpInstrumentation options). ${advice}`,
    });
  },
);

describe('entries that are no text', () => {
  const ALL = ['GET /health/cache', 'OPTIONS /health/cache', 'GET /nowhere', 'OPTIONS /nowhere', 'OPTIONS /healthy', 'GET /healthy'];
  const leaves = async (exclude: readonly RouteExclusion[], expected: readonly string[]): Promise<readonly string[]> => {
    const warnings: string[] = [];
    const app = fastify({ logger: { level: 'warn', stream: { write: (line: string) => warnings.push(JSON.parse(line).msg) } } });
    const registry = new MetricsRegistry();
    await app.register(httpInstrumentation, { registry, processMetrics: false, exclude });
    const routes = (server: FastifyInstance): void => {
      ROUTES(server);
      server.options('/health/cache', async () => 'ok');
      server.options('/healthy', async () => 'ok');
    };
    const server = await listening(app as unknown as FastifyInstance, routes, registry);
    for (const [method = '', path = ''] of ALL.map((each) => each.split(' '))) await ask(server.port, method, path);
    await ask(server.port, 'BREW', '/nowhere');
    await expectCounts(server, expected);
    return warnings;
  };

  test('a method, with and without a route', async () => {
    expect(await leaves([{ method: 'OPTIONS' }], MATCHED.concat('<unknown> <unmatched> 400', 'GET <unmatched> 404'))).toEqual([]);
  });

  test('what no route matches, also what is malformed', async () => {
    expect(await leaves([{ unmatched: true }], [...MATCHED, 'OPTIONS /health/cache 200', 'OPTIONS /healthy 200'])).toEqual([]);
  });

  test('both, and a path with a method; a path that no route has is warned of', async () => {
    const exclude = [{ method: 'OPTIONS', unmatched: true }, { method: 'OPTIONS', path: '/health/*' }, { path: '/helthy' }];
    const expected = [...MATCHED, 'OPTIONS /healthy 200', '<unknown> <unmatched> 400', 'GET <unmatched> 404'];
    expect(await leaves(exclude, expected)).toEqual([
      'exclude[2]: {"path":"/helthy"} matches no route (httpInstrumentation options). Write the route\'s template, as in the label path.',
    ]);
  });

  test('in the configuration, beside patterns', async () => {
    const exclude = ['/healthy', { method: 'DELETE' }, { unmatched: true }];
    const configuration = { instrumentation: { http: { exclude } } };
    const { app, port, warnings } = await listen(instrumentedApplication([], { extensions: [routes] }), { configuration });
    await askAll(port);
    await ask(port, 'BREW', '/nowhere');
    expect(warnings()).toEqual([]);
    await expectCounts({ registry: app.resolve(MetricsRegistry), close: () => app.close() }, [
      'GET /health/cache 200',
      'GET /api/events/:id 200',
      'HEAD /api/events/:id 200',
    ]);
  });

  test('in the environment they are texts', async () => {
    const environment = { TSUKIMI_INSTRUMENTATION_HTTP_EXCLUDE: '/health/*, OPTIONS *' };
    const { app } = await start(instrumentedApplication([], { extensions: [routes] }), { environment });
    for (const url of ['/health/cache', '/healthy']) await app.fastify.inject(url);
    expect(await app.resolve(MetricsRegistry).expose({ names: ['http_requests_total'] })).toContain('path="/healthy"');
    expect(await app.resolve(MetricsRegistry).expose({ names: ['http_requests_total'] })).not.toContain('path="/health/*"');
  });

  test('an aborted request that was never routed', async () => {
    const server = await (async () => {
      const app = fastify();
      const registry = new MetricsRegistry();
      await app.register(httpInstrumentation, { registry, processMetrics: false, exclude: [{ method: 'GET' }] });
      return await listening(app as unknown as FastifyInstance, () => {}, registry);
    })();
    // Fastify turns this away before its first hook.
    expect(await ask(server.port, 'GET', '/%zz')).toContain(' 400 ');
    expect(await ask(server.port, 'POST', '/%zz')).toContain(' 400 ');
    await expectCounts(server, ['POST <unmatched> 400']);
  });

  test.each([
    {},
    null,
    [],
    7,
    { unmatched: false },
    { method: 'options' },
    { method: 7 },
    { path: 'health' },
    { path: '/health', unmatched: true },
    { methods: ['GET'] },
    { method: undefined },
  ])('%j is refused', async (entry) => {
    const options = { registry: new MetricsRegistry(), exclude: ['/health', entry as never] };
    await expect(fastify().register(httpInstrumentation, options).ready()).rejects.toMatchObject({
      code: 'TSK_ERR_HTTP_EXCLUDE',
      message: expect.stringMatching(/^exclude\[1\]: .* is not a pattern for routes \(httpInstrumentation options\)\. /),
    });
    const configuration = { instrumentation: { http: { exclude: [entry as never] } } };
    expect(await startFailure(instrumentedApplication([]), { configuration })).toMatch(
      /^TSK_ERR_(HTTP_EXCLUDE|CONFIGURATION_VALUE): instrumentation\.http\.exclude/,
    );
  });
});

const MATCHED = ['GET /health/cache 200', 'GET /healthy 200'];

test('what is no list of patterns', async () => {
  const options = { registry: new MetricsRegistry(), exclude: '/health' as never };
  await expect(fastify().register(httpInstrumentation, options).ready()).rejects.toMatchObject({
    code: 'TSK_ERR_INSTRUMENTATION_OPTION',
    message:
      'exclude: a text of 7 characters is not a list of patterns for routes (httpInstrumentation options). Use a list of patterns for routes.',
  });
});

@Controller('/feed')
@Instrumented({ http: false })
class FeedController {
  @Get('/events')
  events(): string {
    return 'events';
  }

  @Get('/kept', { config: { metrics: true } })
  kept(): string {
    return 'kept';
  }

  @Get('/method')
  @Instrumented({ http: true })
  method(): string {
    return 'method';
  }
}

@Controller('/page')
class PageController {
  @Get('/left-out', { config: { metrics: false } })
  leftOut(): string {
    return 'left out';
  }

  @Instrumented({ http: false })
  @Get('/decorated')
  decorated(): string {
    return 'decorated';
  }

  @Get('/kept')
  kept(): string {
    return 'kept';
  }
}

@Controller('/sub')
class SubController extends FeedController {}

test('by decorators: the route, then the method, then the class; calls are measured all the same', async () => {
  const { app, port } = await listen(instrumentedApplication([FeedController, PageController, SubController]));
  const paths = ['/feed/events', '/feed/kept', '/feed/method', '/page/left-out', '/page/decorated', '/page/kept', '/sub/events'];
  for (const path of paths) expect(await ask(port, 'GET', path)).toContain(' 200 ');
  const registry = app.resolve(MetricsRegistry);
  const text = await registry.expose();
  for (const call of ['component="FeedController",method="events"', 'component="PageController",method="decorated"'])
    expect(text).toContain(`component_calls_total{${call},status="success"} 1\n`);
  await expectCounts({ registry, close: () => app.close() }, ['GET /feed/kept 200', 'GET /feed/method 200', 'GET /page/kept 200']);
});

test('on the application class: no request is recorded', async () => {
  const App = instrumentedApplication([PageController]);
  Instrumented({ http: false })(App);
  const { app } = await start(App);
  await app.fastify.inject('/page/kept');
  const text = await app.resolve(MetricsRegistry).expose();
  expect(text).not.toContain('http_requests');
  expect(text).toContain('component_calls_total{component="PageController",method="kept",status="success"} 1\n');
});
