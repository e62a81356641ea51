/** The path label is the template of the route that matched, however it came to match. */
import { describe, expect, test } from 'vitest';
import { expectCounts } from './support/counts.js';
import { FORMS, startPlugin } from './support/forms.js';
import { ask, RawClient, statusOf } from './support/raw-client.js';

describe.each(FORMS)('in $form', ({ start }) => {
  test('prefixes, nested and with a root route', async () => {
    const server = await start((app) =>
      app.register(
        async (api) => {
          api.get('/', async () => 'root');
          api.register(async (users) => users.get('/:id', async () => 'user'), { prefix: '/users' });
        },
        { prefix: '/api' },
      ),
    );
    for (const path of ['/api', '/api/', '/api/users/1', '/api/users/2?x=1'])
      expect(statusOf(await ask(server.port, 'GET', path))).toBe(200);
    await expectCounts(
      server,
      ['GET /api x2', 'GET /api/users/:id x2'].map((line) => line.replace(' x', ' 200 x')),
    );
  });

  test('wildcards, parameters with a pattern, optional ones, several in one segment', async () => {
    const server = await start((app) => {
      for (const path of ['/files/*', '/at/:hour(^\\d+)h', '/optional/:name?', '/near/:lat-:lng']) app.get(path, async () => 'ok');
    });
    for (const path of ['/files/a/b.txt', '/at/12h', '/optional', '/optional/x', '/near/1-2']) {
      expect(statusOf(await ask(server.port, 'GET', path))).toBe(200);
    }
    await expectCounts(server, [
      'GET /files/* 200',
      'GET /at/:hour(^\\\\d+)h 200',

      'GET /optional/:name? 200 x2',
      'GET /near/:lat-:lng 200',
    ]);
  });

  test('a catch-all route is a route', async () => {
    const server = await start((app) => app.route({ method: ['GET', 'POST'], url: '*', handler: async () => 'any' }));
    await ask(server.port, 'GET', '/one');
    await ask(server.port, 'POST', '/two/three');
    await ask(server.port, 'DELETE', '/four');
    await expectCounts(server, ['GET * 200', 'POST * 200', 'DELETE <unmatched> 404']);
  });

  test('one template with constraints for host and version, and a request that fits neither', async () => {
    const server = await start((app) => {
      app.get('/item', { constraints: { host: 'a.example' } }, async () => 'a');
      app.get('/item', { constraints: { version: '2.0.0' } }, async () => 'v2');
    });
    const client = (headers: string[]) => ask(server.port, 'GET', '/item', headers);
    expect(statusOf(await client(['Accept-Version: 2.x']))).toBe(200);
    expect(statusOf(await client([]))).toBe(404);
    await expectCounts(server, ['GET /item 200', 'GET <unmatched> 404']);
  });

  test('nested contexts with 404 handlers of their own', async () => {
    const server = await start((app) => {
      app.setNotFoundHandler((_request, reply) => reply.code(404).send('outer'));
      app.register(
        async (inner) => {
          inner.setNotFoundHandler({ preHandler: async () => {} }, (_request, reply) => reply.code(410).send('inner'));
          inner.get('/here', async () => 'here');
        },
        { prefix: '/inner' },
      );
    });
    expect(await ask(server.port, 'GET', '/nowhere')).toContain('outer');
    expect(await ask(server.port, 'GET', '/inner/nowhere')).toContain('inner');
    expect(await ask(server.port, 'POST', '/inner/here')).toContain('inner');
    await ask(server.port, 'GET', '/inner/here');
    await expectCounts(server, ['GET <unmatched> 404', 'GET <unmatched> 410', 'POST <unmatched> 410', 'GET /inner/here 200']);
  });

  test('a route that calls the 404 handler has still matched', async () => {
    const server = await start((app) => app.get('/static/*', (_request, reply) => reply.callNotFound()));
    expect(statusOf(await ask(server.port, 'GET', '/static/missing.css'))).toBe(404);
    await expectCounts(server, ['GET /static/* 404']);
  });

  test('10,000 different unknown paths are one series', async () => {
    const server = await start(() => {});
    const paths = Array.from({ length: 10_000 }, (_, index) => `/unknown/${index}`);
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.connect(server.port)));
    await Promise.all(
      clients.map(async (client, index) => {
        const mine = paths.filter((_, each) => each % clients.length === index);
        for (const path of mine) client.request('GET', path);
        expect(await client.answers(mine.length)).toEqual(mine.map(() => 404));
      }),
    );
    expect((await server.registry.expose()).match(/^http_requests_total\{/gm)).toHaveLength(1);
    await expectCounts(server, ['GET <unmatched> 404 x10000']);
  });
});

test('a rewritten URL counts for the route that it was rewritten to', async () => {
  const options = { rewriteUrl: (request: { readonly url?: string | undefined }) => (request.url ?? '').replace('/old', '/new') };
  const server = await startPlugin((app) => app.get('/new/:id', async () => 'new'), options);
  expect(statusOf(await ask(server.port, 'GET', '/old/1'))).toBe(200);
  await expectCounts(server, ['GET /new/:id 200']);
});

test('ignored case, slashes and trailing slashes', async () => {
  const options = { routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true } };
  const server = await startPlugin((app) => app.get('/Some/Path', async () => 'ok'), options);
  for (const path of ['/Some/Path', '/some/path/', '//SOME//PATH']) expect(statusOf(await ask(server.port, 'GET', path))).toBe(200);
  await expectCounts(server, ['GET /Some/Path 200 x3']);
});
