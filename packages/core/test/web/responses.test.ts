/** What becomes of what a method returns. */
import { Readable } from 'node:stream';
import { Controller, Delete, Get, HttpCode, Post, Reply } from '@tsukimi/core';
import type { FastifyReply } from 'fastify';
import { expect, test } from 'vitest';
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
