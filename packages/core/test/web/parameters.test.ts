/** Where arguments come from, and how text becomes values of the declared types. */
import { Body, Controller, Get, Header, Param, Post, Query, Reply, Req } from '@tsukimi/core';
import fc from 'fast-check';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { invalid, serve } from './serve.js';

@Controller('/typed')
class Typed {
  @Get('/number/:value') number(@Param('value') value: number) {
    return { type: typeof value, value };
  }
  @Get('/boolean/:value') boolean(@Param('value') value: boolean) {
    return { type: typeof value, value };
  }
  @Get('/string/:value') string(@Param('value') value: string) {
    return { type: typeof value, value };
  }
  @Get('/bigint/:value') bigint(@Param('value') value: bigint) {
    return { type: typeof value, value: `${value}` };
  }
  @Get('/date/:value') date(@Param('value') value: Date) {
    return { type: value.constructor.name, value };
  }
}

const get = async (url: string) => {
  const { send, app } = await serve([Typed]);
  const answer = await send(`GET ${url}`);
  await app.close();
  return answer;
};

test.each([
  ['/typed/number/5', { type: 'number', value: 5 }],
  ['/typed/number/-5.25', { type: 'number', value: -5.25 }],
  ['/typed/number/1e3', { type: 'number', value: 1000 }],
  ['/typed/number/007', { type: 'number', value: 7 }],
  ['/typed/boolean/true', { type: 'boolean', value: true }],
  ['/typed/boolean/false', { type: 'boolean', value: false }],
  ['/typed/string/5', { type: 'string', value: '5' }],
  ['/typed/string/a%20b', { type: 'string', value: 'a b' }],
  ['/typed/bigint/12345678901234567890', { type: 'bigint', value: '12345678901234567890' }],
  ['/typed/date/2026-02-28', { type: 'Date', value: '2026-02-28T00:00:00.000Z' }],
  ['/typed/date/2026-02-28T12:30:00%2B02:00', { type: 'Date', value: '2026-02-28T10:30:00.000Z' }],
])('%s is converted to the declared type', async (url, value) => {
  expect(await get(url)).toMatchObject({ status: 200, json: value });
});

test.each([
  ['/typed/number/abc', 'must be number'],
  ['/typed/number/NaN', 'must be number'],
  ['/typed/number/Infinity', 'must be number'],
  ['/typed/number/0x10', 'must be number'],
  ['/typed/number/0b1', 'must be number'],
  ['/typed/number/%201', 'must be number'],
  ['/typed/number/1%0A', 'must be number'],
  ['/typed/number/1_000', 'must be number'],
  ['/typed/number/1,5', 'must be number'],
  ['/typed/number/.', 'must be number'],
  ['/typed/number/true', 'must be number'],
  ['/typed/number/', 'must be number'],
  ['/typed/number/1e999', 'must be number'],
  ['/typed/number/9007199254740993', 'must be between -9007199254740991 and 9007199254740991'],
  ['/typed/boolean/1', 'must be boolean'],
  ['/typed/boolean/TRUE', 'must be boolean'],
  ['/typed/bigint/1.5', 'must match pattern "^-?[0-9]+$"'],
  ['/typed/date/2026-02-30', 'must match format "date or date-time"'],
  ['/typed/date/2026-02-28T12:30:00', 'must match format "date or date-time"'],
  ['/typed/date/tomorrow', 'must match format "date or date-time"'],
])('%s gets a 400 that names the parameter', async (url, message) => {
  expect(await get(url)).toMatchObject({ status: 400, json: invalid('params', 'value', message) });
});

test('a number is accepted exactly where it is a decimal that JavaScript can hold', async () => {
  const { send } = await serve([Typed]);
  const decimal = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
  const fits = (text: string) =>
    decimal.test(text) && Number.isFinite(Number(text)) && (!/^-?\d+$/.test(text) || Number.isSafeInteger(Number(text)));
  const text = fc.oneof(
    fc.double().map(String),
    fc.bigInt().map(String),
    // A URL's "." and ".." are gone before it is sent.
    fc.string({ minLength: 1, maxLength: 8 }).filter((part) => part !== '.' && part !== '..'),
    fc.integer().map(String),
  );
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      const { status, json } = await send(`GET /typed/number/${encodeURIComponent(value)}`);
      if (fits(value))
        expect({ status, json }).toEqual({ status: 200, json: { type: 'number', value: JSON.parse(JSON.stringify(Number(value))) } });
      else expect(status).toBe(400);
    }),
    { numRuns: 300 },
  );
});

