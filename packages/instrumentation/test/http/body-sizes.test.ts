/** http_request_size_bytes and http_response_size_bytes are the bytes of bodies that the client's side of the connection sees. */
import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import websocket from '@fastify/websocket';
import { type HttpInstrumentationOptions, httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { textLines } from '../support/scrape.js';

type Sent = string | Buffer;

interface Server {
  readonly app: FastifyInstance;
  readonly port: number;
}

const UNICODE = 'Mondsüchtig 月見 🌕';
const MANY = Array.from({ length: 40 }, (_, index) => `${index} ${UNICODE}\n`.repeat(50));

async function listen(app: FastifyInstance, options: Partial<HttpInstrumentationOptions> = {}): Promise<Server> {
  await app.register(httpInstrumentation, { registry: new MetricsRegistry(), sizes: true, processMetrics: false, ...options });
  addRoutes(app);
  onTestFinished(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { app, port: (app.server.address() as { port: number }).port };
}

function addRoutes(app: FastifyInstance): void {
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.on('end', () => done(null)).resume();
  });
  app.get('/text', () => UNICODE);
  app.get('/json', () => ({ moon: UNICODE }));
  app.get('/buffer', () => Buffer.alloc(70_000, 'x'));
  app.get('/empty', (_request, reply) => reply.send());
  app.get('/204', (_request, reply) => reply.code(204).send());
  app.get('/304', (_request, reply) => reply.code(304).send(UNICODE));
  app.get('/stream', (_request, reply) => reply.send(Readable.from(MANY)));
  app.get('/gzip', (_request, reply) => reply.header('content-encoding', 'gzip').send(Readable.from(MANY).pipe(createGzip())));
  app.get('/web', () => new Response(new Blob(MANY)));
  app.get('/raw', (_request, reply) => writeRaw(reply));
  app.get('/raw-204', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(204);
    reply.raw.end('dropped by Node.js');
  });
  app.get('/early', (_request, reply) => {
    reply.raw.writeEarlyHints({ link: '</style.css>; rel=preload' });
    return reply.send(UNICODE);
  });
  app.get('/trailers', (_request, reply) => reply.trailer('checked', async () => 'yes').send(UNICODE));
  app.get('/events', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.raw.write('data: moon\n\n');
  });
  app.post('/read', () => 'read');
  app.post('/unread', { onRequest: (_request, reply) => void reply.code(401).send('no!!') }, () => 'never');
}

/** Strings in encodings of their own, an array of bytes, callbacks, and a write after the end. */
function writeRaw(reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  raw.on('error', () => undefined);
  raw.write('é', 'latin1');
  raw.write('c3a9', 'hex', () => undefined);
  raw.write(new Uint8Array([1, 2, 3]), () => undefined);
  raw.end('w6k=', 'base64', () => undefined);
  raw.write('too late', () => undefined);
}

/** Sends a request, and returns the bytes of the body that came back. */
async function bytesOf(
  { port }: Server,
  path: string,
  options: RequestOptions & { readonly body?: readonly Sent[] } = {},
): Promise<number> {
  const { body = [], ...rest } = options;
  const sent = request({ port, path, ...rest });
  sent.flushHeaders();
  for (const chunk of body) sent.write(chunk);
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let bytes = 0;
  for await (const chunk of answer) bytes += (chunk as Buffer).length;
  return bytes;
}

/** `GET /text: 1 request of 0 bytes, 24 bytes back`, by route and method, once there are so many requests. */
async function sizes({ app }: Server, requests: number): Promise<string[]> {
  return vi.waitFor(
    async () => {
      const lines = await textLines(app);
      const values = (name: string) =>
        lines.filter((line) => line.startsWith(`${name}{`)).map((line) => line.slice(name.length).split(' '));
      const of = (name: string) => new Map(values(name) as [string, string][]);
      const [inCount, inSum, outCount, outSum] = [
        of('http_request_size_bytes_count'),
        of('http_request_size_bytes_sum'),
        of('http_response_size_bytes_count'),
        of('http_response_size_bytes_sum'),
      ];
      expect([...inCount]).toEqual([...outCount]);
      expect([...inCount.values()].reduce((sum, each) => sum + Number(each), 0)).toBe(requests);
      return [...inCount]
        .map(([labels, count]) => {
          const { method, path } = /method="(?<method>.*?)",path="(?<path>.*?)"/.exec(labels)?.groups ?? {};
          return `${method} ${path}: ${count} x, ${inSum.get(labels)} in, ${outSum.get(labels)} out`;
        })
        .sort();
    },
    { timeout: 10_000, interval: 5 },
  );
}

