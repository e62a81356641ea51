/** Requests that are answered, with every status there is: each is one count, under its route's template. */
import { describe, expect, test } from 'vitest';
import { expectCounts } from './support/counts.js';
import { FORMS } from './support/forms.js';
import { ask, post, RawClient, statusOf } from './support/raw-client.js';

describe.each(FORMS)('in $form', ({ start }) => {
  test('every status from 200 to 599', async () => {
    const statuses = [200, 201, 202, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503, 504, 599];
    const server = await start((app) =>
      app.get('/status/:code', (request, reply) => reply.code(Number((request.params as { code: string }).code)).send()),
    );
    for (const status of statuses) expect(statusOf(await ask(server.port, 'GET', `/status/${status}`))).toBe(status);
    await expectCounts(
      server,
      statuses.map((status) => `GET /status/:code ${status}`),
    );
  });

  test('a handler that throws, and one that rejects', async () => {
    const server = await start((app) => {
      app.get('/throws', () => {
        throw new Error('thrown');
      });
      app.get('/rejects', async () => {
        throw Object.assign(new Error('rejected'), { statusCode: 418 });
      });
    });
    await Promise.all([ask(server.port, 'GET', '/throws'), ask(server.port, 'GET', '/rejects')]);
    await expectCounts(server, ['GET /throws 500', 'GET /rejects 418']);
  });

  test('a body that fails its validation, and one that is not JSON', async () => {
    const server = await start((app) => {
      const schema = { body: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } };
      app.post('/users', { schema }, async () => 'made');
    });
    expect(await post(server.port, '/users', '{"name":"a"}')).toBe(200);
    expect(await post(server.port, '/users', '{}')).toBe(400);
    expect(await post(server.port, '/users', '{')).toBe(400);
    expect(await post(server.port, '/users', '<a/>', 'application/xml')).toBe(415);
    await expectCounts(server, ['POST /users 200', 'POST /users 400 x2', 'POST /users 415']);
  });

  test('a body that is too large, announced and not', async () => {
    const server = await start((app) => app.post('/small', { bodyLimit: 10 }, async () => 'fits'));
    expect(await post(server.port, '/small', JSON.stringify('x'.repeat(50)))).toBe(413);
    const chunked = await RawClient.connect(server.port);
    chunked.write('POST /small HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n');
    chunked.write(`${'"'.padEnd(64, 'x')}\r\n0\r\n\r\n`);
    expect(await chunked.answers(1)).toEqual([413]);
    await expectCounts(server, ['POST /small 413 x2']);
  });

  test('an unknown route, an unknown method on a known path, and OPTIONS', async () => {
    const server = await start((app) => {
      app.get('/known', async () => 'known');
      app.options('/cors', (_request, reply) => reply.code(204).send());
    });
    expect(statusOf(await ask(server.port, 'GET', '/unknown?q=1'))).toBe(404);
    expect(statusOf(await ask(server.port, 'DELETE', '/known'))).toBe(404);
    expect(statusOf(await ask(server.port, 'PROPFIND', '/known'))).toBe(404);
    expect(statusOf(await ask(server.port, 'OPTIONS', '/known'))).toBe(404);
    expect(statusOf(await ask(server.port, 'OPTIONS', '/cors'))).toBe(204);
    await expectCounts(server, [
      'GET <unmatched> 404',
      'DELETE <unmatched> 404',
      'PROPFIND <unmatched> 404',
      'OPTIONS <unmatched> 404',
      'OPTIONS /cors 204',
    ]);
  });

  test('HEAD: the route that Fastify adds, a separate one, and a missing one', async () => {
    const server = await start((app) => {
      app.get('/page', async () => 'page');
      app.head('/own', (_request, reply) => reply.header('content-length', '5').send());
    });
    expect(statusOf(await ask(server.port, 'HEAD', '/page'))).toBe(200);
    expect(statusOf(await ask(server.port, 'HEAD', '/own'))).toBe(200);
    expect(statusOf(await ask(server.port, 'HEAD', '/none'))).toBe(404);
    await expectCounts(server, ['HEAD /page 200', 'HEAD /own 200', 'HEAD <unmatched> 404']);
  });

  test('a redirect, which its client follows', async () => {
    const server = await start((app) => {
      app.get('/old', (_request, reply) => reply.redirect('/new', 301));
      app.get('/new', async () => 'here');
    });
    expect(await (await fetch(`http://127.0.0.1:${server.port}/old`)).text()).toBe('here');
    await expectCounts(server, ['GET /old 301', 'GET /new 200']);
  });

  test('an early answer from each hook before the handler', async () => {
    const hooks = ['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const;
    const server = await start((app) => {
      for (const hook of hooks) {
        const answer = async (_request: unknown, reply: { code(status: number): { send(body: string): unknown } }) =>
          reply.code(403).send(hook);
        app.get(`/${hook}/:id`, { [hook]: answer }, async () => 'never');
      }
    });
    for (const hook of hooks) expect(await ask(server.port, 'GET', `/${hook}/1`)).toContain(hook);
    await expectCounts(
      server,
      hooks.map((hook) => `GET /${hook}/:id 403`),
    );
  });

  test('hooks that fail, and an error handler that fails', async () => {
    const server = await start((app) => {
      const fail = async () => {
        throw new Error('hook');
      };
      for (const hook of ['onRequest', 'preHandler', 'preSerialization', 'onSend'] as const) {
        app.get(`/${hook}`, { [hook]: fail }, async () => ({ a: 1 }));
      }
      const errorHandler = () => {
        throw new Error('handler of errors');
      };
      app.get('/errors', { errorHandler, preHandler: fail }, async () => 'never');
      app.get('/late', { onResponse: fail }, async () => 'sent');
    });
    for (const path of ['onRequest', 'preHandler', 'preSerialization', 'onSend', 'errors', 'late'])
      await ask(server.port, 'GET', `/${path}`);
    await expectCounts(server, [
      'GET /onRequest 500',
      'GET /preHandler 500',
      'GET /preSerialization 500',
      'GET /onSend 500',
      'GET /errors 500',
      'GET /late 200',
    ]);
  });

  test('HTTP/1.0', async () => {
    const server = await start((app) => app.get('/old', async () => 'old'));
    const client = await RawClient.connect(server.port);
    expect(await client.write('GET /old HTTP/1.0\r\n\r\n').closed()).toContain('200 OK');
    await expectCounts(server, ['GET /old 200']);
  });

  test('a status that is set when the head has been sent already is not what the client got', async () => {
    const server = await start((app) =>
      app.get('/late', async (_request, reply) => {
        reply.raw.writeHead(202, { 'content-length': '2' });
        reply.raw.statusCode = 500;
        reply.raw.end('ok');
        return reply.hijack();
      }),
    );
    expect(statusOf(await ask(server.port, 'GET', '/late'))).toBe(202);
    await expectCounts(server, ['GET /late 202']);
  });
});