@Controller('/query')
class Queries {
  @Get('/values') values(
    @Query('text') text?: string,
    @Query('count') count?: number,
    @Query('flag') flag?: boolean,
    @Query('tags') tags?: string[],
    @Query('since') since?: Date,
  ) {
    return { text, count, flag, tags, since };
  }
  @Get('/required') required(@Query('limit', { required: true }) limit: number) {
    return { limit };
  }
  @Get('/default') withDefault(@Query('limit', { default: 20 }) limit: number, @Query('sort', { default: 'asc' }) sort: string) {
    return { limit, sort };
  }
  @Get('/schema') schema(@Query('limit', Type.Integer({ minimum: 1, default: 10 })) limit: number) {
    return { limit };
  }
  @Get('/option-schema') optionSchema(@Query('limit', { schema: Type.Integer(), required: true }) limit: number) {
    return { limit };
  }
  @Get('/many') many(@Query('id', Type.Array(Type.Integer())) id: number[]) {
    return { id };
  }
  @Get('/raw') raw(@Query() query: object) {
    return query;
  }
  @Get('/whole') whole(@Query(Type.Object({ page: Type.Integer(), size: Type.Optional(Type.Integer()) })) query: object) {
    return query;
  }
  @Get('/both') both(@Query(Type.Object({ page: Type.Integer() })) query: object, @Query('size') size?: number) {
    return { query, size };
  }
  @Get('/initial') initial(@Query('limit') limit: number = 5) {
    return { limit };
  }
}

test.each([
  ['/values', {}],
  ['/values?text=a&count=1.5&flag=true&since=2026-01-01', { text: 'a', count: 1.5, flag: true, since: '2026-01-01T00:00:00.000Z' }],
  ['/values?tags=a&tags=b', { tags: ['a', 'b'] }],
  ['/values?tags=a', { tags: ['a'] }],
  ['/values?text=', { text: '' }],
  ['/required?limit=3', { limit: 3 }],
  ['/default', { limit: 20, sort: 'asc' }],
  ['/default?limit=0&sort=', { limit: 0, sort: '' }],
  ['/schema', { limit: 10 }],
  ['/schema?limit=5', { limit: 5 }],
  ['/many?id=1&id=2', { id: [1, 2] }],
  ['/many?id=1', { id: [1] }],
  ['/raw?a=1&b=x', { a: '1', b: 'x' }],
  ['/whole?page=2', { page: 2 }],
  ['/both?page=2&size=3', { query: { page: 2, size: 3 }, size: 3 }],
  ['/initial', { limit: 5 }],
  ['/initial?limit=6', { limit: 6 }],
])('GET /query%s', async (url, json) => {
  const { send } = await serve([Queries]);
  expect(await send(`GET /query${url}`)).toMatchObject({ status: 200, json });
});

test.each([
  ['/values?text=a&text=b', 'text', 'must be string'],
  ['/values?count=', 'count', 'must be number'],
  ['/values?count=+1', 'count', 'must be number'],
  ['/values?count=1&count=2', 'count', 'must be number'],
  ['/values?flag=', 'flag', 'must be boolean'],
  ['/required', 'limit', "must have required property 'limit'"],
  ['/required?limit=', 'limit', 'must be number'],
  ['/schema?limit=0', 'limit', 'must be >= 1'],
  ['/schema?limit=1.5', 'limit', 'must be integer'],
  ['/schema?limit=0x1', 'limit', 'must be integer'],
  ['/option-schema', 'limit', "must have required property 'limit'"],
  ['/many?id=1&id=0x2', 'id', 'must be integer'],
  ['/whole', 'page', "must have required property 'page'"],
  ['/whole?page=1&size=x', 'size', 'must be integer'],
  ['/both?page=1&size=x', 'size', 'must be number'],
])('GET /query%s gets a 400 for %s', async (url, field, message) => {
  const { send } = await serve([Queries]);
  const { status, json } = await send(`GET /query${url}`);
  const pointed = message.startsWith('must have required') ? `querystring ${message}` : `querystring/${field} ${message}`;
  expect({ status, json }).toEqual({ status: 400, json: { ...(invalid('querystring', field, message) as object), message: pointed } });
});

