/** Any library that implements Standard Schema validates as JSON Schema does, and its transforms apply. */
import { Body, Controller, Get, Header, Param, Post, Query, Req, type StandardSchema } from '@tsukimi/core';
import type { FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { invalid, serve } from './serve.js';

const ZodUser = z.object({ email: z.email().transform((email) => email.toLowerCase()), age: z.number().default(18) });
const ValibotUser = v.object({ email: v.pipe(v.string(), v.email()), tags: v.optional(v.array(v.object({ name: v.string() })), []) });

const taken = async (email: string): Promise<boolean> => email === 'taken@x.co';
const AsyncUser = z.object({ email: z.string().refine(async (email) => !(await taken(email)), 'is taken') });

const shout: StandardSchema<string> & ((text: string) => string) = Object.assign((text: string) => text.toUpperCase(), {
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    validate: (value: unknown) => (typeof value === 'string' ? { value: value.toUpperCase() } : { issues: [{ message: 'must be text' }] }),
  },
});

// Looks like a JSON Schema too, and as that would refuse everything.
const both = {
  type: 'null',
  '~standard': { version: 1 as const, vendor: 'test', validate: (value: unknown) => ({ value: { seen: value } }) },
};

@Controller('/std')
class Standard {
  @Post('/zod') zod(@Body(ZodUser) user: object, @Req() request: FastifyRequest) {
    return { user, body: request.body };
  }
  @Post('/valibot') valibot(@Body(ValibotUser) user: object) {
    return user;
  }
  @Post('/async') async(@Body(AsyncUser) user: object) {
    return user;
  }
  @Post('/function') function(@Body(shout) text: string) {
    return { text };
  }
  @Post('/both') both(@Body(both) body: object) {
    return body;
  }
  @Post('/field') field(@Body('email', z.email()) email: string) {
    return { email };
  }
  @Get('/query') query(@Query(z.object({ page: z.coerce.number().int().default(1) })) query: object) {
    return query;
  }
  @Get('/value') value(
    @Query('limit', z.coerce.number().max(100).default(10)) limit: number,
    @Query('sort', { schema: z.enum(['asc', 'desc']), required: false }) sort?: string,
  ) {
    return { limit, sort };
  }
  @Get('/needed') needed(@Query('limit', { schema: z.coerce.number(), required: true }) limit: number) {
    return { limit };
  }
  @Get('/fallback') fallback(@Query('sort', { schema: z.enum(['asc', 'desc']), default: 'asc' }) sort: string) {
    return { sort };
  }
  @Get('/param/:id') param(@Param('id', z.uuid()) id: string) {
    return { id };
  }
  @Get('/params/:id') params(@Param(z.object({ id: z.coerce.number() })) params: object) {
    return params;
  }
  @Get('/headers') headers(
    @Header(z.object({ 'x-count': z.coerce.number() })) headers: object,
    @Header('X-Name', v.string()) name: string,
  ) {
    return { headers, name };
  }
}

test.each([
  ['POST /std/zod', { email: 'A@B.co' }, { user: { email: 'a@b.co', age: 18 }, body: { email: 'a@b.co', age: 18 } }],
  ['POST /std/valibot', { email: 'a@b.co' }, { email: 'a@b.co', tags: [] }],
  ['POST /std/async', { email: 'free@x.co' }, { email: 'free@x.co' }],
  ['POST /std/function', '"hi"', { text: 'HI' }],
  ['POST /std/both', { a: 1 }, { seen: { a: 1 } }],
  ['POST /std/field', { email: 'a@b.co' }, { email: 'a@b.co' }],
  ['GET /std/query?page=3', undefined, { page: 3 }],
  ['GET /std/query', undefined, { page: 1 }],
  ['GET /std/value', undefined, { limit: 10 }],
  ['GET /std/value?limit=7&sort=asc', undefined, { limit: 7, sort: 'asc' }],
  ['GET /std/needed?limit=7', undefined, { limit: 7 }],
  ['GET /std/fallback', undefined, { sort: 'asc' }],
  ['GET /std/fallback?sort=desc', undefined, { sort: 'desc' }],
  ['GET /std/params/5', undefined, { id: 5 }],
])('%s %j', async (line, payload, json) => {
  const { send } = await serve([Standard]);
  const answer = await send(line, payload === undefined ? {} : { payload, headers: { 'content-type': 'application/json' } });
  expect({ status: answer.status, json: answer.json }).toEqual({ status: 200, json });
});

