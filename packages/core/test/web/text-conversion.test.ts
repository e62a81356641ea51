/** The texts of queries, paths and headers: what they become by any schema, and which are refused. */
import { Controller, Get, Header, type JsonSchema, Param, Query } from '@tsukimi/core';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { serve } from './serve.js';

/** Serves one schema for a value of each part of a request; gives what the method got, or `refused`. */
async function served(schema: JsonSchema, shared: readonly object[] = []) {
  let seen: unknown;
  @Controller('/texts')
  class Texts {
    @Get('/query') query(@Query('v', { schema, required: true }) value: unknown) {
      seen = value;
    }
    @Get('/params/:v') params(@Param('v', schema) value: unknown) {
      seen = value;
    }
    @Get('/headers') headers(@Header('X-V', { schema, required: true }) value: unknown) {
      seen = value;
    }
    @Get('/whole') whole(@Query({ type: 'object', additionalProperties: schema }) values: object) {
      seen = { ...values };
    }
  }
  const { app, send } = await serve([Texts], {
    extensions: [() => ({ name: 'shared', server: (fastify: FastifyInstance) => shared.forEach((each) => void fastify.addSchema(each)) })],
  });
  const got = async (line: string, headers = {}) => {
    const { status } = await send(line, { headers });
    return status === 204 ? seen : `refused with ${status}`;
  };
  return {
    query: (...texts: string[]) => got(`GET /texts/query?${texts.map((text) => `v=${encodeURIComponent(text)}`).join('&')}`),
    whole: (query: string) => got(`GET /texts/whole?${query}`),
    params: (text: string) => got(`GET /texts/params/${encodeURIComponent(text)}`),
    headers: (text: string) => got('GET /texts/headers', { 'x-v': text }),
    close: () => app.close(),
  };
}

const REFUSED = 'refused with 400';

/** Texts that JavaScript or Ajv would make numbers of, and that are none. */
const NO_NUMBERS = [
  '',
  ' ',
  ' 12',
  '12 ',
  '+1',
  '.5',
  '5.',
  '0x10',
  '0b1',
  '0o7',
  '1_000',
  '1,5',
  '1e309',
  '-1e309',
  'Infinity',
  'NaN',
  'null',
  'true',
  '9007199254740993',
  '１２',
];

const NUMERIC: Readonly<Record<string, JsonSchema>> = {
  integer: Type.Integer(),
  number: Type.Number(),
  'a union': Type.Union([Type.Integer(), Type.Boolean()]),
  'a union with null': Type.Union([Type.Integer(), Type.Null()]),
  'a list of types': { type: ['integer', 'null'] },
  nullable: { type: 'integer', nullable: true },
  'one of': { oneOf: [{ type: 'integer' }, { type: 'boolean' }] },
  'all of': { allOf: [{ type: 'number' }, { minimum: -1e308 }] },
  'a constant': { const: 12 },
  'a literal': Type.Literal(12),
  literals: Type.Union([Type.Literal(12), Type.Literal(16)]),
  'an enumeration': { enum: [12, 16, null] },
  'an array': Type.Array(Type.Integer()),
  'a tuple': Type.Tuple([Type.Integer()]),
  'a union of arrays': Type.Union([Type.Array(Type.Integer()), Type.Integer()]),
  'a reference': { $ref: 'shared#/definitions/count' },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
  'a condition': { if: { type: 'boolean' }, then: { const: false }, else: { type: 'integer' } },
};

test.each(Object.entries(NUMERIC))('%s: what is no plain decimal is refused', async (name, schema) => {
  const { query, params, headers, whole } = await served(schema, [{ $id: 'shared', definitions: { count: { type: 'integer' } } }]);
  const value = name === 'an array' || name === 'a tuple' || name === 'a union of arrays' ? [12] : 12;
  expect({ query: await query('12'), params: await params('12'), headers: await headers('12'), whole: await whole('a=12') }).toEqual({
    query: value,
    params: value,
    headers: value,
    whole: { a: value },
  });
  expect(await query('1.2e1')).toEqual(value);
  for (const text of NO_NUMBERS) {
    // A boolean is an answer to some of these schemas.
    if (text === 'true' && (name.startsWith('a union') || name === 'one of')) continue;
    expect({ text, got: await query(text) }).toEqual({ text, got: REFUSED });
    if (text !== '' && text.charCodeAt(0) < 128) expect({ text, got: await params(text) }).toEqual({ text, got: REFUSED });
    if (text.charCodeAt(0) < 128) expect({ text, got: await headers(text) }).toEqual({ text, got: REFUSED });
  }
});