const GETS = [
  '/text',
  '/json',
  '/buffer',
  '/empty',
  '/204',
  '/304',
  '/stream',
  '/gzip',
  '/web',
  '/raw',
  '/raw-204',
  '/early',
  '/trailers',
  '/lost',
];
const template = (path: string) => (path === '/lost' ? '<unmatched>' : path);

test.each(['GET', 'HEAD'])('every kind of answer to %s, on one connection', async (method) => {
  const server = await listen(fastify());
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const expected: string[] = [];
  // Fastify announces both a length and trailers for HEAD, which no client accepts.
  const paths = method === 'HEAD' ? GETS.filter((path) => path !== '/trailers') : GETS;
  for (const path of paths) {
    expected.push(`${method} ${template(path)}: 1 x, 0 in, ${await bytesOf(server, path, { method, agent })} out`);
  }
  expect(await sizes(server, paths.length)).toEqual(expected.sort());
  if (method === 'HEAD') expect(expected.filter((line) => !line.endsWith(' 0 out'))).toEqual([]);
  else expect(expected).toContain(`GET /text: 1 x, 0 in, ${Buffer.byteLength(UNICODE)} out`);
});

test('bodies of requests: with a length, in chunks, compressed, after 100 Continue, and none', async () => {
  const server = await listen(fastify());
  const text = Buffer.from(MANY.join(''));
  const zipped = gzipSync(text);
  const post = (body: readonly Sent[], headers = {}) =>
    bytesOf(server, '/read', { method: 'POST', body, headers: { 'content-type': 'x/y', ...headers } });
  await post([text], { 'content-length': text.length });
  await post(MANY);
  await post([zipped], { 'content-encoding': 'gzip', 'content-length': zipped.length });
  await post(['moon'], { expect: '100-continue', 'content-length': 4 });
  await post([]);
  expect(await sizes(server, 5)).toEqual([`POST /read: 5 x, ${2 * text.length + zipped.length + 4} in, ${5 * 4} out`]);
});

test('a body that nobody reads counts as far as it has arrived', async () => {
  const server = await listen(fastify());
  const socket = connect(server.port, '127.0.0.1');
  socket.write('POST /unread HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: x/y\r\nContent-Length: 1000\r\n\r\nfirst part');
  await once(socket.resume(), 'close');
  expect(await sizes(server, 1)).toEqual(['POST /unread: 1 x, 10 in, 4 out']);
});

test('pipelined requests have their own bytes, and none for a response whose turn never came', async () => {
  const app = fastify();
  app.get('/slow', (_request, reply) => {
    reply.hijack();
    reply.raw.write('so far');
  });
  const server = await listen(app);
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const socket = connect(server.port, '127.0.0.1');
  socket.write(
    `${get('/text')}POST /read HTTP/1.1\r\nHost: x\r\nContent-Type: x/y\r\nContent-Length: 5\r\n\r\nmoons${get('/slow')}${get('/text')}`,
  );
  let seen = '';
  for await (const chunk of socket) {
    seen += String(chunk);
    if (seen.includes('so far')) break;
  }
  expect(await sizes(server, 4)).toEqual([
    'GET /slow: 1 x, 0 in, 6 out',
    `GET /text: 2 x, 0 in, ${Buffer.byteLength(UNICODE)} out`,
    'POST /read: 1 x, 5 in, 4 out',
  ]);
});

test('a request that is aborted counts the part of its body that has arrived', async () => {
  const server = await listen(fastify());
  const socket = connect(server.port, '127.0.0.1');
  socket.write('POST /read HTTP/1.1\r\nHost: x\r\nContent-Type: x/y\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nmoons\r\n');
  await vi.waitFor(async () => expect(await textLines(server.app)).toContain('http_requests_in_flight 1'));
  socket.destroy();
  expect(await sizes(server, 1)).toEqual(['POST /read: 1 x, 5 in, 0 out']);
});

test('an upgrade that is refused has a body like any other', async () => {
  const server = await listen(fastify());
  const headers = { connection: 'upgrade', upgrade: 'websocket' };
  const bytes = await bytesOf(server, '/text', { headers });
  expect(await sizes(server, 1)).toEqual([`GET /text: 1 x, 0 in, ${bytes} out`]);
});

test('a WebSocket has no bodies, and an event stream all that it sent until the client left', async () => {
  const app = fastify();
  await app.register(websocket);
  await app.register(async (context) => {
    context.get('/socket', { websocket: true }, (socket) => socket.send('a frame'));
  });
  const server = await listen(app);
  const client = new WebSocket(`ws://127.0.0.1:${server.port}/socket`);
  await once(client, 'message');
  client.terminate();
  const events = request({ port: server.port, path: '/events' }).end();
  const [answer] = (await once(events, 'response')) as [IncomingMessage];
  await once(answer, 'data');
  events.destroy();
  expect(await sizes(server, 2)).toEqual(['GET /events: 1 x, 0 in, 12 out', 'GET /socket: 1 x, 0 in, 0 out']);
});

