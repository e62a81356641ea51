/** Whose an error is decides whether clients may see it: a controller's upstream, or a hook, a parser or a plugin. */
import { Readable } from 'node:stream';
import sensible from '@fastify/sensible';
import { Controller, errorStatus, Get, HttpError, NotFoundError, Reply, ResponseStatus } from '@tsukimi/core';
import type { FastifyReply } from 'fastify';
import { errorCodes, fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { INTERNAL, serve, withServer } from './serve.js';

const server = fastify();
await server.register(sensible);
const { createError } = server.httpErrors;
const Conflict = createError(409).constructor as new (message: string) => Error;

const SECRET = 'SECRET account tsukimiprod, container invoices';

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
    withServer((fastify) =>
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
      `@ResponseStatus(${typeof status === 'string' ? '"404"' : status}) is not an error status. Use an integer from 400 to 599.`,
    );
  }
  expect(() => (ResponseStatus as unknown as (target: object) => void)(Declared)).toThrow(
    '@ResponseStatus on Declared was written without parentheses. Write @ResponseStatus().',
  );
});