test('a union takes the first branch that a text fits, and nothing of the ones before it', async () => {
  const limited = await served(Type.Union([Type.Integer({ minimum: 10 }), Type.Boolean(), Type.Array(Type.Integer())]));
  expect(await limited.query('12')).toBe(12);
  expect(await limited.query('true')).toBe(true);
  expect(await limited.query('1')).toEqual([1]);
  expect(await limited.query('1', '2')).toEqual([1, 2]);
  expect(await limited.query('1', 'x')).toBe(REFUSED);
  const text = await served(Type.Union([Type.Number(), Type.String()]));
  expect(await text.query('5')).toBe(5);
  expect(await text.query('0x10')).toBe('0x10');
  expect(await text.query('')).toBe('');
  const first = await served({ type: ['string', 'integer'] });
  expect(await first.query('5')).toBe('5');
});

test('unions of objects, records, patterns, nested lists and references to oneself', async () => {
  @Controller('/objects')
  class Objects {
    @Get('/union') union(
      @Query(
        Type.Union([
          Type.Object({ by: Type.Literal('id'), value: Type.Integer() }),
          Type.Object({ by: Type.Literal('name'), value: Type.String() }),
        ]),
      )
      query: object,
    ) {
      return query;
    }
    @Get('/record') record(@Query(Type.Record(Type.String(), Type.Integer())) query: object) {
      return query;
    }
    @Get('/patterns') patterns(
      @Query({ type: 'object', patternProperties: { '^n': { type: 'number' } }, additionalProperties: { type: 'boolean' } }) query: object,
    ) {
      return query;
    }
    @Get('/intersect') intersect(
      @Query(Type.Intersect([Type.Object({ a: Type.Integer() }), Type.Object({ b: Type.Boolean() })])) query: object,
    ) {
      return query;
    }
    @Get('/defs') defs(
      @Query({
        type: 'object',
        properties: { a: { $ref: '#/definitions/n' }, b: { $ref: '#n' } },
        definitions: { n: { $id: '#n', type: 'integer' } },
      })
      query: object,
    ) {
      return query;
    }
    @Get('/self') self(@Query({ $id: 'self', type: 'object', properties: { a: { type: 'integer' }, next: { $ref: '#' } } }) query: object) {
      return query;
    }
    @Get('/proto') proto(@Query(Type.Record(Type.String(), Type.String())) query: object, @Query('constructor') none?: string) {
      return { ...query, none: none ?? null };
    }
  }
  const { send } = await serve([Objects]);
  const json = async (url: string) => {
    const { status, json } = await send(`GET /objects${url}`);
    return status === 200 ? json : status;
  };
  expect(await json('/union?by=id&value=5')).toEqual({ by: 'id', value: 5 });
  expect(await json('/union?by=name&value=5')).toEqual({ by: 'name', value: '5' });
  expect(await json('/union?by=id&value=0x5')).toBe(400);
  expect(await json('/record?a=1&b=2')).toEqual({ a: 1, b: 2 });
  expect(await json('/record?a=1&b=')).toBe(400);
  expect(await json('/patterns?n1=1.5&flag=true')).toEqual({ n1: 1.5, flag: true });
  expect(await json('/patterns?n1=1e309')).toBe(400);
  expect(await json('/patterns?flag=1')).toBe(400);
  expect(await json('/intersect?a=1&b=false')).toEqual({ a: 1, b: false });
  expect(await json('/intersect?a=1&b=')).toBe(400);
  expect(await json('/defs?a=1&b=2')).toEqual({ a: 1, b: 2 });
  expect(await json('/defs?a=1&b=%202')).toBe(400);
  expect(await json('/self?a=1')).toEqual({ a: 1 });
  expect(await json('/self?a=')).toBe(400);
  expect(await json('/proto?a=1')).toEqual({ a: '1', none: null });
});

const N: JsonSchema = { type: 'integer' };
const REQUIRED = (...required: string[]): JsonSchema => ({ required });

