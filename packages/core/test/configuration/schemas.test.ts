/** Namespaces by any JSON Schema: what is given comes through, what is left out gets its default, and nothing else changes. */

import type { ConfigurationValue } from '@tsukimi/core';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { type TSchema, Type } from 'typebox';
import { expect, test } from 'vitest';
import { applicationOf, start } from '../start.js';

const App = applicationOf([]);
type Given = Readonly<Record<string, ConfigurationValue>>;

async function read(schema: TSchema, x: Given, environment: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { configuration } = await start(App, { configuration: { x }, environment });
  return configuration.namespace('x', schema);
}

const Pool = Type.Object({ host: Type.String({ default: 'localhost' }), port: Type.Integer({ default: 5432 }) });
const Tree = Type.Cyclic(
  {
    Node: Type.Object({
      weight: Type.Integer({ default: 1 }),
      children: Type.Optional(Type.Array(Type.Ref('Node'))),
      next: Type.Optional(Type.Ref('Node')),
    }),
  },
  'Node',
);
const Shape = Type.Union([
  Type.Object({ kind: Type.Literal('circle'), radius: Type.Number({ default: 1 }) }),
  Type.Object({
    kind: Type.Literal('square'),
    side: Type.Number({ default: 2 }),
    corner: Type.Object({ round: Type.Boolean({ default: false }) }),
  }),
]);
const referring = {
  type: 'object',
  properties: { main: { $ref: '#/$defs/pool' }, spare: { $ref: '#/$defs/pool' } },
  required: ['main'],
  $defs: {
    pool: { type: 'object', properties: { port: { type: 'integer', default: 1 } }, required: ['port'], additionalProperties: false },
  },
} as const;

test.each<[string, TSchema, Given, unknown]>([
  ['an optional object stays away', Type.Object({ pool: Type.Optional(Pool) }), {}, {}],
  [
    'an optional object that is there is filled',
    Type.Object({ pool: Type.Optional(Pool) }),
    { pool: { port: 1 } },
    { pool: { host: 'localhost', port: 1 } },
  ],
  ['a required object is made of its defaults', Type.Object({ pool: Pool }), {}, { pool: { host: 'localhost', port: 5432 } }],
  [
    'a default that is an object is filled',
    Type.Object({ pool: Type.Object({ ...Pool.properties }, { default: { port: 1 } }) }),
    {},
    { pool: { host: 'localhost', port: 1 } },
  ],
  [
    'a record of numbers',
    Type.Object({ limits: Type.Record(Type.String(), Type.Integer()) }),
    { limits: { a: 1, 'b.c': 2 } },
    { limits: { a: 1, 'b.c': 2 } },
  ],
  [
    'a record of objects',
    Type.Object({ pools: Type.Record(Type.String(), Pool) }),
    { pools: { a: {}, b: { port: 1 } } },
    { pools: { a: { host: 'localhost', port: 5432 }, b: { host: 'localhost', port: 1 } } },
  ],
  ['a namespace that is a record', Type.Record(Type.String(), Pool), { a: { host: 'x' } }, { a: { host: 'x', port: 5432 } }],
  [
    'additional properties',
    { type: 'object', properties: { a: { default: 1 } }, additionalProperties: { type: 'string' } },
    { b: 'x' },
    { a: 1, b: 'x' },
  ],
  [
    'additional properties of any kind',
    { type: 'object', properties: { a: {} }, additionalProperties: true },
    { b: { c: [1] } },
    { b: { c: [1] } },
  ],
  [
    'pattern properties',
    { type: 'object', patternProperties: { '^x-': { type: 'object', properties: { a: { default: 1 } } } } },
    { 'x-b': {} },
    { 'x-b': { a: 1 } },
  ],
  ['an object without properties', Type.Object({ any: { type: 'object' } }), { any: { a: { b: 1 } } }, { any: { a: { b: 1 } } }],
  [
    'an intersection',
    Type.Intersect([Type.Object({ a: Type.Integer({ default: 1 }) }), Pool]),
    { port: 2 },
    { a: 1, host: 'localhost', port: 2 },
  ],
  [
    'an intersection below',
    Type.Object({ both: Type.Intersect([Type.Object({ a: Type.String() }), Pool]) }),
    { both: { a: 'x' } },
    { both: { a: 'x', host: 'localhost', port: 5432 } },
  ],
  ['a union of objects', Type.Object({ shape: Shape }), { shape: { kind: 'circle' } }, { shape: { kind: 'circle', radius: 1 } }],
  [
    'its second',
    Type.Object({ shape: Shape }),
    { shape: { kind: 'square', side: 5 } },
    { shape: { kind: 'square', side: 5, corner: { round: false } } },
  ],
  ['a union as the namespace', Shape, { kind: 'square' }, { kind: 'square', side: 2, corner: { round: false } }],
  [
    'a list of unions',
    Type.Object({ shapes: Type.Array(Shape) }),
    { shapes: [{ kind: 'square', corner: {} }, { kind: 'circle' }] },
    {
      shapes: [
        { kind: 'square', side: 2, corner: { round: false } },
        { kind: 'circle', radius: 1 },
      ],
    },
  ],
  [
    'a union beside properties',
    {
      type: 'object',
      properties: { a: { default: 1 } },
      anyOf: [{ properties: { b: { type: 'string' } }, required: ['b'] }, { properties: { c: { default: 3 } } }],
    },
    { b: 'x' },
    { a: 1, b: 'x' },
  ],
  [
    'the wider alternative for more keys',
    Type.Union([Type.Object({ a: Type.Integer() }), Type.Object({ a: Type.Integer(), b: Type.Integer() })]),
    { a: 1, b: 2 },
    { a: 1, b: 2 },
  ],
  [
    'defaults in entries of a list',
    Type.Object({ pools: Type.Array(Pool) }),
    { pools: [{}, { port: 1 }] },
    {
      pools: [
        { host: 'localhost', port: 5432 },
        { host: 'localhost', port: 1 },
      ],
    },
  ],
  [
    'defaults in a tuple',
    Type.Object({ pair: Type.Tuple([Type.String(), Pool]) }),
    { pair: ['a', {}] },
    { pair: ['a', { host: 'localhost', port: 5432 }] },
  ],
  ['references', referring, {}, { main: { port: 1 } }],
  ['an optional reference', referring, { spare: {} }, { main: { port: 1 }, spare: { port: 1 } }],
  [
    'a schema that contains itself',
    Tree,
    { children: [{}, { children: [{ weight: 3 }] }] },
    { weight: 1, children: [{ weight: 1 }, { weight: 1, children: [{ weight: 3 }] }] },
  ],
  [
    'several types',
    Type.Object({ n: { type: ['integer', 'null'], default: null }, m: { type: ['string', 'number'] } }),
    { m: 5 },
    { n: null, m: 5 },
  ],
])('%s', async (_, schema, given, expected) => {
  expect(await read(schema, given)).toEqual(expected);
});

