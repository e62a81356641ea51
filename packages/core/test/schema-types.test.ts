/** The framework's own schemas: the same objects as TypeBox's, made without it. */
import { readdirSync, readFileSync } from 'node:fs';
import { AppSchema, LoggingSchema, SchedulerSchema, ServerSchema } from '@tsukimi/core';
import { SchemaType } from '@tsukimi/core/schema-types';
import { type TSchema, Type } from 'typebox';
import Value from 'typebox/value';
import { expect, test } from 'vitest';

// What is not JSON Schema too, which TypeBox hides.
function everything(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(Object.getOwnPropertyDescriptors(value));
  return Object.fromEntries(entries.map(([key, { value: own, ...flags }]) => [key, { ...flags, value: everything(own) }]));
}

const made = (type: typeof SchemaType): readonly TSchema[] => {
  const name = type.String({ minLength: 1, default: 'moon' });
  return [
    name,
    type.Boolean(),
    type.Integer({ minimum: 0 }),
    type.Number(),
    type.Null(),
    type.Enum(['a', 'b'], { default: 'a' }),
    type.Literal('a'),
    type.Literal(1),
    type.Literal(true),
    type.Array(name, { default: [] }),
    type.Union([type.Integer(), type.Null()], { default: null }),
    type.Record(type.String(), name, { default: {} }),
    type.Optional(name),
    type.Object({}),
    type.Object({ first: type.Optional(type.Number()) }, { shown: true }),
    type.Object({ first: type.Optional(type.Number()), second: type.Object({ third: name }, { additionalProperties: false }) }),
  ];
};

test('each function makes the object that TypeBox makes', () => {
  expect(made(SchemaType).map(everything)).toEqual(made(Type).map(everything));
});

test('an optional schema is a copy', () => {
  const name = SchemaType.String();
  expect(Type.IsOptional(SchemaType.Optional(name))).toBe(true);
  expect(Type.IsOptional(name)).toBe(false);
});

test('TypeBox reads the framework’s schemas as its own', () => {
  expect(Value.Create(Type.Object({ app: AppSchema, scheduler: SchedulerSchema }))).toEqual({
    app: { version: 'unknown' },
    scheduler: { enabled: true },
  });
  expect(Value.Default(Type.Pick(ServerSchema, ['port', 'host']), {})).toEqual({ host: '127.0.0.1', port: 8000 });
  expect(Value.Check(LoggingSchema, { level: 'loud', format: 'json' })).toBe(false);
});

test('no source file of a package loads TypeBox', () => {
  const sources = readdirSync('packages', { recursive: true, encoding: 'utf8' }).filter((path) => /^[\w-]+\/src\/.*\.ts$/.test(path));
  expect(sources).toContain('core/src/schema-types.ts');
  expect(sources.filter((path) => /^(import|export) (?!type ).*'typebox/m.test(readFileSync(`packages/${path}`, 'utf8')))).toEqual([]);
});