/** Queries, and what the method gets; `undefined` for a 400. */
test.each<[string, JsonSchema, Readonly<Record<string, object | undefined>>]>([
  [
    'dependencies of schemas',
    { dependencies: { a: { properties: { n: N } }, b: ['a'] } },
    { 'a=x&n=5': { a: 'x', n: 5 }, 'a=x&n=y': undefined, 'n=y': { n: 'y' }, 'b=1': undefined, 'n=5': { n: '5' } },
  ],
  ['dependentSchemas', { dependentSchemas: { a: { properties: { n: N } } } }, { 'a=x&n=5': { a: 'x', n: 5 }, 'a=x&n=0x5': undefined }],
  ['dependentRequired', { properties: { n: N }, dependentRequired: { a: ['n'] } }, { 'a=x&n=5': { a: 'x', n: 5 }, 'a=x': undefined }],
  [
    'if, then and else',
    {
      if: { properties: { n: { const: 5 } }, required: ['n'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { m: N } },
      else: { properties: { m: { type: 'boolean' } } },
    },
    { 'n=5&m=5': { n: 5, m: 5 }, 'n=4&m=true': { n: '4', m: true }, 'm=5': undefined, 'n=5&m=true': undefined },
  ],
  [
    'a condition on what is not there',
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    { if: { not: REQUIRED('a') }, then: { properties: { n: N } } },
    { 'n=5': { n: 5 }, 'n=x': undefined, 'a=1&n=x': { a: '1', n: 'x' } },
  ],
  ['not, of a range', { properties: { n: N }, not: { properties: { n: { maximum: 4 } } } }, { 'n=5': { n: 5 }, 'n=4': undefined }],
  [
    'not, of a text beside a number',
    { properties: { s: { type: 'string' } }, not: { properties: { s: { type: 'boolean' } } } },
    { 's=true': { s: 'true' } },
  ],
  [
    'not, of all texts',
    { not: { properties: { n: { type: 'string' } } }, allOf: [{ properties: { n: { type: ['integer', 'string'] } } }] },
    { 'n=x': undefined },
  ],
  ['not inside not', { properties: { n: { not: { not: N } } } }, { 'n=5': { n: 5 }, 'n=x': undefined, 'n=0x5': undefined }],
  ['not inside not inside not', { properties: { n: { not: { not: { not: N } } } } }, { 'n=5': { n: '5' }, 'n=x': { n: 'x' } }],
  ['four times not', { properties: { n: { not: { not: { not: { not: N } } } } } }, { 'n=5': { n: 5 }, 'n=x': undefined }],
  [
    'not inside a property inside not',
    { not: { anyOf: [{ properties: { n: { not: N } } }, REQUIRED('x')] } },
    { 'n=5': { n: 5 }, 'n=x': undefined, 'n=5&x=1': undefined, 'm=5': undefined },
  ],
  [
    'not inside a reference, a list and a part inside not',
    {
      definitions: { noNumber: { not: N } },
      properties: { l: { type: 'array', not: { allOf: [{ items: { $ref: '#/definitions/noNumber' } }] } } },
    },
    { 'l=1&l=a': { l: [1, 'a'] }, 'l=a': undefined },
  ],
  ['patterns', { patternProperties: { '^n': N }, additionalProperties: false }, { 'n1=5': { n1: 5 }, 'nx=y': undefined, 'm=5': undefined }],
  [
    'an array that contains a number',
    { properties: { l: { type: 'array', contains: N } } },
    { 'l=1&l=a': { l: [1, 'a'] }, 'l=a': undefined, 'l=0x1': undefined },
  ],
])('a number is a number in: %s', async (_, schema, queries) => {
  let seen: unknown;
  @Controller('/all')
  class All {
    @Get('/query') query(@Query({ type: 'object', ...schema }) values: object) {
      seen = { ...values };
    }
  }
  const { send } = await serve([All]);
  const got: Record<string, unknown> = {};
  for (const query of Object.keys(queries)) got[query] = (await send(`GET /all/query?${query}`)).status === 204 ? seen : undefined;
  expect(got).toEqual(queries);
});

test('the names of headers have no case, wherever a schema has them', async () => {
  let seen: Readonly<Record<string, unknown>> = {};
  @Controller('/all')
  class All {
    @Get('/headers') headers(
      @Header({
        type: 'object',
        anyOf: [{ properties: { 'X-Count': N }, required: ['X-Count'] }, REQUIRED('X-None')],
        dependencies: { 'X-Count': ['X-Unit'] },
        not: REQUIRED('X-Secret'),
      })
      values: Readonly<Record<string, unknown>>,
    ) {
      seen = values;
    }
  }
  const { send } = await serve([All]);
  const statusOf = async (headers: Record<string, string>) => (await send('GET /all/headers', { headers })).status;
  expect(await statusOf({ 'x-count': '5', 'x-unit': 'km' })).toBe(204);
  expect(seen['x-count']).toBe(5);
  expect(await statusOf({ 'X-NONE': '' })).toBe(204);
  expect(await statusOf({ 'x-count': '5' })).toBe(400);
  expect(await statusOf({ 'x-count': 'x', 'x-unit': 'km' })).toBe(400);
  expect(await statusOf({ 'x-none': '', 'x-secret': '1' })).toBe(400);
});

test('a 400 names the value, and an integer that is too large', async () => {
  const { send } = await serve([
    (() => {
      @Controller('/named')
      class Named {
        @Get() get(@Query(Type.Record(Type.String(), Type.Array(Type.Integer()))) query: object) {
          return query;
        }
      }
      return Named;
    })(),
  ]);
  expect((await send('GET /named?a=1&b=2&b=9007199254740993')).json).toMatchObject({
    message: 'querystring/b must be between -9007199254740991 and 9007199254740991',
    field: 'b',
  });
});

/** A schema, and whether it takes a value. */
interface Leaf {
  readonly schema: JsonSchema;
  readonly takes: (value: unknown) => boolean;
}

const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  { maxDepth: 2 },
  fc.constantFrom<Leaf>(
    { schema: { type: 'integer' }, takes: Number.isInteger },
    { schema: { type: 'number' }, takes: (value) => typeof value === 'number' },
    { schema: { type: 'boolean' }, takes: (value) => typeof value === 'boolean' },
    { schema: { type: 'null' }, takes: () => false },
    { schema: { type: ['integer', 'null'] }, takes: Number.isInteger },
    { schema: { type: ['number', 'boolean'] }, takes: (value) => typeof value !== 'string' },
    { schema: { type: 'number', minimum: 5 }, takes: (value) => typeof value === 'number' && value >= 5 },
    { schema: { type: 'string', minLength: 2 }, takes: (value) => typeof value === 'string' && value.length >= 2 },
    { schema: { enum: [16, true, 'x'] }, takes: (value) => value === 16 || value === true || value === 'x' },
    { schema: { type: 'integer', nullable: true }, takes: Number.isInteger },
  ),
  fc
    .constantFrom<unknown>(0, 1, 12, 16, true, false, '', '12', 'null')
    .map((value): Leaf => ({ schema: { const: value }, takes: (other) => other === value })),
);
const anyLeaf: fc.Arbitrary<Leaf> = fc.oneof(
  leaf,
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map(
    (leaves): Leaf => ({
      schema: { anyOf: leaves.map(({ schema }) => schema) },
      takes: (value) => leaves.some(({ takes }) => takes(value)),
    }),
  ),
  fc
    .tuple(leaf, leaf)
    .map(([a, b]): Leaf => ({ schema: { allOf: [{ anyOf: [a.schema, b.schema] }] }, takes: (value) => a.takes(value) || b.takes(value) })),
  leaf.map(({ schema, takes }): Leaf => ({ schema: { $ref: '#/definitions/it', definitions: { it: schema } }, takes })),
);
const text = fc.oneof(
  fc.constantFrom(...NO_NUMBERS, '0', '-0', '1', '5', '12', '16', '007', '1e3', '-1.5', 'true', 'false', 'TRUE', 'x', 'xy'),
  fc.double().map(String),
  fc.integer().map(String),
  fc.string({ maxLength: 6 }),
);

