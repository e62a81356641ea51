/** Responses that handlers write past Fastify. */
import { once } from 'node:events';
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import websocketPlugin from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { endedStreams, expectCounts, inFlight, streamsInFlight, waitForInFlight } from './support/counts.js';
import { FORMS } from './support/forms.js';
import { ask, RawClient } from './support/raw-client.js';

describe.each(FORMS)('in $form', ({ start }) => {
  test('hijacked, and ended by hand', async () => {
    const server = await start((app) =>
      app.get('/raw/:id', (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(207, { 'content-type': 'text/plain' });
        setImmediate(() => reply.raw.end('by hand'));
      }),
    );
    expect(await ask(server.port, 'GET', '/raw/1')).toContain('by hand');
    await expectCounts(server, ['GET /raw/:id 207']);
  });

  test('hijacked and never ended: open until the client leaves', async () => {
    const server = await start((app) => app.get('/raw', (_request, reply) => void reply.hijack()));
    const client = await RawClient.connect(server.port);
    client.request('GET', '/raw');
    await waitForInFlight(server, 1);
    await client.abort();
    await expectCounts(server, ['GET /raw 499']);
  });

  test('ended by hand without being hijacked, also from a hook', async () => {
    const server = await start((app) => {
      app.get('/handler', (_request, reply) => void reply.raw.writeHead(201).end('raw'));
      const preHandler = (_request: unknown, reply: { raw: { writeHead(status: number): { end(): void } } }) =>
        void reply.raw.writeHead(403).end();
      app.get('/hook', { preHandler }, async () => 'never');
      app.get('/destroyed', (_request, reply) => void reply.raw.destroy());
    });
    expect(await ask(server.port, 'GET', '/handler')).toContain(' 201 ');
    expect(await ask(server.port, 'GET', '/hook')).toContain(' 403 ');
    expect(await ask(server.port, 'GET', '/destroyed')).toBe('');
    await expectCounts(server, ['GET /handler 201', 'GET /hook 403', 'GET /destroyed 499']);
  });

  test('early hints and 1xx are no answer', async () => {
    const server = await start((app) =>
      app.get('/hints', async (_request, reply) => {
        await new Promise<void>((resolve) => reply.writeEarlyHints({ link: '</a.css>; rel=preload' }, resolve));
        return 'page';
      }),
    );
    expect(await ask(server.port, 'GET', '/hints')).toMatch(/103 Early Hints[\s\S]*200 OK/);
    await expectCounts(server, ['GET /hints 200']);
  });

  test('an Upgrade that nobody takes is a request like others', async () => {
    const server = await start((app) => app.get('/page', async () => 'page'));
    expect(await ask(server.port, 'GET', '/page', ['Connection: Upgrade', 'Upgrade: websocket'])).toContain(' 200 ');
    await expectCounts(server, ['GET /page 200']);
  });

  test('a WebSocket is one request with status 101, and a stream as long as it is open', async () => {
    const server = await start(addEcho);
    const client = new WebSocket(`ws://127.0.0.1:${server.port}/socket/1`);
    client.on('open', () => client.send('hello'));
    expect(String((await once(client, 'message'))[0])).toBe('echo hello');
    expect(await streamsInFlight(server.registry, 'websocket')).toBe(1);
    expect(await inFlight(server.registry)).toBe(0);
    client.close();
    await expectCounts(server, ['GET /socket/:id 101']);
    expect(await endedStreams(server.registry)).toEqual(['GET /socket/:id websocket x1']);
  });

  test('the same over @fastify/websocket, refusals and what is left out included', async () => {
    const server = await start(async (app) => {
      await app.register(websocketPlugin);
      const echo = (socket: WebSocket) => void socket.on('message', (text) => socket.send(`echo ${text}`));
      app.get('/socket/:id', { websocket: true }, echo);
      app.get('/refused', { websocket: true, preValidation: async (_request, reply) => reply.code(401).send('no') }, echo);
      app.get('/left-out', { websocket: true, config: { metrics: false } }, echo);
      app.route({ method: 'GET', url: '/both', handler: async () => 'page', wsHandler: echo });
    });
    const connect = async (path: string): Promise<WebSocket> => {
      const client = new WebSocket(`ws://127.0.0.1:${server.port}${path}`);
      client.on('open', () => client.send('hello'));
      expect(String((await once(client, 'message'))[0])).toBe('echo hello');
      return client;
    };
    const clients = [await connect('/socket/1'), await connect('/socket/2'), await connect('/left-out'), await connect('/both')];
    expect(await ask(server.port, 'GET', '/both')).toContain('page');
    expect(await streamsInFlight(server.registry, 'websocket')).toBe(3);
    expect(await inFlight(server.registry)).toBe(0);
    const refused = new WebSocket(`ws://127.0.0.1:${server.port}/refused`);
    expect((await once(refused, 'error'))[0]).toMatchObject({ message: 'Unexpected server response: 401' });
    clients[0]?.close();
    clients[1]?.terminate();
    clients[2]?.close();
    clients[3]?.close();
    await expectCounts(server, ['GET /socket/:id 101 x2', 'GET /both 101', 'GET /both 200', 'GET /refused 401']);
    expect(await endedStreams(server.registry)).toEqual(['GET /both websocket x1', 'GET /socket/:id websocket x2']);
  });

  test('a WebSocket that its route refuses has the status of the refusal', async () => {
    const server = await start((app) => {
      addEcho(app);
      app.get('/refused', async (_request, reply) => reply.code(403).send('no'));
    });
    const client = new WebSocket(`ws://127.0.0.1:${server.port}/refused`);
    expect((await once(client, 'error'))[0]).toMatchObject({ message: 'Unexpected server response: 403' });
    await expectCounts(server, ['GET /refused 403']);
  });
});

/** A WebSocket route; upgraded requests are routed as `@fastify/websocket` does it. */
function addEcho(app: FastifyInstance): void {
  const sockets = new WebSocketServer({ noServer: true });
  app.server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    app.routing(request, response);
  });
  app.get('/socket/:id', (request, reply) => {
    reply.hijack();
    sockets.handleUpgrade(request.raw, request.raw.socket, Buffer.alloc(0), (webSocket) =>
      webSocket.on('message', (text: Buffer) => webSocket.send(`echo ${text}`)),
    );
  });
}
