/** What a denied client gets is what an unknown path gives: the same bytes, for every method, whatever hooks and handlers there are. */
import { Controller, type Extension, Get } from '@tsukimi/core';
import { httpInstrumentation, instrumentationExtension } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exchange, statusOf } from '../support/raw-http.js';
import { textLines } from '../support/scrape.js';
import { bareApplication, instrumentedApplication, listen, start } from '../support/start.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
const DENIED = '127.0.0.9';
const configuration = { metrics: { allowed_ips: ['127.0.0.1'] } };

/** Paths of the endpoints, and unknown ones of the same length. */
const PAIRS = [
  ['/metrics', '/metricz'],
  ['/metrics/prometheus', '/metrics/prometheuz'],
  ['/metrics?name=a&name[]=%20', '/metricz?name=a&name[]=%20'],
  ['/metrics/prometheus?', '/metrics/prometheuz?'],
] as const;

@Controller('/known')
class KnownController {
  @Get('/')
  known() {
    return { known: true };
  }
}

/** Both answers, with what must differ taken out: the path in the body, and the time. */
async function answers(port: number, method: string, [endpoint, unknown]: readonly [string, string]) {
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? '{"a":1}' : '';
  const headers = body === '' ? [] : ['Content-Type: application/json'];
  const [denied, missing] = await Promise.all(
    [endpoint, unknown].map((target) => exchange({ port, method, target, headers, body, from: DENIED })),
  );
  const normal = (text: string) =>
    text
      .replace(/^Date: .*$/im, 'Date: now')
      .replaceAll(/prometheuz/g, 'prometheus')
      .replaceAll('/metricz', '/metrics');
  return { denied: normal(denied ?? ''), missing: normal(missing ?? '') };
}

async function expectSameBytes(port: number): Promise<void> {
  for (const method of METHODS) {
    for (const pair of PAIRS) {
      const { denied, missing } = await answers(port, method, pair);
      expect(missing).toMatch(/^HTTP\/1\.1 \d{3} /);
      expect(denied, `${method} ${pair[0]}`).toBe(missing);
      expect(denied).not.toMatch(/^HTTP\/1\.1 200 .*http_requests_total/s);
    }
  }
}

describe('in an application', () => {
  const app = instrumentedApplication([KnownController]);

  test('without anything special', async () => {
    const { port } = await listen(app, { configuration });
    await expectSameBytes(port);
    expect(await exchange({ port, target: '/metrics', from: DENIED })).toContain('Route GET:/metrics not found');
    expect(await statusOf({ port, target: '/metrics' })).toBe(200);
    expect(await statusOf({ port, target: '/metrics/prometheus' })).toBe(200);
  });

  const withServerStep = (server: (fastify: FastifyInstance) => void) => (): Extension => ({ name: 'test', server });

  test('with global hooks that set headers, as helmet does', async () => {
    const helmet = withServerStep((fastify) => {
      fastify.addHook('onRequest', async (request, reply) => {
        reply.header('x-frame-options', 'DENY').header('x-route', request.routeOptions.url ?? 'none');
      });
      fastify.addHook('onSend', async (_request, reply, payload) => {
        reply.header('x-sent', 'yes');
        return payload;
      });
    });
    const { port } = await listen(app, { configuration, extensions: [helmet] });
    await expectSameBytes(port);
    expect(await exchange({ port, target: '/metrics', from: DENIED })).toMatch(/x-frame-options: DENY\r\nx-route: none\r\n.*x-sent: yes/s);
  });

  test('with a 404 handler of its own', async () => {
    const notFound = withServerStep((fastify) => {
      fastify.setNotFoundHandler((request, reply) =>
        reply.code(404).type('text/html').send(`<p>${request.method} ${request.url} is gone</p>`),
      );
    });
    const { port } = await listen(app, { configuration, extensions: [notFound] });
    await expectSameBytes(port);
    expect(await exchange({ port, target: '/metrics', from: DENIED })).toContain('<p>GET /metrics is gone</p>');
  });

  test('with a route for every path', async () => {
    const wildcard = withServerStep((fastify) => {
      fastify.all('/*', async (request) => ({ page: request.url }));
    });
    const { port } = await listen(app, { configuration, extensions: [wildcard] });
    await expectSameBytes(port);
    expect(await exchange({ port, target: '/metrics', from: DENIED })).toContain('{"page":"/metrics"}');
    expect(await exchange({ port, target: '/metrics' })).toContain('"instrumentation":');
  });

  test('with a hook that answers early', async () => {
    const guard = withServerStep((fastify) => {
      fastify.addHook('onRequest', async (request, reply) => {
        if (request.routeOptions.url === undefined) return reply.code(401).send({ login: true });
      });
    });
    const { port } = await listen(app, { configuration, extensions: [guard] });
    await expectSameBytes(port);
    expect(await statusOf({ port, target: '/metrics', from: DENIED })).toBe(401);
  });
});