function readings(of: string): unknown[] {
  const isDecimal =
    /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(of) && Number.isFinite(Number(of)) && (!/^-?\d+$/.test(of) || Number.isSafeInteger(Number(of)));
  return [of, ...(isDecimal ? [Number(of)] : []), ...(of === 'true' ? [true] : []), ...(of === 'false' ? [false] : [])];
}

test('by any schema, a text is taken exactly where one of its readings fits, and becomes that', async () => {
  const shape = fc.constantFrom('alone', 'array', 'tuple', 'record');
  await fc.assert(
    fc.asyncProperty(anyLeaf, shape, fc.array(text, { minLength: 12, maxLength: 12 }), async ({ schema, takes }, form, texts) => {
      // The references of a leaf start at its own root.
      const { definitions, ...inner } = schema as { definitions?: object };
      const around: Readonly<Record<string, JsonSchema>> = {
        alone: inner,
        array: { type: 'array', items: inner },
        tuple: { type: 'array', items: [inner, inner] },
        record: { type: 'object', additionalProperties: inner },
      };
      const whole = form === 'record' ? around['record'] : { type: 'object', required: ['v'], properties: { v: around[form] } };
      let seen: Readonly<Record<string, unknown>> = {};
      @Controller('/any')
      class Any {
        @Get() get(@Query({ ...whole, ...(definitions && { definitions }) }) query: Readonly<Record<string, unknown>>) {
          seen = query;
        }
      }
      const { app, send } = await serve([Any]);
      for (let at = 0; at + 1 < texts.length; at += 2) {
        const sent = form === 'alone' ? [texts[at] ?? ''] : texts.slice(at, at + 2);
        const url = sent.map((each) => `v=${encodeURIComponent(each)}`).join('&');
        const { status } = await send(`GET /any?${form === 'record' ? `a=${encodeURIComponent(sent[0] ?? '')}` : url}`);
        const checked = form === 'record' ? sent.slice(0, 1) : sent;
        const fits = checked.every((each) => readings(each).some(takes));
        expect({ schema, form, checked, status }).toEqual({ schema, form, checked, status: fits ? 204 : 400 });
        if (!fits) continue;
        const values = form === 'record' ? [seen['a']] : [seen['v']].flat();
        for (const [index, value] of values.entries()) {
          expect(takes(value)).toBe(true);
          expect(readings(checked[index] ?? '').some((reading) => Object.is(reading, value))).toBe(true);
        }
      }
      await app.close();
    }),
    { numRuns: 60 },
  );
});
