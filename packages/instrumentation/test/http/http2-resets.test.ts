/** HTTP/2 clients that go away in every way there is: the sum is what was sent, nothing stays in flight, and the server closes. */
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { CERTIFICATE } from './support/certificate.js';
import { expectConsistent, expectCounts, inFlight, total, waitForInFlight } from './support/counts.js';
import { type CountedServer, listening } from './support/forms.js';
import { pick, randomFrom } from './support/random-traffic.js';

const WAIT = { timeout: 20_000, interval: 10 };
const { NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM, NGHTTP2_PROTOCOL_ERROR } = constants;
const CODES = [NGHTTP2_NO_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM, NGHTTP2_PROTOCOL_ERROR];
const PATHS = ['/quick', '/later', '/never', '/large', '/upload', '/unknown'];

/** In which form HTTP/2 is spoken. */
const FORMS = [
  { form: 'h2c', https: undefined },
  { form: 'TLS', https: CERTIFICATE },
] as const;

type Certificate = (typeof FORMS)[number]['https'];

/** A server, and how many streams it has seen itself. */
interface Served extends CountedServer {
  readonly https: Certificate;
  readonly arrived: () => number;
}

async function serve(https: Certificate): Promise<Served> {
  const app = fastify({ http2: true, ...(https !== undefined && { https }) } as object) as unknown as FastifyInstance;
  const registry = new MetricsRegistry();
  await app.register(httpInstrumentation, { registry, processMetrics: false });
  let arrived = 0;
  app.server.on('stream' as 'close', () => {
    arrived += 1;
  });
  const server = await listening(app, addRoutes, registry);
  return { ...server, https, arrived: () => arrived };
}

function addRoutes(app: FastifyInstance): void {
  app.get('/quick', async () => 'quick');
  app.get('/later', async () => {
    await new Promise(setImmediate);
    return 'later';
  });
  app.get('/never', () => new Promise(() => {}));
  app.get('/large', async () => 'x'.repeat(300_000));
  app.get('/huge', async () => Buffer.alloc(16_000_000));
  app.post('/upload', async () => 'uploaded');
}

interface Client {
  readonly session: ClientHttp2Session;
  /** Below TLS. */
  readonly socket: Socket;
}

async function dial({ https, port }: Pick<Served, 'https' | 'port'>): Promise<Client> {
  const socket = connectTcp(port, '127.0.0.1');
  const secured = https === undefined ? socket : connectTls({ socket, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
  for (const each of [socket, secured]) each.on('error', () => {});
  const session = connect(`${https === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, { createConnection: () => secured });
  session.on('error', () => {});
  onTestFinished(() => {
    session.destroy();
    socket.destroy();
  });
  await once(session, 'connect');
  return { session, socket };
}

function request({ session }: Client, path: string): ClientHttp2Stream {
  const isUpload = path === '/upload';
  const headers = { ':path': path, ':method': isUpload ? 'POST' : 'GET', 'content-type': 'application/json' };
  const stream = session.request(headers, { endStream: !isUpload });
  stream.on('error', () => {});
  if (isUpload) stream.write('{"part":');
  return stream;
}

describe.each(FORMS)('over $form', ({ https }) => {
  test('a stream that its client resets, with whatever code, while the response is on its way', async () => {
    const server = await serve(https);
    const client = await dial(server);
    for (const code of [NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR]) {
      for (const path of ['/never', '/large']) {
        const stream = request(client, path);
        if (path === '/large') await once(stream, 'response');
        else await waitForInFlight(server, 1);
        stream.close(code);
        await waitForInFlight(server, 0);
      }
    }
    client.session.destroy();
    await expectCounts(server, ['GET /never 499 x3', 'GET /large 499 x3']);
  });

  test('hundreds of streams on sessions that end in every way', { timeout: 60_000 }, async () => {
    const server = await serve(https);
    const random = randomFrom(20_261_127);
    for (let round = 0; round < 8; round += 1) await Promise.all(Array.from({ length: 8 }, () => misbehave(server, random)));
    await server.close();
    await vi.waitFor(async () => expect(await inFlight(server.registry)).toBe(0), WAIT);
    expect(server.arrived()).toBeGreaterThan(500);
    expect(await total(server.registry)).toBe(server.arrived());
    await expectConsistent(server.registry);
  });
});

/** One session with random requests, most of which are reset, and then a random end. */
async function misbehave(server: Served, random: () => number): Promise<void> {
  const client = await dial(server);
  const { session, socket } = client;
  const streams = Array.from({ length: 15 + pick(random, 20) }, () => request(client, PATHS[pick(random, PATHS.length)] as string));
  for (const stream of streams) if (pick(random, 2) === 0) stream.resume();
  for (const stream of streams) {
    if (pick(random, 8) === 0) await new Promise(setImmediate);
    if (pick(random, 4) > 0 && !stream.destroyed) stream.close(CODES[pick(random, CODES.length)]);
  }
  const ending = pick(random, 4);
  if (ending === 0) socket.resetAndDestroy();
  else if (ending === 1) socket.destroy();
  else {
    if (ending === 2) session.goaway(NGHTTP2_NO_ERROR);
    await new Promise(setImmediate);
    session.destroy();
  }
}
