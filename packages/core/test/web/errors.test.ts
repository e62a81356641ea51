/** What becomes of what a method throws: meant for the client, or for the log. */
import {
  ApplicationError,
  BadRequestError,
  ConflictError,
  Controller,
  errorStatus,
  ForbiddenError,
  Get,
  HttpCode,
  HttpError,
  NotFoundError,
  Post,
  ServiceUnavailableError,
  TooManyRequestsError,
  UnauthorizedError,
  UnprocessableEntityError,
} from '@tsukimi/core';
import type { FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { serve } from './serve.js';

const INTERNAL = { statusCode: 500, error: 'Internal Server Error', message: 'Internal Server Error' };

function throwing(make: () => unknown, async: boolean) {
  @Controller('/throwing')
  class Throwing {
    @Get() @HttpCode(201) get(): unknown {
      if (async) return Promise.reject(make());
      throw make();
    }
  }
  return Throwing;
}

test.each([
  [BadRequestError, 400, 'Bad Request'],
  [UnauthorizedError, 401, 'Unauthorized'],
  [ForbiddenError, 403, 'Forbidden'],
  [NotFoundError, 404, 'Not Found'],
  [ConflictError, 409, 'Conflict'],
  [UnprocessableEntityError, 422, 'Unprocessable Entity'],
  [TooManyRequestsError, 429, 'Too Many Requests'],
  [ServiceUnavailableError, 503, 'Service Unavailable'],
])('%o is answered with its status', async (Type, statusCode, error) => {
  for (const async of [false, true]) {
    const told = await serve([
      throwing(() => new Type('no order 5', { code: 'ORDER', details: { id: 5 }, cause: new Error('secret') }), async),
    ]);
    expect(await told.send('GET /throwing')).toMatchObject({
      status: statusCode,
      type: 'application/json; charset=utf-8',
      text: JSON.stringify({ statusCode, error, message: 'no order 5', code: 'ORDER', details: { id: 5 } }),
    });
    const untold = await serve([throwing(() => new Type(), async)]);
    expect((await untold.send('GET /throwing')).text).toBe(JSON.stringify({ statusCode, error, message: error }));
  }
  expect(new Type('x')).toMatchObject({ name: Type.name, message: 'x', statusCode });
});

test('headers of an error are headers of the answer', async () => {
  const { send } = await serve([throwing(() => new TooManyRequestsError('slow down', { headers: { 'retry-after': 30 } }), true)]);
  expect(await send('GET /throwing')).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
});

test('a subclass may have a status and a name of its own', async () => {
  class TeapotError extends HttpError {
    constructor() {
      super(418, 'short and stout');
    }
  }
  expect(new TeapotError().name).toBe('TeapotError');
  const { send } = await serve([throwing(() => new TeapotError(), false)]);
  expect((await send('GET /throwing')).json).toEqual({ statusCode: 418, error: "I'm a Teapot", message: 'short and stout' });
});

test.each([200, 399, 600, 404.5, Number.NaN])('HttpError(%s) is refused', (status) => {
  expect(() => new HttpError(status, 'm')).toThrow(`HttpError(${status}, ...) is not an error status. Use an integer from 400 to 599.`);
  expect(() => new HttpError(status)).toThrow(ApplicationError);
});

test.each([
  ['an error', () => new TypeError('password is hunter2'), 'password is hunter2'],
  ['an error of ours', () => new ApplicationError('TSK_ERR_X', 'inside'), 'inside'],
  ['an error with an odd status', () => Object.assign(new Error('odd'), { statusCode: '404' }), 'odd'],
  ['an error with a success status', () => Object.assign(new Error('odd'), { statusCode: 200 }), 'odd'],
  ['a string', () => 'boom', 'Throwing.get threw "boom", which is not an Error. Throw an Error, or an HttpError.'],
  ['undefined', () => undefined, 'Throwing.get threw undefined, which is not an Error. Throw an Error, or an HttpError.'],
  ['null', () => null, 'Throwing.get threw null, which is not an Error. Throw an Error, or an HttpError.'],
  [
    'an object with a status',
    () => ({ statusCode: 404 }),
    'Throwing.get threw [object Object], which is not an Error. Throw an Error, or an HttpError.',
  ],
  [
    'an object without a text',
    () => Object.create(null),
    'Throwing.get threw something of type object, which is not an Error. Throw an Error, or an HttpError.',
  ],
])('%s is a 500 that tells nothing, and logged with its stack', async (_what, make, message) => {
  for (const async of [false, true]) {
    const { send, logs } = await serve([throwing(make, async)]);
    const answer = await send('GET /throwing');
    expect(answer).toMatchObject({ status: 500, type: 'application/json; charset=utf-8', text: JSON.stringify(INTERNAL) });
    const errors = logs.filter(({ level }) => level >= 50);
    expect(errors).toMatchObject([
      {
        err: { message: expect.stringContaining(message), stack: expect.stringMatching(/\n +at /) },
        msg: 'GET /throwing answered 500',
      },
    ]);
  }
});

test('what cannot be serialized is a 500', async () => {
  @Controller('/circular')
  class Circular {
    @Get('/sync') sync() {
      const value: Record<string, unknown> = {};
      value['self'] = value;
      return value;
    }
    @Get('/async') async async() {
      return { big: 1n };
    }
  }
  const { send } = await serve([Circular]);
  expect((await send('GET /circular/sync')).json).toEqual(INTERNAL);
  expect((await send('GET /circular/async')).json).toEqual(INTERNAL);
});

test.each([
  ['details that hold a bigint', () => new ConflictError('taken', { details: { id: 1n } })],
  ['a header with a line break', () => new ConflictError('taken', { headers: { link: 'a\r\nsecret: b' } })],
  ['a header that has no name', () => new ConflictError('taken', { headers: { 'not a name': 'secret' } })],
  [
    'a toJSON that throws',
    () =>
      new (class extends HttpError {
        override toJSON(): never {
          throw new TypeError('secret');
        }
      })(409, 'taken'),
  ],
])('an error with %s is a 500 that tells nothing, and both errors are logged', async (_what, make) => {
  const { send, logs } = await serve([throwing(make, true)]);
  expect((await send('GET /throwing')).text).toBe(JSON.stringify(INTERNAL));
  expect(logs.filter(({ level }) => level >= 50)).toMatchObject([
    { msg: 'The response for the following error cannot be sent', err: { type: 'TypeError' } },
    { msg: 'GET /throwing answered 500', err: { message: 'taken' } },
  ]);
});

test('4xx answers are not logged unless at debug', async () => {
  const quiet = await serve([throwing(() => new NotFoundError('x'), false)]);
  await quiet.send('GET /throwing');
  expect(quiet.logs.filter(({ msg }) => msg.includes('answered'))).toEqual([]);
  const verbose = await serve([throwing(() => new NotFoundError('x'), false)], { configuration: { logging: { level: 'debug' } } });
  await verbose.send('GET /throwing');
  expect(verbose.logs.filter(({ msg }) => msg.includes('answered'))).toMatchObject([{ level: 20, msg: 'GET /throwing answered 404' }]);
});

test("a plugin's own error handler takes precedence, and sees no status of success", async () => {
  const { send } = await serve([throwing(() => new Error('mine'), true)], {
    extensions: [
      () => ({
        name: 'handler',
        server: (fastify: FastifyInstance) => {
          fastify.setErrorHandler((error: Error, _request, reply) => reply.send({ mine: error.message, status: reply.statusCode }));
        },
      }),
    ],
  });
  expect((await send('GET /throwing')).json).toEqual({ mine: 'mine', status: 200 });
});

test('an error after HttpCode does not keep that status', async () => {
  @Controller('/late-error')
  class LateError {
    @Post() @HttpCode(201) async create() {
      throw new Error('x');
    }
  }
  const { send } = await serve([LateError]);
  expect((await send('POST /late-error')).status).toBe(500);
});

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable(new NotFoundError(), {});
  revoke();
  return proxy;
}

test.each<[string, () => unknown, number]>([
  ['an HttpError', () => new NotFoundError(), 404],
  ['an error with a status of its own', () => Object.assign(new Error('no'), { statusCode: 418 }), 500],
  ['a proxy without its target', revokedProxy, 500],
  ['an error without', () => new Error('no'), 500],
  ['an object that is no error', () => ({ statusCode: 404 }), 500],
  ['undefined', () => undefined, 500],
])('errorStatus tells of %s what it is answered with', async (_, make, status) => {
  expect(errorStatus(make())).toBe(status);
  const app = await serve([throwing(make, false)]);
  expect(await app.send('GET /throwing')).toMatchObject({ status });
});