test('headers are read by their name in any case, and Node keeps its own as they came', async () => {
  @Controller('/headers')
  class Headers {
    @Get('/one') one(
      @Req() request: FastifyRequest,
      @Header('X-Count') count?: number,
      @Header('x-name', { default: 'none' }) name?: string,
    ) {
      return { count, name, raw: request.raw.headers['x-count'] };
    }
    @Get('/required') required(@Header('X-Api-Key', { required: true }) key: string) {
      return { key };
    }
    @Get('/all') all(@Header() headers: Record<string, string>) {
      return { host: headers['host'], a: headers['x-a'] };
    }
    @Get('/whole') whole(@Header(Type.Object({ 'X-Count': Type.Integer() })) headers: Record<string, unknown>) {
      return { count: headers['x-count'] };
    }
  }
  const { send } = await serve([Headers]);
  expect((await send('GET /headers/one', { headers: { 'X-COUNT': '3' } })).json).toEqual({ count: 3, name: 'none', raw: '3' });
  expect((await send('GET /headers/one', { headers: { 'x-count': 'x' } })).json).toEqual(invalid('headers', 'x-count', 'must be number'));
  expect((await send('GET /headers/required', { headers: { 'x-api-key': 'k' } })).json).toEqual({ key: 'k' });
  expect(await send('GET /headers/required')).toMatchObject({
    status: 400,
    json: { field: 'x-api-key', message: "headers must have required property 'x-api-key'" },
  });
  expect((await send('GET /headers/all', { headers: { 'X-A': '1' } })).json).toEqual({ host: 'localhost:80', a: '1' });
  expect((await send('GET /headers/whole', { headers: { 'x-count': '3' } })).json).toEqual({ count: 3 });
  expect((await send('GET /headers/whole')).status).toBe(400);
});

test('path parameters: all of them, by a schema, optional, wildcards, several in a segment', async () => {
  @Controller('/paths/:tenant')
  class Paths {
    @Get('/all/:id') all(@Param() params: object) {
      return params;
    }
    @Get('/schema/:id') schema(@Param('id', Type.Integer({ minimum: 10 })) id: number, @Param('tenant') tenant: string) {
      return { id, tenant };
    }
    @Get('/optional/:id?') optional(@Param('id') id?: number) {
      return { id: id ?? null };
    }
    @Get('/files/*') files(@Param('*') path: string) {
      return { path };
    }
    @Get('/range/:from-:to') range(@Param('from') from: number, @Param('to') to: number) {
      return { from, to };
    }
    @Get('/number/:n(^\\d+$)') pattern(@Param('n') n: number) {
      return { n };
    }
  }
  const { send } = await serve([Paths]);
  expect((await send('GET /paths/t/all/5')).json).toEqual({ tenant: 't', id: '5' });
  expect((await send('GET /paths/t/schema/10')).json).toEqual({ id: 10, tenant: 't' });
  expect((await send('GET /paths/t/schema/9')).json).toEqual(invalid('params', 'id', 'must be >= 10'));
  expect((await send('GET /paths/t/optional')).json).toEqual({ id: null });
  expect((await send('GET /paths/t/optional/4')).json).toEqual({ id: 4 });
  expect((await send('GET /paths/t/files/a/b.txt')).json).toEqual({ path: 'a/b.txt' });
  expect((await send('GET /paths/t/range/1-2')).json).toEqual({ from: 1, to: 2 });
  expect((await send('GET /paths/t/number/7')).json).toEqual({ n: 7 });
});

test('request, reply and body come as Fastify has them, in any number and order', async () => {
  @Controller('/fastify')
  class Plain {
    @Post('/four/:id') four(
      @Body() body: unknown,
      @Reply() reply: FastifyReply,
      @Req() request: FastifyRequest,
      @Param('id') id: number,
      @Query('q') q?: string,
    ) {
      reply.header('x-seen', 'yes');
      return { body, url: request.url, id, q };
    }
    @Post('/field') field(@Body('name') name: string, @Body('constructor') none: unknown) {
      return { name, none: none ?? null };
    }
  }
  const { send } = await serve([Plain]);
  const answer = await send('POST /fastify/four/5?q=x', { payload: { a: '5' } });
  expect(answer).toMatchObject({ status: 200, json: { body: { a: '5' }, url: '/fastify/four/5?q=x', id: 5, q: 'x' } });
  expect(answer.headers['x-seen']).toBe('yes');
  expect((await send('POST /fastify/field', { payload: { name: 'n' } })).json).toEqual({ name: 'n', none: null });
  expect((await send('POST /fastify/field')).json).toEqual({ none: null });
});
