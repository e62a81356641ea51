/** Errors of plugins, hooks and parsers keep the meaning that Fastify gives them. */
import auth from '@fastify/auth';
import multipart from '@fastify/multipart';
import rateLimit, { type RateLimitPluginOptions } from '@fastify/rate-limit';
import sensible from '@fastify/sensible';
import { Body, Controller, Get, Post, Req } from '@tsukimi/core';
import type { FastifyRequest, RouteHandlerMethod } from 'fastify';
import { expect, test } from 'vitest';
import { INTERNAL, serve, withServer } from './serve.js';

const SECRET = 'SECRET account tsukimiprod, container invoices';

@Controller('/plain')
class Plain {
  @Get('/') get() {
    return { ok: true };
  }
  @Post('/') post(@Body() body: unknown) {
    return { body };
  }
  @Post('/upload') async upload(@Req() request: FastifyRequest) {
    const file = await request.file();
    await file?.toBuffer();
    return { name: file?.filename };
  }
  @Get('/sensible') sensible(@Req() request: FastifyRequest) {
    throw request.server.httpErrors.paymentRequired('pay first');
  }
}

const limit = (options: RateLimitPluginOptions) =>
  withServer((fastify) => fastify.register(rateLimit, { max: 1, timeWindow: 60_000, ...options }));

test('@fastify/rate-limit keeps its default error, its headers and its own answers', async () => {
  const plain = await serve([Plain], limit({}));
  expect((await plain.send('GET /plain')).status).toBe(200);
  const answer = await plain.send('GET /plain');
  expect(answer.json).toEqual({
    statusCode: 429,
    error: 'Too Many Requests',
    message: 'Rate limit exceeded, retry in 1 minute',
  });
  expect(answer.headers).toMatchObject({ 'retry-after': '60', 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0' });
  const own = { statusCode: 429, error: 'slow', message: 'slow down', wait: 60 };
  const built = await serve([Plain], limit({ errorResponseBuilder: () => own }));
  await built.send('GET /plain');
  expect(await built.send('GET /plain')).toMatchObject({ status: 429, json: own, headers: { 'retry-after': '60' } });
});

test('@fastify/auth decides by the status that it has set', async () => {
  @Controller('/auth')
  class Guarded {
    @Get('/') get() {
      return 'in';
    }
  }
  const { send } = await serve(
    [Guarded],
    withServer(async (fastify) => {
      await fastify.register(auth);
      fastify.addHook('preHandler', fastify.auth([(_request, _reply, done) => done(new Error('who are you?'))]));
    }),
  );
  expect((await send('GET /auth')).json).toEqual({ statusCode: 401, error: 'Unauthorized', message: 'who are you?' });
});

test('@fastify/multipart and @fastify/sensible answer from within a controller', async () => {
  const { send } = await serve(
    [Plain],
    withServer(async (fastify) => {
      await fastify.register(multipart, { limits: { fileSize: 10 } });
      await fastify.register(sensible);
    }),
  );
  const payload = ['--b', 'Content-Disposition: form-data; name="f"; filename="f.txt"', '', 'x'.repeat(100), '--b--', ''].join('\r\n');
  const upload = { payload, headers: { 'content-type': 'multipart/form-data; boundary=b' } };
  expect((await send('POST /plain/upload', upload)).json).toMatchObject({ statusCode: 413, code: 'FST_REQ_FILE_TOO_LARGE' });
  expect((await send('POST /plain/upload', { payload: {} })).json).toMatchObject({
    statusCode: 406,
    code: 'FST_INVALID_MULTIPART_CONTENT_TYPE',
  });
  expect((await send('GET /plain/sensible')).json).toEqual({ statusCode: 402, error: 'Payment Required', message: 'pay first' });
});

const PLACES = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const;

test.each(PLACES)('an error of a hook in %s is handled like in Fastify', async (place) => {
  let thrown: unknown;
  const hook = async (): Promise<never> => {
    throw thrown;
  };
  let isOwn = false;
  @Controller('/route')
  class Route {
    @Post('/', { [place]: hook }) post() {
      return { ok: true };
    }
  }
  const { send } = await serve(
    [Plain, Route],
    withServer((fastify) =>
      // Once: the answer to an error passes the hooks as well.
      fastify.addHook(place as 'onRequest', async (request: FastifyRequest) => {
        if (request.url !== '/plain' || isOwn) return;
        isOwn = true;
        throw thrown;
      }),
    ),
  );
  const both = async () => {
    isOwn = false;
    const answer = await send('POST /plain', { payload: {} });
    if (place !== 'preSerialization' && place !== 'onSend') expect((await send('POST /route', { payload: {} })).text).toBe(answer.text);
    return answer;
  };
  thrown = Object.assign(new Error('no'), { statusCode: 403, code: 'NO', headers: { 'x-why': 'tired' } });
  expect(await both()).toMatchObject({ status: 403, json: { statusCode: 403, message: 'no', code: 'NO' }, headers: { 'x-why': 'tired' } });
  thrown = Object.assign(new Error('no'), { status: 402 });
  expect((await both()).json).toEqual({ statusCode: 402, error: 'Payment Required', message: 'no' });
  thrown = { statusCode: 451, reason: 'law' };
  expect(await both()).toMatchObject({ status: 451, json: { statusCode: 451, reason: 'law' } });
  thrown = Object.assign(new Error('the queue at 10.0.0.7 is full'), { statusCode: 503, headers: { 'retry-after': 5 } });
  expect(await both()).toMatchObject({
    status: 503,
    json: { statusCode: 503, error: 'Service Unavailable', message: 'Service Unavailable' },
    headers: { 'retry-after': '5' },
  });
  for (const unexpected of [new TypeError(SECRET), SECRET, { message: SECRET }]) {
    thrown = unexpected;
    expect((await both()).json).toEqual(INTERNAL);
  }
});

test('routes and parsers of plugins keep their errors', async () => {
  const fail: RouteHandlerMethod = async () => {
    throw Object.assign(new Error('not here'), { statusCode: 404 });
  };
  const { send } = await serve(
    [Plain],
    withServer((fastify) => {
      fastify.get('/of-plugin', fail);
      fastify.addContentTypeParser('text/moon', (_request, _payload, done) =>
        done(Object.assign(new Error('no moon'), { statusCode: 422 })),
      );
    }),
  );
  expect((await send('GET /of-plugin')).json).toEqual({ statusCode: 404, error: 'Not Found', message: 'not here' });
  expect((await send('POST /plain', { payload: 'x', headers: { 'content-type': 'text/moon' } })).json).toMatchObject({
    statusCode: 422,
    message: 'no moon',
  });
});

test('a Standard Schema that throws is a part of the controller', async () => {
  const validate = () => {
    throw Object.assign(new Error(SECRET), { statusCode: 403 });
  };
  @Controller('/schema')
  class Checked {
    @Post('/') post(@Body({ '~standard': { version: 1, vendor: 'test', validate } }) body: unknown) {
      return body;
    }
  }
  const { send } = await serve([Checked]);
  expect((await send('POST /schema', { payload: {} })).json).toEqual(INTERNAL);
});
