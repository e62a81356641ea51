import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import fastifyWebsocket from '@fastify/websocket';
import {
  type ApplicationContext,
  BeforeDrain,
  type Class,
  Controller,
  CurrentServer,
  type Extension,
  Get,
  Inject,
  OnStart,
  OnStop,
  Reply,
  Service,
} from '@tsukimi/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { giveLocalhostTwoAddresses } from '../../../../test/support/two-localhosts.js';
import { applicationOf, logSink, start } from '../start.js';
import { cert, key } from './fixtures/certificate.js';

const anyPort = { configuration: { server: { port: 0 } } };
const HALF_THE_TIMEOUT_MS = 5000;

function latch() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

function events() {
  const happened: string[] = [];
  @Service()
  class Pool {
    @BeforeDrain()
    async prepare(): Promise<void> {
      await new Promise(setImmediate);
      happened.push('pool: before the drain');
    }
    @OnStop()
    close(): void {
      happened.push('pool: stop');
    }
  }
  @Controller('/moons')
  class Stream {
    readonly #open = new Set<FastifyReply>();
    constructor(readonly pool: Pool) {}
    @Get('/')
    stream(@Reply() reply: FastifyReply): void {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.write('data: full\n\n');
      this.#open.add(reply);
    }
    @Get('/now')
    now(): string {
      return 'full';
    }
    @BeforeDrain()
    end(): void {
      happened.push('stream: before the drain');
      for (const reply of this.#open) reply.raw.end('data: bye\n\n');
    }
    @OnStop()
    stop(): void {
      happened.push('stream: stop');
    }
  }
  return { Pool, Stream, happened };
}

test('a hook before the drain ends the streams that would keep it waiting; hooks run in reverse order of start', async () => {
  const { Pool, Stream, happened } = events();
  const application = await start(applicationOf([Pool, Stream]), anyPort);
  const url = await application.listen();
  const response = await new Promise<IncomingMessage>((resolve) => httpGet(`${url}/moons`, resolve));
  const before = performance.now();
  const [text] = await Promise.all([response.setEncoding('utf8').toArray(), application.close()]);
  expect(performance.now() - before).toBeLessThan(HALF_THE_TIMEOUT_MS);
  expect(text.join('')).toBe('data: full\n\ndata: bye\n\n');
  expect(happened).toEqual(['stream: before the drain', 'pool: before the drain', 'stream: stop', 'pool: stop']);
});

test('while such a hook runs, requests are served; one that fails is logged, and the others run', async () => {
  const { Pool, Stream, happened } = events();
  const answers: string[] = [];
  let url = '';
  @Service()
  class Leaving {
    constructor(@Inject(Stream) readonly stream: object) {}
    @BeforeDrain()
    async ask(): Promise<void> {
      answers.push(await (await fetch(`${url}/moons/now`, { headers: { connection: 'close' } })).text());
      throw new Error('no balancer');
    }
  }
  const { lines, logger } = logSink();
  const application = await start(applicationOf([Pool, Stream, Leaving]), { ...anyPort, logger });
  url = await application.listen();
  await application.close();
  expect(answers).toEqual(['full']);
  expect(happened.slice(0, 2)).toEqual(['stream: before the drain', 'pool: before the drain']);
  expect(lines.filter(({ level }) => level === 50)).toMatchObject([
    { msg: 'the hook before the drain of Leaving failed to stop', err: { message: 'no balancer' } },
  ]);
});

test('a hook before the drain that never ends is cut off with what it should have ended', async () => {
  const happened: string[] = [];
  @Controller('/stream')
  class Hanging {
    @Get('/')
    stream(@Reply() reply: FastifyReply): void {
      reply.hijack();
      reply.raw.write('data: full\n\n');
    }
    @BeforeDrain()
    async hang(): Promise<void> {
      await new Promise(() => undefined);
    }
    @OnStop()
    stop(): void {
      happened.push('stop');
    }
  }
  const { lines, logger } = logSink();
  const configuration = { server: { port: 0, shutdown_timeout_ms: 50 } };
  const application = await start(applicationOf([Hanging]), { configuration, logger });
  const url = await application.listen();
  const response = await new Promise<IncomingMessage>((resolve) => httpGet(`${url}/stream`, resolve));
  const ended = once(response.resume(), 'error');
  await application.close();
  await ended;
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(happened).toEqual(['stop']);
  expect(lines.filter(({ level }) => level === 50)).toMatchObject([{ hook: 'the hook before the drain of Hanging', connections: 1 }]);
});

const OVER_TLS = { server: { fastify: { https: { key, cert } } } };

test.each([
  ['says goodbye before the drain', 'HTTP', true, {}],
  ['does nothing', 'HTTP', false, {}],
  ['says goodbye before the drain', 'HTTPS', true, OVER_TLS],
  ['does nothing', 'HTTPS', false, OVER_TLS],
])('WebSockets are closed at the end of the stop where their server %s, over %s', async (_what, _protocol, isPolite, options) => {
  @Service()
  class Sockets {
    readonly #server: WebSocketServer;
    constructor(@Inject(CurrentServer) fastify: FastifyInstance) {
      this.#server = new WebSocketServer({ server: fastify.server });
    }
    @BeforeDrain()
    close(): void {
      if (isPolite) for (const client of this.#server.clients) client.close(1001, 'bye');
    }
  }
  const { Pool, Stream } = events();
  const application = await start(applicationOf([Sockets, Pool, Stream]), { ...anyPort, ...options });
  const url = await application.listen();
  const client = new WebSocket(url.replace('http', 'ws'), { ca: cert });
  await once(client, 'open');
  const closed = once(client, 'close');
  const before = performance.now();
  await application.close();
  expect(performance.now() - before).toBeLessThan(HALF_THE_TIMEOUT_MS);
  const [code] = await closed;
  expect(code).toBe(isPolite ? 1001 : 1006);
  expect(application.fastify.server.listening).toBe(false);
});

test.each([
  ['HTTP', {}],
  ['HTTPS', OVER_TLS],
])(
  'an event stream, a WebSocket of @fastify/websocket and an idle connection at once, over %s: the stop ends them all',
  async (_, options) => {
    const { Pool, Stream, happened } = events();
    const messages: string[] = [];
    @Service()
    class Chat {
      #server: WebSocketServer | undefined;
      @BeforeDrain()
      close(): void {
        for (const client of this.#server?.clients ?? []) client.send('bye');
      }
      async serve(fastify: FastifyInstance): Promise<void> {
        await fastify.register(fastifyWebsocket);
        this.#server = fastify.websocketServer;
        fastify.get('/chat', { websocket: true }, (socket) => socket.send('hello'));
      }
    }
    const sockets = (): Extension => {
      let context: ApplicationContext;
      return {
        name: 'sockets',
        configure: (given) => {
          context = given;
        },
        server: async (fastify) => await context.resolve(Chat).serve(fastify),
      };
    };
    const application = await start(applicationOf([Chat, Pool, Stream]), { ...anyPort, ...options, extensions: [sockets] });
    const url = new URL(await application.listen());
    const idle =
      url.protocol === 'https:'
        ? tlsConnect({ port: Number(url.port), host: url.hostname, ca: cert })
        : connect(Number(url.port), url.hostname);
    const idleClosed = once(idle.resume(), 'close');
    await once(idle, url.protocol === 'https:' ? 'secureConnect' : 'connect');
    const client = new WebSocket(`${url.href.replace('http', 'ws')}chat`, { ca: cert });
    client.on('message', (data) => messages.push(String(data)));
    const closed = once(client, 'close');
    await once(client, 'message');
    const get = url.protocol === 'https:' ? httpsGet : httpGet;
    const response = await new Promise<IncomingMessage>((resolve) => get(`${url}moons`, { ca: cert }, resolve));
    const before = performance.now();
    const [text] = await Promise.all([response.setEncoding('utf8').toArray(), application.close(), closed, idleClosed]);
    expect(performance.now() - before).toBeLessThan(HALF_THE_TIMEOUT_MS);
    expect(text.join('')).toBe('data: full\n\ndata: bye\n\n');
    expect(messages).toEqual(['hello', 'bye']);
    expect(happened).toEqual(['stream: before the drain', 'pool: before the drain', 'stream: stop', 'pool: stop']);
  },
);

test('upgraded connections are closed after the timeout too', async () => {
  @Controller('/slow')
  class Slow {
    @Get('/')
    async wait(): Promise<void> {
      await new Promise(() => undefined);
    }
  }
  const plain = await start(applicationOf([Slow]), { configuration: { server: { port: 0, shutdown_timeout_ms: 50 } } });
  plain.fastify.server.on('upgrade', (_request, socket) => socket.on('error', () => undefined).write('HTTP/1.1 101 Moon\r\n\r\n'));
  const url = new URL(await plain.listen());
  fetch(`${url}slow`).catch(() => undefined);
  const socket = connect(Number(url.port), url.hostname).on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nhost: moon\r\nconnection: upgrade\r\nupgrade: moon\r\n\r\n');
  await once(socket, 'data');
  const closed = once(socket, 'close');
  await plain.close();
  await closed;
});

test('an upgrade without a listener stays an ordinary request', async () => {
  const { Pool, Stream } = events();
  const application = await start(applicationOf([Pool, Stream]), anyPort);
  const url = new URL(await application.listen());
  const socket = connect(Number(url.port), url.hostname);
  socket.write('GET /moons/now HTTP/1.1\r\nhost: moon\r\nconnection: upgrade, close\r\nupgrade: moon\r\n\r\n');
  expect((await socket.setEncoding('utf8').toArray()).join('')).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*full$/);
});

test('close while listen is pending: it listens, and nothing listens in the end', async () => {
  const happened: string[] = [];
  @Service()
  class Pool {
    @OnStart()
    begin(): void {
      happened.push('start');
    }
    @OnStop()
    end(): void {
      happened.push('stop');
    }
  }
  const application = await start(applicationOf([Pool]), anyPort);
  const listening = application.listen();
  await application.close();
  const url = await listening;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(application.fastify.server.listening).toBe(false);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(happened).toEqual(['start', 'stop']);
});

describe('on localhost, which has two addresses', () => {
  beforeEach(() => giveLocalhostTwoAddresses());
  const onLocalhost = { configuration: { server: { host: 'localhost', port: 0 } } };

  async function listenOnBoth(components: readonly Class[]) {
    const application = await start(applicationOf(components), onLocalhost);
    const { port } = new URL(await application.listen());
    return { application, other: `http://127.0.0.2:${port}` };
  }

  test('hooks before the drain end its streams, and idle connections are closed', async () => {
    const { Pool, Stream, happened } = events();
    const { application, other } = await listenOnBoth([Pool, Stream]);
    const idle = connect(Number(new URL(other).port), '127.0.0.2');
    await once(idle, 'connect');
    const response = await new Promise<IncomingMessage>((resolve) => httpGet(`${other}/moons`, resolve));
    const text = response.setEncoding('utf8').toArray();
    const before = performance.now();
    await application.close();
    expect(performance.now() - before).toBeLessThan(HALF_THE_TIMEOUT_MS);
    expect((await text).join('')).toBe('data: full\n\ndata: bye\n\n');
    expect(happened).toEqual(['stream: before the drain', 'pool: before the drain', 'stream: stop', 'pool: stop']);
    await expect(fetch(`${other}/moons/now`)).rejects.toThrow();
  });

  test('its requests are waited for before stop hooks run', async () => {
    const happened: string[] = [];
    const arrived = latch();
    const finish = latch();
    @Controller('/slow')
    class Slow {
      @Get('/')
      async get(): Promise<string> {
        arrived.resolve();
        await finish.promise;
        happened.push('answered');
        return 'done';
      }
      @BeforeDrain()
      drain(): void {
        setTimeout(() => finish.resolve(), 50);
      }
      @OnStop()
      stop(): void {
        happened.push('stopped');
      }
    }
    const { application, other } = await listenOnBoth([Slow]);
    const answer = fetch(`${other}/slow`).then((response) => response.text());
    await arrived.promise;
    await application.close();
    expect(await answer).toBe('done');
    expect(happened).toEqual(['answered', 'stopped']);
  });

  test('an upgrade is answered as any request while nothing listens for upgrades, as on the first address', async () => {
    @Controller('/tea')
    class Tea {
      @Get('/')
      get(): string {
        return 'green';
      }
    }
    const { application, other } = await listenOnBoth([Tea]);
    const upgrade = (url: string) =>
      new Promise<string>((resolve, reject) => {
        const request = httpGet(`${url}/tea`, { agent: false, headers: { connection: 'upgrade', upgrade: 'websocket' } });
        request.on('error', reject).on('response', (response) => response.toArray().then(([body]) => resolve(String(body))));
        request.on('upgrade', (_response, socket) => {
          socket.destroy();
          resolve('upgraded');
        });
      });
    const first = other.replace('127.0.0.2', '127.0.0.1');
    expect([await upgrade(first), await upgrade(other)]).toEqual(['green', 'green']);
    const { server } = application.fastify;
    const listener = (_request: unknown, socket: Duplex) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
    server.on('upgrade', listener);
    expect([await upgrade(first), await upgrade(other)]).toEqual(['upgraded', 'upgraded']);
    server.off('upgrade', listener);
    expect([await upgrade(first), await upgrade(other)]).toEqual(['green', 'green']);
    await application.close();
  });

  test('its WebSockets are closed at the end', async () => {
    @Service()
    class Sockets {
      constructor(@Inject(CurrentServer) { server }: FastifyInstance) {
        new WebSocketServer({ server });
      }
    }
    const { application, other } = await listenOnBoth([Sockets]);
    const client = new WebSocket(other.replace('http', 'ws'));
    await once(client, 'open');
    const closed = once(client, 'close');
    const before = performance.now();
    await application.close();
    expect(performance.now() - before).toBeLessThan(HALF_THE_TIMEOUT_MS);
    expect((await closed)[0]).toBe(1006);
  });
});
