/** Whose an error is decides whether clients may see it: a controller's upstream, or a hook, a parser or a plugin. */
import { Readable } from 'node:stream';
import auth from '@fastify/auth';
import multipart from '@fastify/multipart';
import rateLimit, { type RateLimitPluginOptions } from '@fastify/rate-limit';
import sensible from '@fastify/sensible';
import { Body, Controller, errorStatus, Get, HttpError, NotFoundError, Post, Reply, Req, ResponseStatus } from '@tsukimi/core';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { errorCodes, fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { serve } from './serve.js';

const server = fastify();
await server.register(sensible);
const { createError } = server.httpErrors;
const Conflict = createError(409).constructor as new (message: string) => Error;

const INTERNAL = { statusCode: 500, error: 'Internal Server Error', message: 'Internal Server Error' };
const SECRET = 'SECRET account tsukimiprod, container invoices';

const extension = (server: (fastify: FastifyInstance) => unknown) => ({
  extensions: [
    () => ({
      name: 'test',
      server: async (fastify: FastifyInstance) => {
        await server(fastify);
      },
    }),
  ],
});

class UpstreamError extends Error {
  constructor(name: string, fields: object) {
    super(SECRET);
    this.name = name;
    Object.assign(this, fields);
  }
}

/** What clients of other servers throw, in the shapes in which they throw it. */
const UPSTREAM: Readonly<Record<string, () => unknown>> = {
  'Azure RestError': () =>
    new UpstreamError('RestError', { code: 'AuthorizationFailure', statusCode: 403, status: 403, details: { SECRET } }),
  'axios error': () => new UpstreamError('AxiosError', { code: 'ERR_BAD_REQUEST', status: 404, response: { status: 404, data: SECRET } }),
  'undici error': () =>
    new UpstreamError('ResponseError', { code: 'UND_ERR_RESPONSE', statusCode: 401, headers: { 'x-secret': SECRET }, body: SECRET }),
  'AWS SDK error': () =>
    new UpstreamError('NoSuchKey', { $fault: 'client', $metadata: { httpStatusCode: 404 }, $response: { statusCode: 404 } }),
  'AWS SDK 2 error': () => new UpstreamError('AccessDenied', { code: 'AccessDenied', statusCode: 403, retryable: false }),
  'got error': () => new UpstreamError('HTTPError', { code: 'ERR_NON_2XX_3XX_RESPONSE', response: { statusCode: 404, body: SECRET } }),
  'pg error': () => new UpstreamError('error', { code: '42P01', severity: 'ERROR', detail: SECRET }),
  'ioredis error': () => new UpstreamError('ReplyError', { command: { name: 'get', args: [SECRET] } }),
  'error of http-errors that is not to be exposed': () => createError(404, SECRET, { expose: false }),
  'error of http-errors of the server': () => createError(503, SECRET),
  'upstream error given to http-errors': () => createError(502, new UpstreamError('AxiosError', { status: 403 })),
  'upstream error given to http-errors with a message': () =>
    createError(404, 'no moon', new UpstreamError('RestError', { statusCode: 403 })),
  'error without a status given to http-errors': () => createError(404, new Error(SECRET)),
  'error given to http-errors to be exposed': () => createError(503, new Error(SECRET), { expose: true }),
  'error with the marks of http-errors': () => new UpstreamError('Error', { expose: true, status: 403, statusCode: 403 }),
  'error with headers': () => new UpstreamError('Error', { statusCode: 429, headers: { 'x-secret': SECRET } }),
  'error caused by an HttpError': () => new Error(SECRET, { cause: new NotFoundError(SECRET) }),
  'error with a status that throws': () =>
    Object.defineProperty(new Error(SECRET), 'statusCode', {
      get: () => {
        throw new HttpError(404, SECRET);
      },
    }),
  'plain object': () => ({ statusCode: 404, message: SECRET, headers: { 'x-secret': SECRET } }),
  string: () => SECRET,
};

/** The ways by which an error leaves a controller. */
const WAYS: Readonly<Record<string, (error: unknown, reply: FastifyReply) => unknown>> = {
  thrown: (error) => {
    throw error;
  },
  rejected: async (error) => {
    throw error;
  },
  sent: (error, reply) => {
    reply.send(error instanceof Error ? error : new Error(SECRET, { cause: error }));
    return undefined;
  },
  'sent later': (error, reply) => {
    setImmediate(() => reply.send(error instanceof Error ? error : new Error(SECRET, { cause: error })));
    return undefined;
  },
  'of a stream': (error) =>
    new Readable({
      read() {
        this.destroy(error instanceof Error ? error : new Error(SECRET, { cause: error }));
      },
    }),
  'of an async iterator': (error) =>
    Readable.from(
      (async function* () {
        yield await Promise.reject(error instanceof Error ? error : new Error(SECRET, { cause: error }));
      })(),
    ),
  'of a web stream': (error) =>
    new ReadableStream({ pull: (controller) => controller.error(error instanceof Error ? error : new Error(SECRET)) }),
  'of a web response': (error) =>
    new Response(new ReadableStream({ pull: (controller) => controller.error(error instanceof Error ? error : new Error(SECRET)) })),
  'of a toJSON': (error) => ({
    toJSON() {
      throw error instanceof Error ? error : new Error(SECRET, { cause: error });
    },
  }),
};

let make: () => unknown = () => undefined;
let leave: (error: unknown, reply: FastifyReply) => unknown = () => undefined;

@Controller('/upstream')
class Upstream {
  @Get('/') get(@Reply() reply: FastifyReply) {
    return leave(make(), reply);
  }
}

@Controller('/without-reply')
class WithoutReply {
  @Get('/') get() {
    return leave(make(), undefined as unknown as FastifyReply);
  }
}

describe.each(Object.entries(UPSTREAM))('an %s in a controller tells clients nothing, and is logged', (what, upstream) => {
  test('in whatever way it leaves', async () => {
    const { send, logs } = await serve([Upstream, WithoutReply]);
    make = upstream;
    for (const [way, leaveBy] of Object.entries(WAYS)) {
      leave = leaveBy;
      for (const path of way.startsWith('sent') ? ['/upstream'] : ['/upstream', '/without-reply']) {
        const before = logs.length;
        const { status, json, headers } = await send(`GET ${path}`);
        expect({ what, way, path, status, json }).toEqual({ what, way, path, status: 500, json: INTERNAL });
        expect(JSON.stringify(headers)).not.toContain('SECRET');
        const logged = logs.slice(before).filter(({ level }) => level === 50);
        expect(logged.length).toBeGreaterThan(0);
      }
    }
  });
});

test('the log has the real error', async () => {
  const { send, logs } = await serve([WithoutReply]);
  make = UPSTREAM['Azure RestError'] as () => unknown;
  leave = WAYS['rejected'] as typeof leave;
  await send('GET /without-reply');
  expect(logs.filter(({ level }) => level === 50)).toMatchObject([
    {
      msg: 'GET /without-reply answered 500',
      err: { message: SECRET, code: 'AuthorizationFailure', stack: expect.stringContaining(' at ') },
    },
  ]);
});

test("an error handler of a plugin gets a controller's error, and what it hands on is not trusted more than before", async () => {
  make = UPSTREAM['Azure RestError'] as () => unknown;
  leave = WAYS['rejected'] as typeof leave;
  const seen: unknown[] = [];
  const handOn = (how: (error: Error, reply: FastifyReply) => unknown) =>
    extension((fastify) =>
      fastify.setErrorHandler((error: Error, _request, reply) => {
        seen.push(error.message);
        return how(error, reply);
      }),
    );
  for (const how of [
    (error: Error) => {
      throw error;
    },
    async (error: Error) => {
      throw error;
    },
    (error: Error, reply: FastifyReply) => reply.code(403).send(error),
  ]) {
    const { send } = await serve([WithoutReply], handOn(how));
    expect((await send('GET /without-reply')).json).toEqual(INTERNAL);
  }
  const { send } = await serve(
    [WithoutReply],
    handOn(() => {
      throw Object.assign(new Error('no such invoice'), { statusCode: 404 });
    }),
  );
  expect((await send('GET /without-reply')).json).toEqual({ statusCode: 404, error: 'Not Found', message: 'no such invoice' });
  expect(seen).toEqual([SECRET, SECRET, SECRET, SECRET]);
});

test('one error may be trusted from a hook and not from a controller', async () => {
  const shared = Object.assign(new Error('shared'), { statusCode: 404 });
  @Controller('/shared')
  class Shared {
    @Get('/controller') controller() {
      throw shared;
    }
    @Get('/hook', {
      preHandler: async () => {
        throw shared;
      },
    })
    hook() {}
  }
  const { send } = await serve([Shared]);
  for (let round = 0; round < 2; round++) {
    expect((await send('GET /shared/controller')).status).toBe(500);
    expect((await send('GET /shared/hook')).json).toEqual({ statusCode: 404, error: 'Not Found', message: 'shared' });
  }
});

class Declared extends Error {}
class Inherited extends Declared {}
class OwnStatus extends Error {
  readonly code = 'OWN';
  readonly headers = { 'x-own': 'yes' };
  constructor(readonly status: unknown) {
    super('own');
  }
}
class OfLibrary extends Error {}
ResponseStatus(409)(Declared);
ResponseStatus()(OwnStatus);
ResponseStatus(503)(OfLibrary);

test.each<[string, () => unknown, number, object]>([
  ['an HttpError', () => new NotFoundError('no order 5'), 404, { message: 'no order 5' }],
  ['an error of Fastify', () => new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE(), 413, { code: 'FST_ERR_CTP_BODY_TOO_LARGE' }],
  ['an error of http-errors', () => createError(410, 'gone'), 410, { message: 'gone' }],
  ['one of http-errors with a status that has no class', () => createError(456, 'odd'), 456, { message: 'odd' }],
  ['one that http-errors was given again', () => createError(502, createError(410, 'gone')), 410, { message: 'gone' }],
  ['a subclass of one of http-errors', () => new (class Eclipse extends Conflict {})('dark'), 409, { message: 'dark' }],
  ['an error of http-errors that exposes a 5xx', () => createError(502, 'try again', { expose: true }), 502, { message: 'try again' }],
  ['an instance of a declared class', () => new Declared('sold out'), 409, { message: 'sold out', error: 'Conflict' }],
  ['an instance of its subclass', () => new Inherited('sold out'), 409, { message: 'sold out' }],
  ['a declared class of the server', () => new OfLibrary('back at nine'), 503, { message: 'back at nine' }],
  ['a declared class with a status of its own', () => new OwnStatus(418), 418, { message: 'own', code: 'OWN' }],
  ['a declared class with no status', () => new OwnStatus('418'), 500, INTERNAL],
])('%s decides the answer of a controller', async (_what, error, status, body) => {
  const { send } = await serve([Upstream]);
  make = error;
  expect(errorStatus(error())).toBe(status);
  for (const way of Object.values(WAYS)) {
    leave = way;
    const answer = await send('GET /upstream');
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ statusCode: status, ...body });
    expect(answer.headers['x-own']).toBe(status === 418 ? 'yes' : undefined);
  }
});