describe('with the plugin', () => {
  async function serve(server: FastifyInstance): Promise<number> {
    onTestFinished(() => server.close());
    await server.listen({ port: 0, host: '127.0.0.1' });
    return (server.server.address() as { port: number }).port;
  }

  test('in a context with a prefix that has a 404 handler of its own', async () => {
    const server = fastify();
    server.setNotFoundHandler((_request, reply) => reply.code(404).send('outside'));
    await server.register(
      async (scope) => {
        scope.setNotFoundHandler((_request, reply) => reply.code(404).send('inside'));
        await scope.register(httpInstrumentation, { registry: new MetricsRegistry(), allowedIps: ['127.0.0.1'], processMetrics: false });
      },
      { prefix: '/admin' },
    );
    const port = await serve(server);
    for (const method of METHODS) {
      const { denied, missing } = await answers(port, method, ['/admin/metrics', '/admin/metricz']);
      expect(denied, method).toBe(missing);
    }
    expect(await exchange({ port, target: '/admin/metrics', from: DENIED })).toMatch(/inside$/);
    expect(await exchange({ port, target: '/admin/metrics' })).toContain('"instrumentation":');
    expect(await exchange({ port, target: '/metrics' })).toMatch(/outside$/);
  });

  test('on a server that takes any case, any slash and any number of them', async () => {
    const server = fastify({ routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true } });
    await server.register(httpInstrumentation, { registry: new MetricsRegistry(), allowedIps: ['127.0.0.1'], processMetrics: false });
    const port = await serve(server);
    await expectSameBytes(port);
    for (const target of ['/METRICS', '/metrics/', '//metrics', '/Metrics/Prometheus']) {
      expect(await statusOf({ port, target, from: DENIED }), target).toBe(404);
    }
  });
});

describe('other spellings of the path are no way in', () => {
  const VARIANTS = [
    '/metrics/',
    '/METRICS',
    '/Metrics',
    '/%6detrics',
    '/metric%73',
    '/metrics%2Fprometheus',
    '//metrics',
    '/./metrics',
    '/known/../metrics',
    '/metrics;a=b',
    '/metrics#a',
    '/metrics%00',
    '/metrics%',
    'http://localhost/metrics',
    'HTTP://other.example:80/metrics?a=b',
    'http://localhost/metrics/prometheus',
    'metrics',
    '*',
  ];

  test.each(VARIANTS)('%s', async (target) => {
    const { port } = await listen(instrumentedApplication([KnownController]), { configuration });
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const answer = await exchange({ port, method, target, from: DENIED });
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(answer).not.toContain('instrumentation');
    }
  });

  test('the absolute form of a request is the same request', async () => {
    const { app, port } = await listen(instrumentedApplication([KnownController]), { configuration });
    expect(await statusOf({ port, target: 'http://localhost/known' })).toBe(200);
    expect(await statusOf({ port, target: 'http://localhost/metrics' })).toBe(200);
    expect(await statusOf({ port, target: 'http://localhost/metrics', from: DENIED })).toBe(404);
    expect(await textLines(app)).toContain('metrics_access_denied_total 1');
  });
});

describe('what is kept of it', () => {
  test('one log line and one count for each denied request, and none in http_requests_total', async () => {
    const { app, port, logs } = await listen(instrumentedApplication([KnownController]), { configuration });
    for (const method of METHODS) await exchange({ port, method, target: '/metrics?token=secret', from: DENIED });
    await exchange({ port, target: '/metrics' });
    await exchange({ port, target: '/metrics/prometheus' });
    await exchange({ port, target: '/known', from: DENIED });
    await exchange({ port, target: '/unknown', from: DENIED });
    const lines = logs.filter(({ msg }) => msg === 'metrics access denied');
    expect(lines.map(({ level, address, peer, method, path }) => ({ level, address, peer, method, path }))).toEqual(
      METHODS.map((method) => ({ level: 40, address: DENIED, peer: DENIED, method, path: '/metrics' })),
    );
    expect(JSON.stringify(logs)).not.toContain('secret');
    const text = await textLines(app);
    expect(text).toContain(`metrics_access_denied_total ${METHODS.length}`);
    expect(text.filter((line) => line.startsWith('http_requests_total'))).toEqual([
      'http_requests_total{method="GET",path="/known",status="200"} 1',
      'http_requests_total{method="GET",path="<unmatched>",status="404"} 1',
    ]);
    expect(text).toContain('http_requests_in_flight 0');
  });

  test('nothing is logged or counted for those who may read', async () => {
    const { app, port, logs } = await listen(instrumentedApplication([KnownController]), { configuration });
    await exchange({ port, target: '/metrics' });
    await exchange({ port, method: 'POST', target: '/metrics' });
    expect(logs.filter(({ level }) => level >= 40)).toEqual([]);
    expect(await textLines(app)).toContain('metrics_access_denied_total 0');
  });

  test('the endpoints are kept out of API descriptions', async () => {
    const hidden: [string, unknown][] = [];
    const describer = (): Extension => ({
      name: 'describer',
      server: (fastify) => {
        fastify.addHook('onRoute', ({ url, schema }) => {
          hidden.push([url, (schema as { readonly hide?: boolean } | undefined)?.hide]);
        });
      },
    });
    await start(bareApplication([KnownController], { extensions: [describer, instrumentationExtension] }), { configuration });
    expect(hidden).toContainEqual(['/known', undefined]);
    const ours = hidden.filter(([url]) => url.startsWith('/metrics'));
    // A test file of the same process may have added the live page.
    expect(ours.map(([url]) => url)).toEqual(
      expect.arrayContaining(['/metrics', '/metrics/prometheus', '/metrics/profile', '/metrics/profile/cpu', '/metrics/profile/heap']),
    );
    expect(ours.filter(([, isHidden]) => isHidden !== true)).toEqual([]);
  });
});