test.each([
  ['POST /std/zod', { email: 'x' }, 'body', 'email', 'Invalid email address'],
  ['POST /std/zod', undefined, 'body', '', 'Invalid input: expected object, received undefined'],
  ['POST /std/valibot', { email: 'a@b.co', tags: [{ name: 5 }] }, 'body', 'tags.0.name', 'Invalid type: Expected string but received 5'],
  ['POST /std/async', { email: 'taken@x.co' }, 'body', 'email', 'is taken'],
  ['POST /std/function', '5', 'body', '', 'must be text'],
  ['POST /std/field', { email: 'x' }, 'body', 'email', 'Invalid email address'],
  ['POST /std/field', undefined, 'body', 'email', 'Invalid input: expected string, received undefined'],
  ['GET /std/query?page=x', undefined, 'querystring', 'page', 'Invalid input: expected number, received NaN'],
  ['GET /std/value?limit=101', undefined, 'querystring', 'limit', 'Too big: expected number to be <=100'],
  ['GET /std/param/5', undefined, 'params', 'id', 'Invalid UUID'],
  ['GET /std/headers', undefined, 'headers', 'x-count', 'Invalid input: expected number, received NaN'],
])('%s %j gets a 400', async (line, payload, part, field, message) => {
  const { send } = await serve([Standard]);
  const answer = await send(line, payload === undefined ? {} : { payload, headers: { 'content-type': 'application/json' } });
  expect({ status: answer.status, json: answer.json }).toEqual({ status: 400, json: invalid(part, field, message) });
});

test('all problems are reported, the first one on top', async () => {
  const { send } = await serve([Standard]);
  expect((await send('POST /std/zod', { payload: { email: 'x', age: 'y' } })).json).toEqual({
    statusCode: 400,
    error: 'Bad Request',
    message: 'body/email Invalid email address, body/age Invalid input: expected number, received string',
    code: 'TSK_ERR_WEB_REQUEST_INVALID',
    field: 'email',
    errors: [
      { in: 'body', field: 'email', message: 'Invalid email address' },
      { in: 'body', field: 'age', message: 'Invalid input: expected number, received string' },
    ],
  });
});

test('a required value that is missing is named without asking the schema', async () => {
  const { send } = await serve([Standard]);
  expect(await send('GET /std/needed')).toMatchObject({
    status: 400,
    json: { field: 'limit', message: "querystring must have required property 'limit'" },
  });
});

test('headers keep their own values beside what a schema made of them', async () => {
  const { send } = await serve([Standard]);
  const headers = { 'x-count': '3', 'x-name': 'n' };
  expect((await send('GET /std/headers', { headers })).json).toEqual({ headers: { 'x-count': 3 }, name: 'n' });
});

test('a schema that throws is a 500 without details', async () => {
  const broken: StandardSchema = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: () => {
        throw new Error('secret');
      },
    },
  };
  @Controller('/std-broken')
  class BrokenSchema {
    @Post() post(@Body(broken) _body: unknown) {}
  }
  const { send, logs } = await serve([BrokenSchema]);
  expect((await send('POST /std-broken')).json).toEqual({
    statusCode: 500,
    error: 'Internal Server Error',
    message: 'Internal Server Error',
  });
  expect(logs.filter(({ level }) => level === 50)).toMatchObject([{ err: { message: 'secret' } }]);
});