test('@ResponseStatus takes a status of an error, and parentheses', () => {
  for (const status of [200, 399, 600, 404.5, Number.NaN, '404' as unknown as number]) {
    expect(() => ResponseStatus(status)).toThrow(
      `@ResponseStatus(${typeof status === 'string' ? '"404"' : status}) is not an error's status. Give an integer from 400 to 599.`,
    );
  }
  expect(() => (ResponseStatus as unknown as (target: object) => void)(Declared)).toThrow(
    '@ResponseStatus on Declared was written without parentheses. Write @ResponseStatus().',
  );
});

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
  extension((fastify) => fastify.register(rateLimit, { max: 1, timeWindow: 60_000, ...options }));

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
    extension(async (fastify) => {
      await fastify.register(auth);
      fastify.addHook('preHandler', fastify.auth([(_request, _reply, done) => done(new Error('who are you?'))]));
    }),
  );
  expect((await send('GET /auth')).json).toEqual({ statusCode: 401, error: 'Unauthorized', message: 'who are you?' });
});

test('@fastify/multipart and @fastify/sensible answer from within a controller', async () => {
  const { send } = await serve(
    [Plain],
    extension(async (fastify) => {
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

test.each(PLACES)('what a hook throws in %s means what it means to Fastify', async (place) => {
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
    extension((fastify) =>
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
    extension((fastify) => {
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
