/** Routes that are not recorded: by their options, by a decorator, by patterns. */
import { Controller, type ExtensionFactory, Get } from '@tsukimi/core';
import { httpInstrumentation, Instrumented } from '@tsukimi/instrumentation';
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
  app.get('/health/live', async () => 'ok');
  app.get('/healthy', async () => 'ok');
  app.register(async (api) => void api.get('/events/:id', async () => 'ok'), { prefix: '/api' });
  app.delete('/api/events/:id', async () => 'ok');
};
const PATTERNS = ['/health/*', 'GET /api/events/:id'];
const ASKED = [
  'GET /health/live',
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
      "Write the route's template, with * for any part of it and, for one HTTP method only, the method first: /health/*, GET /events.";
    expect(failure).toBe(`TSK_ERR_HTTP_EXCLUDE: instrumentation.http.exclude[1]: ${why} (configuration option). ${advice}`);
    const options = { registry: new MetricsRegistry(), exclude: [pattern] };
    await expect(fastify().register(httpInstrumentation, options).ready()).rejects.toMatchObject({
      code: 'TSK_ERR_HTTP_EXCLUDE',
      message: `exclude[0]: ${why} (httpInstrumentation options). ${advice}`,
    });
  },
);

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
