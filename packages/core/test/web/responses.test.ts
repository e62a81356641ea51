/** What becomes of what a method returns. */
import { Readable } from 'node:stream';
import { Controller, Delete, Get, HttpCode, NotFoundError, Post, Reply } from '@tsukimi/core';
import type { FastifyReply } from 'fastify';
import knex from 'knex';
import { expect, onTestFinished, test } from 'vitest';
import { serve } from './serve.js';

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(resolve, value));

@Controller('/r')
class Results {
  @Get('/object') object() {
    return { a: 1 };
  }
  @Get('/promise') async promise() {
    return await later([1, 2]);
  }
  @Get('/thenable') thenable() {
    // biome-ignore lint/suspicious/noThenProperty: query builders are such.
    return { then: (resolve: (value: unknown) => void) => resolve({ rows: 1 }) };
  }
  @Get('/string') string() {
    return 'text';
  }
  @Get('/empty-string') emptyString() {
    return '';
  }
  @Get('/number') number() {
    return 5;
  }
  @Get('/false') false() {
    return false;
  }
  @Get('/null') null() {
    return null;
  }
  @Get('/null-promise') async nullPromise() {
    return null;
  }
  @Get('/buffer') buffer() {
    return Buffer.from('bytes');
  }
  @Get('/stream') stream() {
    return Readable.from(['a', 'b']);
  }
  @Get('/response') response() {
    return new Response('web', { status: 202, headers: { 'x-web': 'yes' } });
  }
  @Get('/nothing') nothing() {}
  @Get('/nothing-promise') async nothingPromise() {
    await later(undefined);
  }
  @Delete('/nothing') @HttpCode(202) accepted() {}
  @Delete('/nothing-promise') @HttpCode(200) async acceptedPromise() {}
  @Post('/created') @HttpCode(201) created() {
    return { id: 1 };
  }
  @Get('/error-object') errorObject() {
    return new Error('returned, not thrown');
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';

test.each([
  ['GET /r/object', 200, JSON_TYPE, '{"a":1}'],
  ['GET /r/promise', 200, JSON_TYPE, '[1,2]'],
  ['GET /r/thenable', 200, JSON_TYPE, '{"rows":1}'],
  ['GET /r/string', 200, 'text/plain; charset=utf-8', 'text'],
  ['GET /r/empty-string', 200, 'text/plain; charset=utf-8', ''],
  ['GET /r/number', 200, JSON_TYPE, '5'],
  ['GET /r/false', 200, JSON_TYPE, 'false'],
  ['GET /r/null', 200, JSON_TYPE, 'null'],
  ['GET /r/null-promise', 200, JSON_TYPE, 'null'],
  ['GET /r/buffer', 200, 'application/octet-stream', 'bytes'],
  ['GET /r/stream', 200, undefined, 'ab'],
  ['GET /r/response', 202, 'text/plain;charset=UTF-8', 'web'],
  ['GET /r/nothing', 204, undefined, ''],
  ['GET /r/nothing-promise', 204, undefined, ''],
  ['DELETE /r/nothing', 202, undefined, ''],
  ['DELETE /r/nothing-promise', 200, undefined, ''],
  ['POST /r/created', 201, JSON_TYPE, '{"id":1}'],
])('%s answers %s', async (line, status, type, text) => {
  const { send } = await serve([Results]);
  const answer = await send(line);
  expect({ status: answer.status, type: answer.type, text: answer.text }).toEqual({ status, type, text });
});

test('an error that is returned is an error', async () => {
  const { send } = await serve([Results]);
  expect((await send('GET /r/error-object')).json).toEqual({
    statusCode: 500,
    error: 'Internal Server Error',
    message: 'Internal Server Error',
  });
});

@Controller('/reply')
class Replies {
  @Get('/sync') sync(@Reply() reply: FastifyReply) {
    reply.code(202).send({ sent: 'sync' });
  }
  @Get('/callback') callback(@Reply() reply: FastifyReply) {
    setImmediate(() => reply.send({ sent: 'later' }));
  }
  @Get('/returned') returned(@Reply() reply: FastifyReply) {
    return reply.send({ sent: 'returned' });
  }
  @Get('/async') async async(@Reply() reply: FastifyReply) {
    await later(undefined);
    reply.send({ sent: 'async' });
  }
  @Get('/async-returned') async asyncReturned(@Reply() reply: FastifyReply) {
    await later(undefined);
    return reply.send(Readable.from(['stream']));
  }
  @Get('/headers-only') headersOnly(@Reply() reply: FastifyReply) {
    reply.header('x-set', 'yes');
    return { value: 1 };
  }
  @Get('/status-only') async statusOnly(@Reply() reply: FastifyReply) {
    reply.code(205);
  }
  @Get('/async-nothing') async asyncNothing(@Reply() reply: FastifyReply) {
    reply.header('x-set', 'yes');
  }
  @Get('/hijacked') hijacked(@Reply() reply: FastifyReply) {
    reply.hijack();
    setImmediate(() => reply.raw.end('raw'));
  }
  @Get('/hijacked-async') async hijackedAsync(@Reply() reply: FastifyReply) {
    reply.hijack();
    await later(undefined);
    reply.raw.end('raw');
  }
  @Get('/redirect') redirect(@Reply() reply: FastifyReply) {
    return reply.redirect('/elsewhere');
  }
}

test.each([
  ['/reply/sync', 202, '{"sent":"sync"}'],
  ['/reply/callback', 200, '{"sent":"later"}'],
  ['/reply/returned', 200, '{"sent":"returned"}'],
  ['/reply/async', 200, '{"sent":"async"}'],
  ['/reply/async-returned', 200, 'stream'],
  ['/reply/headers-only', 200, '{"value":1}'],
  ['/reply/status-only', 205, ''],
  ['/reply/async-nothing', 204, ''],
  ['/reply/hijacked', 200, 'raw'],
  ['/reply/hijacked-async', 200, 'raw'],
  ['/reply/redirect', 302, ''],
])('a method that takes the reply: %s', async (url, status, text) => {
  const { send, logs } = await serve([Replies]);
  const answer = await send(`GET ${url}`);
  expect({ status: answer.status, text: answer.text }).toEqual({ status, text });
  expect(logs.filter(({ level }) => level >= 40)).toEqual([]);
});

const bytes = (text: string) =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024)) });

