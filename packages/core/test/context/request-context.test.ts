/** The context of requests: what it holds, what it survives, and when it is there at all. */
import { AsyncResource } from 'node:async_hooks';
import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, currentRequestContext, Get, NotFoundError, Post, Req } from '@tsukimi/core';
import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { applicationOf, start } from '../start.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const idNow = () => currentRequestContext()?.requestId;

@Controller('/moons')
class Moons {
  @Get('/:id')
  find() {
    const context = currentRequestContext();
    return { context, isFrozen: Object.isFrozen(context) };
  }

  @Get('/id/fastify')
  fastifyId(@Req() request: FastifyRequest) {
    return { own: idNow(), fastify: request.id };
  }

  @Get('/missing/error')
  missing() {
    throw new NotFoundError('no such moon');
  }

  @Get('/everything/asynchronous')
  async everything() {
    const seen: Record<string, string | undefined> = {};
    const emitter = new EventEmitter();
    emitter.on(
      'bound',
      AsyncResource.bind(() => {
        seen['emitter'] = idNow();
      }),
    );
    await null;
    seen['await'] = idNow();
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        seen['timer'] = idNow();
        setImmediate(() => {
          seen['immediate'] = idNow();
          process.nextTick(resolve);
        });
      }, 1);
    });
    const through = new PassThrough();
    through.on('data', () => {
      seen['stream'] = idNow();
    });
    await pipeline(Readable.from(['a', 'b']), through);
    queueMicrotask(() => {
      seen['microtask'] = idNow();
    });
    await null;
    outside.emit('now', emitter);
    return seen;
  }

  @Post('/')
  async create(@Req() request: FastifyRequest) {
    return { id: idNow(), body: request.body };
  }
}

/** Emits in a context of its own: none. */
const outside = new EventEmitter();
outside.on('now', (emitter: EventEmitter) => new AsyncResource('OUTSIDE').runInAsyncScope(() => emitter.emit('bound')));

const started = () => start(applicationOf([Moons]), { configuration: { server: { port: 0 }, logging: { request_context: 'on' } } });

test('a request has its id, route, method and trace context', async () => {
  const app = await started();
  const headers = { 'x-request-id': 'abc-1', traceparent: TRACEPARENT, tracestate: 'congo=t61' };
  const answer = await app.inject({ url: '/moons/7?full=1', headers });
  expect(answer.headers['x-request-id']).toBe('abc-1');
  expect(answer.json()).toEqual({
    context: {
      requestId: 'abc-1',
      route: '/moons/:id',
      method: 'GET',
      traceparent: {
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
        spanId: '00f067aa0ba902b7',
        flags: 1,
        isSampled: true,
        tracestate: 'congo=t61',
      },
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      isSampled: true,
    },
    isFrozen: true,
  });
});

test('an id that is not well-formed is replaced by a random one', async () => {
  const app = await started();
  for (const id of ['with space', '', 'x'.repeat(129), 'ü']) {
    const answer = await app.inject({ url: '/moons/7', headers: { 'x-request-id': id } });
    expect(answer.headers['x-request-id']).toMatch(UUID);
  }
  const longest = `!~${'x'.repeat(126)}`;
  expect((await app.inject({ url: '/moons/7', headers: { 'x-request-id': longest } })).headers['x-request-id']).toBe(longest);
});

test("Fastify's id of the request is the same", async () => {
  const app = await started();
  const answer = await app.inject({ url: '/moons/id/fastify' });
  expect(answer.json()).toEqual({ own: answer.headers['x-request-id'], fastify: answer.headers['x-request-id'] });
});

test('an application with rules of its own for ids keeps them', async () => {
  const app = await start(applicationOf([Moons]), {
    configuration: { logging: { request_context: 'on' } },
    server: { fastify: { genReqId: () => 'mine-1' } },
  });
  const answer = await app.inject({ url: '/moons/id/fastify', headers: { 'x-request-id': 'theirs' } });
  expect(answer.json()).toEqual({ own: 'mine-1', fastify: 'mine-1' });
  expect(answer.headers['x-request-id']).toBe('mine-1');
});

test('errors and unknown paths are answered with the id, too', async () => {
  const app = await started();
  for (const url of ['/moons/missing/error', '/nowhere']) {
    const answer = await app.inject({ url, headers: { 'x-request-id': 'abc-1' } });
    expect([answer.statusCode, answer.headers['x-request-id']]).toEqual([404, 'abc-1']);
  }
});

test('the context survives awaits, timers, streams and bound emitters', async () => {
  const app = await started();
  const answer = await app.inject({ url: '/moons/everything/asynchronous', headers: { 'x-request-id': 'abc-1' } });
  const kinds = ['await', 'timer', 'immediate', 'stream', 'microtask', 'emitter'];
  expect(answer.json()).toEqual(Object.fromEntries(kinds.map((kind) => [kind, 'abc-1'])));
});

test('the context survives a body that arrives in pieces on a connection that is kept', async () => {
  const app = await started();
  const { port } = new URL(await app.listen());
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  for (const id of ['first', 'second']) {
    const arrived = once(app.fastify.server, 'request');
    socket.write(
      `POST /moons HTTP/1.1\r\nhost: x\r\nx-request-id: ${id}\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{"a"`,
    );
    await arrived;
    socket.write(':1}');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(JSON.parse(answer.toString().split('\r\n\r\n')[1] as string)).toEqual({ id, body: { a: 1 } });
  }
  socket.destroy();
});

test('there is no context by default, and no header', async () => {
  const app = await start(applicationOf([Moons]));
  const answer = await app.inject({ url: '/moons/7', headers: { 'x-request-id': 'abc-1' } });
  expect(answer.json()).toEqual({ isFrozen: true });
  expect(answer.headers).not.toHaveProperty('x-request-id');
  expect(currentRequestContext()).toBeUndefined();
});
