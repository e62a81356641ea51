/** Requests that are answered before Fastify runs a hook, by Fastify or by Node itself: they reached the server, so they are counted. */
import type { FastifyServerOptions } from 'fastify';
import { describe, expect, test } from 'vitest';
import { expectCounts } from './support/counts.js';
import { FORMS, startPlugin } from './support/forms.js';
import { ask, RawClient, statusOf } from './support/raw-client.js';

describe.each(FORMS)('in $form', ({ start }) => {
  test('a URL that cannot be decoded', async () => {
    const server = await start((app) => app.get('/item/:id', async () => 'ok'));
    expect(statusOf(await ask(server.port, 'GET', '/item/%zz'))).toBe(400);
    expect(statusOf(await ask(server.port, 'GET', '/%'))).toBe(400);
    await expectCounts(server, ['GET <unmatched> 400 x2']);
  });

  test('a parameter that is too long', async () => {
    const server = await start((app) => app.get('/item/:id', async () => 'ok'));
    expect(statusOf(await ask(server.port, 'GET', `/item/${'x'.repeat(200)}`))).toBe(414);
    await expectCounts(server, ['GET <unmatched> 414']);
  });

  test('an unknown Expect, and one that Node answers itself', async () => {
    const server = await start((app) => app.post('/upload', async () => 'ok'));
    expect(statusOf(await ask(server.port, 'GET', '/upload', ['Expect: the-unexpected']))).toBe(417);
    const client = await RawClient.connect(server.port);
    client.request('POST', '/upload', ['Expect: 100-continue', 'Content-Type: text/plain', 'Content-Length: 2']);
    expect(await client.answers(1)).toEqual([100]);
    expect(await client.write('ok').answers(2)).toEqual([100, 200]);
    await expectCounts(server, ['GET <unmatched> 417', 'POST /upload 200']);
  });

  test('a request without Host', async () => {
    const server = await start((app) => app.get('/', async () => 'ok'));
    const client = await RawClient.connect(server.port);
    expect(statusOf(await client.write('GET / HTTP/1.1\r\n\r\n').closed())).toBe(400);
    await expectCounts(server, ['GET <unmatched> 400']);
  });
});

test('answers of frameworkErrors', async () => {
  const frameworkErrors: NonNullable<FastifyServerOptions['frameworkErrors']> = (_error, _request, reply) => {
    reply.raw.statusCode = 422;
    reply.raw.end();
  };
  const server = await startPlugin((app) => app.get('/item/:id', async () => 'ok'), { frameworkErrors });
  expect(statusOf(await ask(server.port, 'GET', '/%zz'))).toBe(422);
  expect(statusOf(await ask(server.port, 'GET', `/item/${'x'.repeat(200)}`))).toBe(422);
  await expectCounts(server, ['GET <unmatched> 422 x2']);
});

test('a constraint that decides later, and one that fails', async () => {
  const constraint = {
    name: 'tenant',
    storage: () => {
      const handlers = new Map<unknown, unknown>();
      return { get: (key: unknown) => handlers.get(key) ?? null, set: (key: unknown, handler: unknown) => void handlers.set(key, handler) };
    },
    validate: () => {},
    deriveConstraint: (
      request: { headers: Record<string, string | undefined> },
      _context: unknown,
      done: (error: unknown, value?: unknown) => void,
    ) => {
      const { tenant } = request.headers;
      setImmediate(() => (tenant === 'broken' ? done(new Error('no tenant')) : done(null, tenant)));
    },
  };
  const server = await startPlugin((app) => app.get('/item', { constraints: { tenant: 'a' } }, async () => 'ok'), {
    constraints: { tenant: constraint as never },
  });
  expect(statusOf(await ask(server.port, 'GET', '/item', ['Tenant: a']))).toBe(200);
  expect(statusOf(await ask(server.port, 'GET', '/item', ['Tenant: b']))).toBe(404);
  expect(statusOf(await ask(server.port, 'GET', '/item', ['Tenant: broken']))).toBe(500);
  await expectCounts(server, ['GET /item 200', 'GET <unmatched> 404', 'GET <unmatched> 500']);
});

test('requests past maxRequestsPerSocket', async () => {
  const server = await startPlugin((app) => app.get('/', async () => 'ok'), { maxRequestsPerSocket: 2 });
  const client = await RawClient.connect(server.port);
  client.request('GET', '/').request('GET', '/').request('GET', '/').request('GET', '/');
  expect(await client.answers(4)).toEqual([200, 200, 503, 503]);
  await client.abort();
  await expectCounts(server, ['GET / 200 x2', 'GET <unmatched> 503 x2']);
});

test('a URL that is rewritten to what is no URL', async () => {
  const server = await startPlugin((app) => app.get('/', async () => 'ok'), { rewriteUrl: (() => undefined) as never, logger: false });
  const client = await RawClient.connect(server.port);
  await client.request('GET', '/').closed();
  await expectCounts(server, ['GET / 499']);
});
