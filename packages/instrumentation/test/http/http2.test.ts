/** HTTP/2: every stream is a request. */
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, type OutgoingHttpHeaders } from 'node:http2';
import { PassThrough, Readable } from 'node:stream';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { endedStreams, expectCounts, inFlight, streamsInFlight, waitForInFlight } from './support/counts.js';
import { type CountedServer, listening, type Routes } from './support/forms.js';
import { latch } from './support/latch.js';

async function start(routes: Routes): Promise<CountedServer & { readonly session: ClientHttp2Session }> {
  const app = fastify({ http2: true, forceCloseConnections: true }) as unknown as FastifyInstance;
  const registry = new MetricsRegistry();
  await app.register(httpInstrumentation, { registry, processMetrics: false });
  const server = await listening(app, routes, registry);
  const session = connect(`http://127.0.0.1:${server.port}`);
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  return { ...server, session };
}

/** Sends a request and reads its answer. @returns its status */
async function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string): Promise<number> {
  const stream = session.request(headers);
  stream.end(body);
  stream.resume();
  const [answer] = (await once(stream, 'response')) as [{ ':status': number }];
  if (!stream.closed) await once(stream, 'close');
  return answer[':status'];
}

async function untilData(stream: ClientHttp2Stream): Promise<void> {
  stream.on('error', () => {});
  await once(stream, 'data');
}

test('answers of every kind', async () => {
  const server = await start((app) => {
    app.get('/item/:id', async () => 'ok');
    app.post('/item', { schema: { body: { type: 'object', required: ['a'] } } }, async () => 'made');
    app.get('/throws', async () => {
      throw new Error('thrown');
    });
    app.get('/stream', (_request, reply) => reply.send(Readable.from(['a', 'b'])));
    app.get('/large', async () => 'x'.repeat(1_000_000));
    app.get('/nothing', (_request, reply) => reply.code(204).send());
  });
  const { session } = server;
  expect(await ask(session, { ':path': '/item/1' })).toBe(200);
  expect(await ask(session, { ':path': '/item/1', ':method': 'HEAD' })).toBe(200);
  expect(await ask(session, { ':path': '/item', ':method': 'POST', 'content-type': 'application/json' }, '{}')).toBe(400);
  expect(await ask(session, { ':path': '/throws' })).toBe(500);
  expect(await ask(session, { ':path': '/stream' })).toBe(200);
  expect(await ask(session, { ':path': '/large' })).toBe(200);
  expect(await ask(session, { ':path': '/nothing' })).toBe(204);
  expect(await ask(session, { ':path': '/unknown' })).toBe(404);
  await expectCounts(server, [
    'GET /item/:id 200',
    'HEAD /item/:id 200',
    'POST /item 400',
    'GET /throws 500',
    'GET /stream 200',
    'GET /large 200',
    'GET /nothing 204',
    'GET <unmatched> 404',
  ]);
});

test('answers before any hook: a bad URL, an Expect that nobody knows, methods that do not exist', async () => {
  const server = await start((app) => app.get('/item/:id', async () => 'ok'));
  const { session } = server;
  expect(await ask(session, { ':path': '/item/%zz' })).toBe(400);
  expect(await ask(session, { ':path': '/item/1', expect: 'the-unexpected' })).toBe(417);
  for (let count = 0; count < 20; count += 1) expect(await ask(session, { ':path': '/item/1', ':method': `METHOD${count}` })).toBe(404);
  await expectCounts(server, ['GET <unmatched> 400', 'GET <unmatched> 417', '<unknown> <unmatched> 404 x20']);
});

test('aborts before, during and after the response, and in the middle of the body', async () => {
  const server = await start((app) => {
    app.get('/never', () => new Promise(() => {}));
    app.get('/part', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200);
      reply.raw.write('part');
    });
    app.get('/large', async () => 'x'.repeat(10_000_000));
    app.get('/done', async () => 'done');
    app.post('/upload', async () => 'never');
  });
  const { session } = server;
  const before = session.request({ ':path': '/never' });
  const upload = session.request({ ':path': '/upload', ':method': 'POST', 'content-type': 'application/json' });
  upload.write('{"part":');
  await waitForInFlight(server, 2);
  for (const stream of [before, upload]) stream.close(constants.NGHTTP2_CANCEL);
  for (const path of ['/part', '/large']) {
    const during = session.request({ ':path': path });
    await untilData(during);
    during.close(constants.NGHTTP2_CANCEL);
  }
  const after = session.request({ ':path': '/done' });
  await untilData(after);
  after.close(constants.NGHTTP2_CANCEL);
  await expectCounts(server, ['GET /never 499', 'POST /upload 499', 'GET /part 499', 'GET /large 499', 'GET /done 200']);
});

