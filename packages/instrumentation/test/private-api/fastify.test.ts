/**
 * Whether Fastify still has what we use of it without being told that we may: each test says what broke.
 *
 * To try a newer Fastify before the dependency is raised, add it as an alias (`fastify-newest: npm:fastify@…`) and put it into `VERSIONS`.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fastify } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  addFirstHook,
  beforeListen,
  hasDefaultRequestIds,
  isWholeServer,
  printedRoutes,
  requestListenersOf,
} from '../../src/private-api/fastify.js';

const VERSIONS = [{ version: fastify().version, fastify }];

describe.each(VERSIONS)('Fastify $version', ({ version, fastify }) => {
  const broke = (what: string, where: string): string => `Fastify ${version} ${what}: see ${where} in src/private-api/fastify.ts`;

  test('has contexts that inherit from the outermost', async () => {
    const app = fastify();
    let inner: boolean | undefined;
    app.register(async (context) => {
      inner = isWholeServer(context);
    });
    await app.ready();
    expect(
      [isWholeServer(app), inner],
      broke('makes its contexts otherwise, so that a context is taken for the server', 'isWholeServer'),
    ).toEqual([true, false]);
  });

  test('names the function that gives ids by default', () => {
    const what = broke(
      'names its default function for ids otherwise, so that requests with a context get no random ids',
      'hasDefaultRequestIds',
    );
    expect(hasDefaultRequestIds(fastify()), what).toBe(true);
    expect(hasDefaultRequestIds(fastify({ genReqId: () => 'mine' }))).toBe(false);
    expect(hasDefaultRequestIds(fastify({ requestIdHeader: 'x-id' }))).toBe(false);
  });

  test('runs a hook first that was put before others, in contexts too', async () => {
    const app = fastify();
    const ran: string[] = [];
    app.addHook('onRequest', async () => void ran.push('outer'));
    app.register(async (context) => {
      context.addHook('onRequest', async () => void ran.push('inner'));
      context.get('/inner', async () => 'ok');
    });
    app.get('/outer', async () => 'ok');
    await app.after();
    addFirstHook(app, (_request, _reply, done) => {
      ran.push('first');
      done();
    });
    await app.inject('/outer');
    await app.inject('/inner');
    expect(
      ran,
      broke('keeps its hooks or its contexts under other symbols, so that requests which a hook answers have no route', 'addFirstHook'),
    ).toEqual(['first', 'outer', 'first', 'outer', 'inner']);
  });

  test.each([
    ['options', (app: ReturnType<typeof fastify>) => app.listen({ port: 0, host: '127.0.0.1' })],
    ['no host', (app: ReturnType<typeof fastify>) => app.listen({ port: 0 })],
  ])('calls listen() of its server, given %s', async (_given, listen) => {
    const app = fastify();
    onTestFinished(() => app.close());
    const seen: unknown[] = [];
    const putBack = beforeListen(app, async ({ port, host }, proceed) => {
      seen.push([port, typeof host, app.server.listening]);
      proceed();
    });
    await listen(app);
    expect(seen, broke('opens its port otherwise, so that the port of the metrics stays closed', 'beforeListen')).toEqual([
      [0, 'string', false],
    ]);
    putBack();
    expect(Object.hasOwn(app.server, 'listen')).toBe(false);
  });

  test('fails to listen with what failed before', async () => {
    const app = fastify();
    onTestFinished(() => app.close());
    beforeListen(app, () => Promise.reject(new Error('not now')));
    await expect(app.listen({ port: 0 }), broke('no longer fails with an error of its server', 'beforeListen')).rejects.toThrow('not now');
  });

  test('hands the requests of every server that it opens to its routing', async () => {
    const app = fastify();
    onTestFinished(() => app.close());
    await app.ready();
    expect(
      requestListenersOf(app.server),
      broke('hands requests to another function, so that those of its further addresses are not counted', 'requestListenersOf'),
    ).toContain(app.routing);
    const own = createServer(app.routing as Parameters<typeof createServer>[1]).listen(0, '127.0.0.1');
    onTestFinished(() => void own.close());
    await once(own, 'listening');
    expect(requestListenersOf(own)).toContain(app.routing);
  });

  test('prints its routes as a tree', () => {
    const app = fastify();
    const routes = ['GET /', 'GET /users', 'POST /users', 'GET /users/:id', 'GET /users/:id/posts', 'GET /usage', 'DELETE /files/*'];
    for (const route of routes) {
      const [method = '', url = ''] = route.split(' ');
      app.route({ method, url, handler: async () => 'ok' });
    }
    const printed = printedRoutes(app).flatMap(({ methods, path }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${path}`),
    );
    expect(
      printed.sort(),
      broke('prints its routes otherwise, so that patterns which match only earlier ones are warned of', 'printedRoutes'),
    ).toEqual([...routes].sort());
  });
});