const Numbers = Type.Object({
  n: Type.Optional({ type: ['integer', 'null'] }),
  u: Type.Optional(Type.Union([Type.Boolean(), Type.Number(), Type.String()])),
  s: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
  e: Type.Optional(Type.Enum([1, 2, 'three'])),
  list: Type.Optional(Type.Array(Type.Union([Type.Integer(), Type.Boolean()]))),
  map: Type.Optional(Type.Record(Type.String(), Type.Integer())),
  pool: Type.Optional(Pool),
  shape: Type.Optional(Shape),
});

test.each([
  ['N', '5', { n: 5 }],
  ['N', 'null', { n: null }],
  ['N', '-1e2', { n: -100 }],
  ['U', 'true', { u: true }],
  ['U', '1.5', { u: 1.5 }],
  ['U', '0x10', { u: '0x10' }],
  ['U', '', { u: '' }],
  ['S', '7', { s: 7 }],
  ['S', 'x', { s: 'x' }],
  ['E', '2', { e: 2 }],
  ['E', 'three', { e: 'three' }],
  ['LIST', '1,true, 3', { list: [1, true, 3] }],
  ['LIST', '[]', { list: [] }],
  ['MAP', 'a=1,b=2', { map: { a: 1, b: 2 } }],
  ['POOL_PORT', '1', { pool: { host: 'localhost', port: 1 } }],
  ['SHAPE_KIND', 'circle', { shape: { kind: 'circle', radius: 1 } }],
])('a variable: %s=%j', async (name, text, expected) => {
  expect(await read(Numbers, {}, { [`TSUKIMI_X_${name}`]: text })).toEqual(expected);
});

test.each(['0x10', '', ' ', ' 5', '5 ', 'Infinity', 'NaN', '1e309', '1.5', '+5', '1_000', '9007199254740993', '٣'])(
  '%j is no integer',
  async (text) => {
    for (const name of ['N', 'MAP', 'LIST'] as const) {
      const given = name === 'MAP' ? `a=x${text}` : name === 'LIST' ? `1,x${text}` : text;
      await expect(read(Numbers, {}, { [`TSUKIMI_X_${name}`]: given })).rejects.toThrow(`environment TSUKIMI_X_${name}`);
    }
  },
);

test('an error in a union is reported for the alternative that was meant', async () => {
  const schema = Type.Object({ shape: Shape });
  await expect(read(schema, { shape: { kind: 'square', side: 'x' } })).rejects.toThrow(
    'x.shape.side: a text of 1 character is not a number (configuration option). Allowed: a number.',
  );
  await expect(read(schema, { shape: 5 })).rejects.toThrow(
    'x.shape: a number is not a mapping (configuration option). Allowed: a mapping.',
  );
});

test('keywords of later drafts than 7 hold as well', async () => {
  const schema = { type: 'object', dependentRequired: { user: ['password'] } } as const;
  expect(await read(schema, { user: 'io', password: 'x' })).toEqual({ user: 'io', password: 'x' });
  await expect(read(schema, { user: 'io' })).rejects.toThrow('x.password is missing.');
});