/** Web answers: what GET and HEAD give. */
const WEB: Readonly<Record<string, readonly [make: () => unknown, status: number, headers: object, text: string]>> = {
  text: [
    () => new Response('web', { status: 202, headers: { 'x-web': 'yes' } }),
    202,
    { 'x-web': 'yes', 'content-type': 'text/plain;charset=UTF-8' },
    'web',
  ],
  json: [() => Response.json({ a: 1 }), 200, { 'content-type': 'application/json' }, '{"a":1}'],
  length: [() => new Response('web', { headers: { 'content-length': '3' } }), 200, { 'content-length': '3' }, 'web'],
  cookies: [
    () =>
      new Response('', {
        headers: [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      }),
    200,
    { 'set-cookie': ['a=1', 'b=2'] },
    '',
  ],
  stream: [() => new Response(bytes('flow')), 200, {}, 'flow'],
  nothing: [() => new Response(null), 200, {}, ''],
  'no content': [() => new Response(null, { status: 204 }), 204, {}, ''],
  'not modified': [() => new Response(null, { status: 304, headers: { etag: '"5"' } }), 304, { etag: '"5"' }, ''],
  redirect: [() => Response.redirect('http://moon.test/', 302), 302, { location: 'http://moon.test/' }, ''],
  'not found': [() => new Response('no', { status: 404 }), 404, {}, 'no'],
  'web stream': [() => bytes('flow'), 200, {}, 'flow'],
};

let makeWeb: () => unknown = () => undefined;
@Controller('/web')
class Web {
  @Get('/sync') sync() {
    return makeWeb();
  }
  @Get('/async') async async() {
    return await later(makeWeb());
  }
  @Get('/sent') sent(@Reply() reply: FastifyReply) {
    return reply.send(makeWeb());
  }
}

test.each(Object.entries(WEB))('a web response is answered to GET and to HEAD: %s', async (_, [make, status, headers, text]) => {
  const { send, logs } = await serve([Web]);
  makeWeb = make;
  for (const path of ['/web/sync', '/web/async', '/web/sent']) {
    expect(await send(`GET ${path}`)).toMatchObject({ status, headers, text });
    expect(await send(`HEAD ${path}`)).toMatchObject({ status, headers, text: '' });
  }
  expect(logs.filter(({ level }) => level >= 40)).toEqual([]);
});

test('HEAD does not read an endless web response', async () => {
  const { send } = await serve([Web]);
  makeWeb = () => new Response(endless(), { headers: { 'x-endless': 'yes' } });
  expect(await send('HEAD /web/async')).toMatchObject({ status: 200, headers: { 'x-endless': 'yes' }, text: '' });
});

type Then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void;
const thenable = (then: Then, of: object = {}): object => Object.defineProperty(of, 'then', { value: then });
const ROWS = { rows: 1 };
const NO_ROWS = { statusCode: 404, error: 'Not Found', message: 'no rows' };

/** What the `then` of a library's thenable may do, and what is answered. */
const THENABLES: Readonly<Record<string, readonly [then: Then, status: number, json: unknown]>> = {
  'settles later': [(resolve) => void setImmediate(resolve, ROWS), 200, ROWS],
  'settles at once': [(resolve) => resolve(ROWS), 200, ROWS],
  'fails later': [(_, reject) => void setImmediate(reject, new NotFoundError('no rows')), 404, NO_ROWS],
  throws: [
    () => {
      throw new NotFoundError('no rows');
    },
    404,
    NO_ROWS,
  ],
  'throws after it has settled': [
    (resolve) => {
      resolve(ROWS);
      throw new Error('late');
    },
    200,
    ROWS,
  ],
  'settles twice': [
    (resolve, reject) => {
      resolve(ROWS);
      resolve({ rows: 2 });
      reject(new Error('late'));
    },
    200,
    ROWS,
  ],
  'gives another thenable': [(resolve) => resolve(thenable((inner) => inner(ROWS))), 200, ROWS],
  'gives a promise': [(resolve) => resolve(later(ROWS)), 200, ROWS],
  'gives nothing': [(resolve) => resolve(undefined), 204, undefined],
};

test.each(Object.entries(THENABLES))('a thenable whose then %s is answered, and run once', async (_, [then, status, json]) => {
  let calls = 0;
  let of: () => object = () => ({});
  const make = () =>
    thenable((resolve, reject) => {
      calls += 1;
      then(resolve, reject);
    }, of());
  @Controller('/thenable')
  class Thenables {
    @Get('/') get() {
      return make();
    }
    @Get('/reply') withReply(@Reply() _reply: FastifyReply) {
      return make();
    }
    @Get('/async') async async() {
      return make();
    }
  }
  const { send } = await serve([Thenables]);
  for (of of [() => ({}), () => () => undefined, () => later(0), () => new Map()]) {
    calls = 0;
    for (const [at, path] of ['/thenable', '/thenable/reply', '/thenable/async'].entries()) {
      expect(await send(`GET ${path}`)).toMatchObject({ status, json });
      expect(calls).toBe(at + 1);
    }
  }
});

test('a query builder of Knex that a method returns runs once', async () => {
  const queries: string[] = [];
  const database = knex({ client: 'pg' });
  onTestFinished(() => database.destroy());
  @Controller('/knex')
  class Orders {
    @Get('/') all() {
      const query = database('orders').select('id');
      const client = query.client as { runner: (builder: unknown) => unknown };
      client.runner = (builder) => ({
        run: async () => {
          queries.push(String(builder));
          return [{ id: 1 }];
        },
      });
      return query;
    }
  }
  const { send } = await serve([Orders]);
  expect((await send('GET /knex')).json).toEqual([{ id: 1 }]);
  expect(queries).toEqual(['select "id" from "orders"']);
});
