/** Bodies are checked by JSON Schema before a method sees them, and never coerced. */
import { Body, Controller, Delete, Patch, Post, Put, Query, Req } from '@tsukimi/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { invalid, serve } from './serve.js';

const NewOrder = Type.Object(
  {
    amount: Type.Number({ minimum: 0 }),
    email: Type.Optional(Type.String({ format: 'email' })),
    paid: Type.Optional(Type.Boolean()),
    items: Type.Optional(Type.Array(Type.Object({ price: Type.Number(), 'a/b': Type.Optional(Type.Number()) }))),
    region: Type.Optional(Type.String({ default: 'eu' })),
  },
  { additionalProperties: false },
);

@Controller('/orders')
class Orders {
  @Post('/') create(@Body(NewOrder) order: object) {
    return order;
  }
  @Post('/plain') plain(@Body({ type: 'object', required: ['a'], properties: { a: { type: 'integer' } } }) body: object) {
    return body;
  }
  @Post('/field') field(
    @Body('amount', Type.Number()) amount: number,
    @Body('note', { schema: Type.String(), required: false }) note?: string,
  ) {
    return { amount, note };
  }
  @Post('/free') free(@Body() body: unknown) {
    return { body: body ?? null };
  }
  @Post('/either') either(@Body(Type.Union([Type.Object({ a: Type.Number() }), Type.Object({ b: Type.Number() })])) body: object) {
    return body;
  }
}

test.each([
  ['/orders', { amount: 5 }, { amount: 5, region: 'eu' }],
  ['/orders', { amount: 5, items: [{ price: 1 }] }, { amount: 5, region: 'eu', items: [{ price: 1 }] }],
  ['/orders/plain', { a: 1, extra: true }, { a: 1, extra: true }],
  ['/orders/field', { amount: 1 }, { amount: 1 }],
  ['/orders/field', { amount: 1, note: 'n' }, { amount: 1, note: 'n' }],
  ['/orders/either', { b: 1 }, { b: 1 }],
])('%s takes %j', async (url, payload, json) => {
  const { send } = await serve([Orders]);
  expect(await send(`POST ${url}`, { payload })).toMatchObject({ status: 200, json });
});

test.each([
  ['/orders', { amount: '5' }, 'amount', 'must be number', 'body/amount must be number'],
  ['/orders', { amount: null }, 'amount', 'must be number', 'body/amount must be number'],
  ['/orders', { amount: -1 }, 'amount', 'must be >= 0', 'body/amount must be >= 0'],
  ['/orders', { amount: 1, paid: 'true' }, 'paid', 'must be boolean', 'body/paid must be boolean'],
  ['/orders', { amount: 1, email: 'x' }, 'email', 'must match format "email"', 'body/email must match format "email"'],
  ['/orders', {}, 'amount', "must have required property 'amount'", "body must have required property 'amount'"],
  ['/orders', { amount: 1, items: {} }, 'items', 'must be array', 'body/items must be array'],
  ['/orders', { amount: 1, items: [{ price: 'x' }] }, 'items.0.price', 'must be number', 'body/items/0/price must be number'],
  [
    '/orders',
    { amount: 1, items: [{}] },
    'items.0.price',
    "must have required property 'price'",
    "body/items/0 must have required property 'price'",
  ],
  ['/orders', { amount: 1, items: [{ price: 1, 'a/b': '' }] }, 'items.0.a/b', 'must be number', 'body/items/0/a~1b must be number'],
  ['/orders', { amount: 1, admin: true }, 'admin', 'must NOT have additional properties', 'body must NOT have additional properties'],
  ['/orders', [], '', 'must be object', 'body must be object'],
  ['/orders', 'null', '', 'must be object', 'body must be object'],
  ['/orders', undefined, '', 'must be object', 'body must be object'],
  ['/orders/plain', { a: 1.5 }, 'a', 'must be integer', 'body/a must be integer'],
  ['/orders/field', { amount: '1' }, 'amount', 'must be number', 'body/amount must be number'],
  ['/orders/field', {}, 'amount', "must have required property 'amount'", "body must have required property 'amount'"],
])('%s refuses %j', async (url, payload, field, message, whole) => {
  const { send } = await serve([Orders]);
  const headers = { 'content-type': 'application/json' };
  const { status, json } = await send(`POST ${url}`, payload === undefined ? {} : { payload, headers });
  expect({ status, json }).toEqual({ status: 400, json: { ...(invalid('body', field, message) as object), message: whole } });
});

