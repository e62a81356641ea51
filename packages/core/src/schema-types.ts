/** `@tsukimi/core/schema-types`: makes the framework's own schemas without loading TypeBox, whose many modules would be half of the load time of core. */
import type { TSchema, Type } from 'typebox';

type Options = Readonly<Record<string, unknown>>;

/** The functions of TypeBox that the framework's schemas need. They return the same objects as TypeBox's, so that TypeBox reads them as its own. */
export const SchemaType = {
  Array: (items: TSchema, options?: Options) => schema('Array', { type: 'array', items }, options),
  Boolean: (options?: Options) => schema('Boolean', { type: 'boolean' }, options),
  Enum: (values: readonly unknown[], options?: Options) => schema('Enum', { enum: values }, options),
  Integer: (options?: Options) => schema('Integer', { type: 'integer' }, options),
  Literal: (value: unknown, options?: Options) => schema('Literal', { type: typeof value, const: value }, options),
  Null: (options?: Options) => schema('Null', { type: 'null' }, options),
  Number: (options?: Options) => schema('Number', { type: 'number' }, options),
  Object: (properties: Readonly<Record<string, TSchema>>, options?: Options) => {
    const required = Object.keys(properties).filter((key) => !('~optional' in (properties[key] as object)));
    return schema('Object', { type: 'object', ...(required.length > 0 && { required }), properties }, options);
  },
  Optional: (type: TSchema) => hide(copyOf(type), '~optional', true),
  Record: (_key: TSchema, value: TSchema, options?: Options) =>
    schema('Record', { type: 'object', patternProperties: { '^.*$': value } }, options),
  String: (options?: Options) => schema('String', { type: 'string' }, options),
  Union: (anyOf: readonly TSchema[], options?: Options) => schema('Union', { anyOf }, options),
} as unknown as Pick<
  typeof Type,
  'Array' | 'Boolean' | 'Enum' | 'Integer' | 'Literal' | 'Null' | 'Number' | 'Object' | 'Optional' | 'Record' | 'String' | 'Union'
>;

function schema(kind: string, members: object, options: Options | undefined): object {
  return hide({ ...members, ...options }, '~kind', kind);
}

// TypeBox keeps what is not JSON Schema in properties that are not enumerable.
function hide(target: object, key: string, value: unknown): object {
  return Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false });
}

function copyOf(type: TSchema): object {
  return Object.defineProperties({}, Object.getOwnPropertyDescriptors(type));
}