test('injected requests, whose response calls its own methods', async () => {
  const app = fastify();
  const server = await listen(app);
  await app.inject({ url: '/stream' });
  await app.inject({ url: '/text' });
  await app.inject({ method: 'POST', url: '/read', headers: { 'content-type': 'x/y' }, payload: 'moons' });
  expect(await sizes(server, 3)).toEqual([
    `GET /stream: 1 x, 0 in, ${Buffer.byteLength(MANY.join(''))} out`,
    `GET /text: 1 x, 0 in, ${Buffer.byteLength(UNICODE)} out`,
    'POST /read: 1 x, 5 in, 4 out',
  ]);
});

test('HTTP/2', async () => {
  const app = fastify({ http2: true }) as unknown as FastifyInstance;
  const server = await listen(app);
  const session = connectHttp2(`http://127.0.0.1:${server.port}`);
  onTestFinished(() => session.destroy());
  const expected: string[] = [];
  for (const path of ['/text', '/json', '/buffer', '/empty', '/204', '/304', '/stream', '/gzip', '/web', '/lost'])
    for (const method of ['GET', 'HEAD'])
      expected.push(`${method} ${template(path)}: 1 x, 0 in, ${await streamedBytes(session, { method, path })} out`);
  const posted = await streamedBytes(session, { method: 'POST', path: '/read', body: MANY });
  expected.push(`POST /read: 1 x, ${Buffer.byteLength(MANY.join(''))} in, ${posted} out`);
  expect(expected.filter((line) => line.startsWith('HEAD') && !line.endsWith(' 0 out'))).toEqual([]);
  expect(await sizes(server, expected.length)).toEqual(expected.sort());
});

test('an HTTP/2 stream that the client resets counts what was sent until then', async () => {
  const app = fastify({ http2: true }) as unknown as FastifyInstance;
  const server = await listen(app);
  const session = connectHttp2(`http://127.0.0.1:${server.port}`);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ':path': '/events' });
  await once(stream, 'data');
  stream.on('error', () => undefined).close(constants.NGHTTP2_CANCEL);
  expect(await sizes(server, 1)).toEqual(['GET /events: 1 x, 0 in, 12 out']);
});

async function streamedBytes(
  session: ClientHttp2Session,
  { method, path, body = [] }: { method: string; path: string; body?: readonly Sent[] },
): Promise<number> {
  const stream = session.request({ ':method': method, ':path': path, 'content-type': 'x/y' }, { endStream: body.length === 0 });
  for (const chunk of body) stream.write(chunk);
  if (body.length > 0) stream.end();
  let bytes = 0;
  for await (const chunk of stream) bytes += (chunk as Buffer).length;
  return bytes;
}

test('any chunks in any encoding, to and fro, add up', async () => {
  const app = fastify();
  let answer: { readonly chunks: readonly Sent[]; readonly encoding: BufferEncoding } = { chunks: [], encoding: 'utf8' };
  app.post('/any', (_request, reply) => {
    reply.hijack();
    for (const chunk of answer.chunks) reply.raw.write(chunk, answer.encoding);
    reply.raw.end();
  });
  const server = await listen(app);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  let [count, received, sent] = [0, 0, 0];
  const anyChunks = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 300 }).map(Buffer.from)), {
    maxLength: 5,
  });
  const encodings = fc.constantFrom('utf8', 'latin1', 'utf16le', 'ascii') as fc.Arbitrary<BufferEncoding>;
  await fc.assert(
    fc.asyncProperty(anyChunks, anyChunks, encodings, async (body, chunks, encoding) => {
      answer = { chunks: chunks.filter(({ length }) => length > 0), encoding };
      sent += await bytesOf(server, '/any', {
        method: 'POST',
        agent,
        body,
        headers: { 'content-type': 'x/y', 'transfer-encoding': 'chunked' },
      });
      count += 1;
      received += body.reduce((sum, chunk) => sum + Buffer.byteLength(chunk), 0);
    }),
    { numRuns: 60 },
  );
  expect(await sizes(server, count)).toEqual([`POST /any: ${count} x, ${received} in, ${sent} out`]);
});

test('off, there is no family, and messages keep the methods of their class', async () => {
  const app = fastify();
  const registry = new MetricsRegistry();
  const own: string[] = [];
  app.get('/own', (request, reply) => {
    own.push(...['push', 'write', 'end'].filter((name) => Object.hasOwn(request.raw, name) || Object.hasOwn(reply.raw, name)));
    return '';
  });
  const server = await listen(app, { registry, sizes: false });
  await bytesOf(server, '/own');
  expect(own).toEqual([]);
  expect((await textLines(app)).filter((line) => line.includes('_size_bytes'))).toEqual([]);
});