test('all possibilities are reported', async () => {
  const { send } = await serve([Orders]);
  expect((await send('POST /orders/either', { payload: {} })).json).toMatchObject({
    code: 'TSK_ERR_WEB_REQUEST_INVALID',
    errors: [
      { in: 'body', field: 'a', message: "must have required property 'a'" },
      { in: 'body', field: 'b', message: "must have required property 'b'" },
      { in: 'body', field: '', message: 'must match a schema in anyOf' },
    ],
  });
});

test.each([
  ['{bad', 'application/json', 400, 'FST_ERR_CTP_INVALID_JSON_BODY'],
  ['', 'application/json', 400, 'FST_ERR_CTP_EMPTY_JSON_BODY'],
  ['<a/>', 'application/xml', 415, 'FST_ERR_CTP_INVALID_MEDIA_TYPE'],
  ['{"__proto__":{}}', 'application/json', 400, 'FST_ERR_CTP_INVALID_JSON_BODY'],
  [JSON.stringify('x'.repeat(1_100_000)), 'application/json', 413, 'FST_ERR_CTP_BODY_TOO_LARGE'],
])('a body that Fastify does not read keeps its status (%#)', async (payload, type, status, code) => {
  const { send } = await serve([Orders]);
  const answer = await send('POST /orders/free', { payload, headers: { 'content-type': type } });
  expect(answer).toMatchObject({ status, type: 'application/json; charset=utf-8', json: { statusCode: status, code } });
  expect(Object.keys(answer.json as object)).toEqual(['statusCode', 'error', 'message', 'code']);
});

test('no schema: the body is passed as it was parsed', async () => {
  const { send } = await serve([Orders]);
  expect((await send('POST /orders/free', { payload: [1, '2'] })).json).toEqual({ body: [1, '2'] });
  expect((await send('POST /orders/free', { payload: 'text', headers: { 'content-type': 'text/plain' } })).json).toEqual({ body: 'text' });
  expect((await send('POST /orders/free')).json).toEqual({ body: null });
});

test('schemas that the server knows can be referred to', async () => {
  @Controller('/shared')
  class Shared {
    @Post() create(@Body({ $ref: 'money#' }) body: object) {
      return body;
    }
  }
  const money = { $id: 'money', type: 'object', properties: { amount: { type: 'number' } } };
  const { send } = await serve([Shared], {
    extensions: [() => ({ name: 'schemas', server: (fastify: FastifyInstance) => void fastify.addSchema(money) })],
  });
  expect((await send('POST /shared', { payload: { amount: 1 } })).status).toBe(200);
  expect((await send('POST /shared', { payload: { amount: '1' } })).json).toMatchObject({ field: 'amount' });
});

test('one schema with an $id may stand on several routes', async () => {
  const Named = Type.Object({ a: Type.Number() }, { $id: 'named' });
  @Controller('/named')
  class Named1 {
    @Post('/a') a(@Body(Named) body: object) {
      return body;
    }
    @Post('/b') b(@Body(Named) body: object, @Query(Named) query: object) {
      return { body, query };
    }
  }
  const { send } = await serve([Named1]);
  expect((await send('POST /named/a', { payload: { a: 1 } })).status).toBe(200);
  expect((await send('POST /named/b?a=2', { payload: { a: 1 } })).json).toEqual({ body: { a: 1 }, query: { a: 2 } });
});

test.each([
  [{ type: 'nonsense' }, 'data/type must be equal to one of the allowed values'],
  [{ type: 'object', minimun: 3 }, 'unknown keyword: "minimun"'],
  [{ $ref: 'nowhere#' }, "can't resolve reference nowhere#"],
  [{ type: 'string', format: 'nonsense' }, 'unknown format "nonsense"'],
])('a schema that cannot be used stops the start: %j', async (schema, reason) => {
  @Controller('/broken')
  class Broken {
    @Post() create(@Body(schema) _body: unknown) {}
  }
  const start = serve([Broken]);
  await expect(start).rejects.toMatchObject({ code: 'TSK_ERR_WEB_ROUTE_SCHEMA' });
  await expect(start).rejects.toThrow('The body schema of Broken.create cannot be used: ');
  await expect(start).rejects.toThrow(reason);
});