const Contact = Type.Union([
  Type.Object({ email: Type.String(), name: Type.Optional(Type.String()) }),
  Type.Object({ phone: Type.String(), country: Type.String(), name: Type.Optional(Type.String()) }),
  Type.Intersect([Type.Object({ kind: Type.Literal('fax') }), Type.Object({ fax: Type.String() })]),
]);
const CONTACTS = 'a mapping with email, or a mapping with phone and country, or a mapping with kind: "fax" and fax';

test.each<[string, TSchema, ConfigurationValue, string]>([
  [
    'nothing tells which: all of them',
    Contact,
    { name: 'Io' },
    'x.it: an object of 1 key fits none of the alternatives (configuration option). Allowed: a mapping with email, or a mapping with phone and country.',
  ],
  ['nothing at all', Contact, {}, `x.it: an object of 0 keys fits none of the alternatives (configuration option). Allowed: ${CONTACTS}.`],
  ['a key that one alternative has', Contact, { phone: '1' }, 'x.it.country is missing. Allowed: a string.'],
  ['a key that one has, with a value that it has not', Contact, { email: 5 }, 'x.it.email: a number is not a string'],
  ['the word that tells them apart is missing', Shape, {}, 'x.it.kind is missing. Allowed: one of "circle", "square".'],
  [
    'the word that tells them apart is another',
    Shape,
    { kind: 'cube', side: 1 },
    'x.it.kind: a text of 4 characters is not allowed (configuration option). Allowed: one of "circle", "square".',
  ],
  [
    'within a list',
    Type.Array(Contact),
    [{ email: 'a' }, { name: 'Io' }],
    'x.it[1]: an object of 1 key fits none of the alternatives (configuration option). Allowed: a mapping with email, or a mapping with phone and country.',
  ],
  [
    'beside scalars',
    Type.Union([Type.Boolean(), Contact]),
    { name: 'Io' },
    'Allowed: a mapping with email, or a mapping with phone and country.',
  ],
])('a union of objects that nothing fits: %s', async (_, it, given, message) => {
  await expect(read(Type.Object({ it }), { it: given })).rejects.toThrow(message);
});

// A schema, a value that it allows, and that value with the defaults filled in.
interface Case {
  readonly schema: TSchema;
  readonly given: ConfigurationValue;
  readonly filled: ConfigurationValue;
}

const scalar: fc.Arbitrary<Case> = fc.oneof(
  fc.integer().map((given) => ({ schema: Type.Integer(), given, filled: given })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((given) => ({ schema: Type.Number(), given, filled: given })),
  fc.string().map((given) => ({ schema: Type.String(), given, filled: given })),
  fc.boolean().map((given) => ({ schema: Type.Boolean(), given, filled: given })),
  fc.constant({ schema: Type.Null(), given: null, filled: null }),
);

function wrapped(inner: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  const key = fc.constantFrom('a', 'b', 'c', 'd-e');
  return fc.oneof(
    fc.dictionary(key, fc.tuple(inner, fc.constantFrom('given', 'optional', 'absent', 'default'))).map(objectOf),
    inner.chain((one) =>
      fc
        .array(fc.constant(one), { maxLength: 3 })
        .map((all) => ({ schema: Type.Array(one.schema), given: all.map(({ given }) => given), filled: all.map(({ filled }) => filled) })),
    ),
    inner.map(({ schema, given, filled }) => ({ schema: Type.Record(Type.String(), schema), given: { k: given }, filled: { k: filled } })),
    inner.map((one) => ({ ...one, schema: Type.Union([Type.Object({ never: Type.Literal('x') }), one.schema]) })),
    inner.map((one) => ({ ...one, schema: { allOf: [one.schema] } })),
  );
}

function objectOf(members: Readonly<Record<string, readonly [Case, string]>>): Case {
  const entries = Object.entries(members);
  const schemaOf = ({ schema, filled }: Case, how: string): TSchema => {
    if (how === 'given') return schema;
    return how === 'default' ? Type.Optional({ allOf: [schema], default: filled }) : Type.Optional(schema);
  };
  return {
    schema: Type.Object(Object.fromEntries(entries.map(([name, [one, how]]) => [name, schemaOf(one, how)]))),
    given: Object.fromEntries(
      entries.filter(([, [, how]]) => how === 'given' || how === 'optional').map(([name, [{ given }]]) => [name, given]),
    ),
    filled: Object.fromEntries(entries.filter(([, [, how]]) => how !== 'absent').map(([name, [{ filled }]]) => [name, filled])),
  };
}

const deep = wrapped(fc.oneof(scalar, wrapped(fc.oneof(scalar, wrapped(scalar)))));

test('any value of any schema comes through with its defaults, and a validator of its own agrees', async () => {
  const { configuration } = await start(App, { configuration: {} });
  expect(configuration.get('x')).toBeUndefined();
  await fc.assert(
    fc.asyncProperty(deep, async ({ schema, given, filled }) => {
      const whole = Type.Object({ value: schema });
      const result = (await read(whole, { value: given })) as { readonly value: unknown };
      expect(result.value).toEqual(filled);
      expect(new Ajv({ strict: false }).compile(whole)(result)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