test('a connection that goes away takes all its streams with it', async () => {
  const server = await start((app) => app.get('/never', () => new Promise(() => {})));
  for (let count = 0; count < 10; count += 1) server.session.request({ ':path': '/never' }).on('error', () => {});
  await waitForInFlight(server, 10);
  server.session.destroy();
  await expectCounts(server, ['GET /never 499 x10']);
});

test('a stream that fails halfway, and a hijacked one that is reset', async () => {
  const server = await start((app) => {
    app.get('/fails', (_request, reply) => reply.send(Readable.from(failing(), { objectMode: false })));
    app.get('/reset', (_request, reply) => {
      reply.hijack();
      (reply.raw as unknown as { stream: { close(code: number): void } }).stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    });
  });
  for (const path of ['/fails', '/reset']) {
    const stream = server.session.request({ ':path': path });
    stream.on('error', () => {});
    stream.resume();
    await new Promise((resolve) => stream.on('close', resolve));
  }
  await expectCounts(server, ['GET /fails 499', 'GET /reset 499']);
});

test('a response that is finished before the body of its request has been read', async () => {
  const server = await start((app) => {
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    app.post('/early', (_request, reply) => reply.code(202).send('enough'));
  });
  const stream = server.session.request({ ':path': '/early', ':method': 'POST', 'content-type': 'x/y' });
  stream.on('error', () => {});
  stream.resume();
  stream.write('12345');
  const [headers] = (await once(stream, 'response')) as [{ ':status': number }];
  expect(headers[':status']).toBe(202);
  stream.end();
  await expectCounts(server, ['POST /early 202']);
});

test('a server that closes while requests run', async () => {
  const { opened, open } = latch();
  const server = await start((app) =>
    app.get('/slow', async () => {
      await opened;
      return 'slow';
    }),
  );
  const answer = ask(server.session, { ':path': '/slow' });
  await waitForInFlight(server, 1);
  const closed = server.close();
  open();
  expect(await answer).toBe(200);
  await closed;
  await expectCounts(server, ['GET /slow 200']);
});

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('first');
  await new Promise(setImmediate);
  throw new Error('halfway');
}

test('server-sent events over HTTP/2, however the stream ends', async () => {
  const bodies = new Map<string, PassThrough>();
  const server = await start((app) => {
    app.get<{ Params: { id: string } }>('/events/:id', (request, reply) => {
      const body = new PassThrough();
      bodies.set(request.params.id, body);
      body.write('data: first\n\n');
      return reply.type('text/event-stream').send(body);
    });
    app.get('/raw', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
      reply.raw.write('data: first\n\n');
    });
    app.get('/whole', (_request, reply) => reply.type('text/event-stream').send('data: all\n\n'));
    app.get('/slow', () => new Promise(() => {}));
  });
  const { session, registry } = server;
  const open = (path: string): ClientHttp2Stream => session.request({ ':path': path });
  const [ended, reset, raw, slow] = [open('/events/ended'), open('/events/reset'), open('/raw'), open('/slow')];
  await Promise.all([ended, reset, raw].map(untilData));
  slow.on('error', () => {});
  await waitForInFlight(server, 1);
  expect(await streamsInFlight(registry, 'sse')).toBe(3);
  expect(await ask(session, { ':path': '/whole' })).toBe(200);
  expect(await ask(session, { ':path': '/events/head', ':method': 'HEAD' })).toBe(200);
  bodies.get('ended')?.end();
  reset.close(constants.NGHTTP2_CANCEL);
  raw.close(constants.NGHTTP2_NO_ERROR);
  slow.close(constants.NGHTTP2_CANCEL);
  await expectCounts(server, [
    'GET /events/:id 200',
    'GET /events/:id 499',
    'GET /raw 499',
    'GET /slow 499',
    'GET /whole 200',
    'HEAD /events/:id 200',
  ]);
  expect(await inFlight(registry)).toBe(0);
  expect(await endedStreams(registry)).toEqual(['GET /events/:id sse x2', 'GET /raw sse x1']);
});