test('plain Fastify routes keep the validation that Fastify gives them', async () => {
  const schema = { body: { type: 'object', properties: { a: { type: 'number' } } } };
  const { send } = await serve([Orders], {
    extensions: [
      () => ({
        name: 'plain',
        server: (fastify: FastifyInstance) => void fastify.post('/plain', { schema }, async (request) => request.body),
      }),
    ],
  });
  expect((await send('POST /plain', { payload: { a: '5' } })).json).toEqual({ a: 5 });
  expect((await send('POST /plain', { payload: { a: 'x' } })).json).toEqual(invalid('body', 'a', 'must be number'));
});

@Controller('/empty')
class Empty {
  @Post('/none') none() {}
  @Put('/none') put(@Query('q') _q?: string) {}
  @Patch('/none') patch(@Req() request: FastifyRequest) {
    return { body: request.body ?? null };
  }
  @Delete('/none') delete() {}
  @Post('/optional') optional(@Body('note', { schema: Type.String(), required: false }) note?: string, @Body('plain') plain?: string) {
    return { note: note ?? null, plain: plain ?? null };
  }
  @Post('/fallback') fallback(@Body('note', { schema: Type.String(), default: 'none' }) note: string) {
    return { note };
  }
  @Post('/whole') whole(@Body() _body: unknown) {}
  @Post('/schema') schema(@Body(Type.Object({})) _body: unknown) {}
  @Post('/field') field(@Body('a', Type.Number()) _a: number) {}
  @Post('/required') required(@Body('a', { required: true }) _a: number) {}
  @Post('/standard') standard(@Body(z.object({})) _body: unknown) {}
  @Post('/options', { schema: { body: { type: 'object' } } }) options() {}
}

const JSON_TYPE = { 'content-type': 'application/json' };

test.each([
  ['POST /empty/none', 204, undefined],
  ['PUT /empty/none', 204, undefined],
  ['PATCH /empty/none', 200, { body: null }],
  ['DELETE /empty/none', 204, undefined],
  ['POST /empty/optional', 200, { note: null, plain: null }],
  ['POST /empty/fallback', 200, { note: 'none' }],
])('an empty JSON body is fine where none is asked for: %s', async (line, status, json) => {
  const { app } = await serve([Empty]);
  const url = await app.listen();
  const [method = '', path = ''] = line.split(' ');
  for (const headers of [JSON_TYPE, { 'content-type': 'application/json; charset=utf-8' }]) {
    for (const body of ['', new ReadableStream({ start: (controller) => controller.close() })]) {
      const answer = await fetch(url + path, { method, headers, body, duplex: 'half' });
      const text = await answer.text();
      expect({ status: answer.status, json: text === '' ? undefined : JSON.parse(text) }).toEqual({ status, json });
    }
  }
  expect((await fetch(url + path, { method, headers: JSON_TYPE, body: '{bad' })).status).toBe(400);
});

test.each(['whole', 'schema', 'field', 'required', 'standard', 'options'])(
  'an empty JSON body is a 400 where one is asked for: %s',
  async (path) => {
    const { send } = await serve([Empty]);
    expect((await send(`POST /empty/${path}`, { payload: '', headers: JSON_TYPE })).json).toMatchObject({
      code: 'FST_ERR_CTP_EMPTY_JSON_BODY',
    });
  },
);

test('a field of the body can be required without a schema', async () => {
  const { send } = await serve([Empty]);
  expect((await send('POST /empty/required', { payload: { a: 'x' } })).status).toBe(204);
  expect((await send('POST /empty/required', { payload: {} })).json).toMatchObject({
    field: 'a',
    message: "body must have required property 'a'",
  });
});

test("an application's own parser of JSON, and having none, are left alone", async () => {
  const own = await serve([Empty], {
    extensions: [
      () => ({
        name: 'parser',
        server: (fastify: FastifyInstance) =>
          void fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, { own: body })),
      }),
    ],
  });
  expect((await own.send('PATCH /empty/none', { payload: '', headers: JSON_TYPE })).json).toEqual({ body: { own: '' } });
  const none = await serve([Empty], {
    extensions: [() => ({ name: 'parser', server: (fastify: FastifyInstance) => fastify.removeAllContentTypeParsers() })],
  });
  expect((await none.send('PATCH /empty/none', { payload: '{}', headers: JSON_TYPE })).status).toBe(415);
});
