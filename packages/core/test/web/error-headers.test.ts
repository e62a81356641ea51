/** What a controller had set for its answer does not stay on the answer of its error; what hooks have set does. */
import { Readable } from 'node:stream';
import { Component, Controller, CurrentReply, Get, HttpCode, Inject, NotFoundError, Reply } from '@tsukimi/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { expect, test } from 'vitest';
import { serve } from './serve.js';

const SET = {
  'cache-control': 'public, max-age=3600',
  'content-disposition': 'attachment; filename="report.csv"',
  'content-encoding': 'gzip',
  'content-language': 'de',
  'content-type': 'text/csv',
  etag: '"5"',
  'last-modified': 'Fri, 27 Nov 2026 00:00:00 GMT',
  vary: 'accept',
  'x-own': 'yes',
};
const failing = () =>
  new Readable({
    read() {
      this.destroy(new Error('no storage'));
    },
  });
const WAYS: Readonly<Record<string, (reply: FastifyReply) => unknown>> = {
  thrown: () => {
    throw new Error('x');
  },
  rejected: async () => {
    throw new NotFoundError('x', { headers: { 'cache-control': 'max-age=5' } });
  },
  returned: () => new Error('x'),
  sent: (reply) => void reply.send(new Error('x')),
  'of a stream': failing,
  'of a sent stream': (reply) => reply.send(failing()),
  'of a response': () =>
    new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('x')) }), {
      status: 206,
      headers: { ...SET, link: '</>' },
    }),
  'of a response that was read': async () => {
    const response = new Response('x', { headers: { link: '</>' } });
    await response.text();
    return response;
  },
  'of a response that is an error': () => Response.error(),
  'of a toJSON': () => ({
    toJSON() {
      throw new Error('x');
    },
  }),
};
let leave: (reply: FastifyReply) => unknown = () => undefined;

const hooks = {
  extensions: [
    () => ({
      name: 'hooks',
      server: (fastify: FastifyInstance) => {
        fastify.addHook(
          'onRequest',
          async (_request, reply) => void reply.headers({ 'access-control-allow-origin': '*', vary: 'origin', 'x-request-id': 'r1' }),
        );
        fastify.addHook('onError', async (_request, reply) => void reply.header('x-failed', 'yes'));
        fastify.addHook('onSend', async (_request, reply) => void reply.header('x-sent', 'yes'));
      },
    }),
  ],
};

@Controller('/files')
class Files {
  @Get('/', { preHandler: async (_request, reply) => void reply.header('x-limit', '10') })
  @HttpCode(203)
  file(@Reply() reply: FastifyReply) {
    reply.code(206).headers(SET).removeHeader('x-request-id').header('set-cookie', 'a=1');
    return leave(reply);
  }
}

@Component({ scope: 'request' })
class Cached {
  constructor(@Inject(CurrentReply) reply: FastifyReply) {
    reply.headers(SET);
  }
}

@Controller('/scoped', { scope: 'request' })
class Scoped {
  constructor(private readonly cached: Cached) {}
  @Get('/') get() {
    if (this.cached instanceof Cached) throw new Error('x');
  }
}

test.each(Object.entries(WAYS))('an error that is %s has the headers of hooks and its own', async (way, leaveBy) => {
  const { send } = await serve([Files, Cached, Scoped], hooks);
  leave = leaveBy;
  for (const path of ['/files', ...(way === 'thrown' ? ['/scoped'] : [])]) {
    const { status, headers } = await send(`GET ${path}`);
    expect(status).toBe(way === 'rejected' ? 404 : 500);
    const { date, connection, 'content-length': _length, 'set-cookie': cookie, ...left } = headers;
    expect({ way, ...left }).toEqual({
      way,
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
      vary: 'origin',
      'x-request-id': 'r1',
      'x-sent': 'yes',
      'x-failed': 'yes',
      ...(path === '/files' && { 'x-limit': '10' }),
      ...(way === 'rejected' && { 'cache-control': 'max-age=5' }),
    });
    expect(cookie).toBe(path === '/files' ? 'a=1' : undefined);
  }
});

test("an error handler of a plugin sees neither a controller's headers nor its status", async () => {
  const { send } = await serve([Files], {
    extensions: [
      () => ({
        name: 'handler',
        server: (fastify: FastifyInstance) =>
          void fastify.setErrorHandler((_error, _request, reply) => reply.header('x-mine', 'yes').send({ status: reply.statusCode })),
      }),
    ],
  });
  leave = WAYS['thrown'] as typeof leave;
  const { json, headers } = await send('GET /files');
  expect(json).toEqual({ status: 200 });
  expect(headers).toMatchObject({ 'x-mine': 'yes', 'content-type': 'application/json; charset=utf-8' });
  expect(headers['cache-control']).toBeUndefined();
});

test('the headers of an answer that is no error stay, 4xx that a method sends by itself included', async () => {
  const { send } = await serve([Files], hooks);
  leave = (reply) => reply.code(404).send('sorry');
  expect(await send('GET /files')).toMatchObject({ status: 404, headers: { 'cache-control': SET['cache-control'], vary: 'accept' } });
  leave = () => 'a,b';
  expect(await send('GET /files')).toMatchObject({ status: 206, text: 'a,b', headers: SET });
});
