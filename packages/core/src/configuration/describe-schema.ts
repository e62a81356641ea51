/** What a JSON Schema allows, in words for people. */
import type { TSchema } from 'typebox';
import type { SchemaDocument } from './schema-document.js';
import { literalsOf, propertiesOf, schemasForEntry, shapeOf, typesOf } from './schema-shape.js';

const KINDS: Readonly<Record<string, string>> = {
  integer: 'an integer',
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'null',
};

/** Describes schemas of one document. */
export class SchemaWords {
  constructor(private readonly document: SchemaDocument) {}

  /** What a schema allows: `an integer from 0 to 65535`, `a list, each entry a string`, `one of "info", "warn"`. */
  allowed(schema: TSchema): string {
    const alternatives = this.alternatives(schema);
    const literals = alternatives.flatMap(literalsOf);
    const others = alternatives.filter((each) => literalsOf(each).length === 0).flatMap((each) => this.#describe(each));
    return [...(literals.length === 0 ? [] : [listed(literals)]), ...new Set(others)].join(' or ');
  }

  /** The keys that a mapping needs: `a mapping with kind: "card" and number`. */
  mapping(schema: TSchema): string {
    const { parts } = shapeOf(this.document, schema);
    const properties = Object.assign({}, ...parts.map(propertiesOf)) as Readonly<Record<string, TSchema>>;
    const required = [...new Set(parts.flatMap((part) => (Reflect.get(part, 'required') ?? []) as readonly string[]))];
    const fixed = new Map(required.map((key) => [key, this.alternatives(properties[key] ?? {}).flatMap(literalsOf)]));
    const keys = required
      .toSorted((one, other) => Number(fixed.get(other)?.length === 1) - Number(fixed.get(one)?.length === 1))
      .map((key) => (fixed.get(key)?.length === 1 ? `${key}: ${JSON.stringify(fixed.get(key)?.[0])}` : key));
    if (keys.length === 0) return this.allowed(schema);
    return `a mapping with ${keys.length === 1 ? keys[0] : `${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}`}`;
  }

  /** The kind of value a schema asks for, without its bounds: `an integer`. */
  kind(schema: TSchema): string {
    const kinds = this.alternatives(schema).flatMap((each) => typesOf(each).map((type) => KINDS[type]));
    return kinds.length > 0 && kinds.every((kind) => kind !== undefined) ? [...new Set(kinds)].join(' or ') : this.allowed(schema);
  }

  /** The schema itself, or the alternatives of a union, down to those that name a type. */
  alternatives(schema: TSchema): readonly TSchema[] {
    const { parts, unions } = shapeOf(this.document, schema);
    const typed = parts.filter((part) => typesOf(part).length > 0);
    if (typed.length > 0) return [typed.find((part) => typesOf(part)[0] !== 'object') ?? typed[0] ?? schema];
    const [union] = unions;
    return union === undefined ? [schema] : union.flatMap((each) => this.alternatives(each));
  }

  #describe(schema: TSchema): string[] {
    const types = typesOf(schema);
    if (types.length === 0) return ['a value'];
    return types.map((type) => {
      if (type === 'array') return this.#describeList(schema);
      return `${KINDS[type] ?? 'a value'}${RULES[type]?.(schema) ?? ''}`;
    });
  }

  #describeList(schema: TSchema): string {
    const [items] = schemasForEntry([schema], 0);
    const count = describeBounds(schema, ['minItems', 'maxItems']);
    return items === undefined || Object.keys(items).length === 0 ? `a list${count}` : `a list${count}, each entry ${this.allowed(items)}`;
  }
}

/** Values to choose from: `one of "info", "warn"`. */
export function listed(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value)).join(', ');
  return values.length > 1 ? `one of ${texts}` : texts;
}

const RULES: Readonly<Record<string, (schema: TSchema) => string>> = {
  string: describeStringRules,
  integer: (schema) => describeBounds(schema, ['minimum', 'maximum']),
  number: (schema) => describeBounds(schema, ['minimum', 'maximum']),
};

function describeStringRules(schema: TSchema): string {
  const format: unknown = Reflect.get(schema, 'format');
  const pattern: unknown = Reflect.get(schema, 'pattern');
  const minLength: unknown = Reflect.get(schema, 'minLength');
  if (format !== undefined) return ` in the format ${format}`;
  if (pattern !== undefined) return ` that matches ${pattern}`;
  if (minLength === undefined) return '';
  return minLength === 1 ? ' that is not empty' : ` of at least ${minLength} characters`;
}

function describeBounds(schema: TSchema, [lowest, highest]: readonly [string, string]): string {
  const minimum: unknown = Reflect.get(schema, lowest);
  const maximum: unknown = Reflect.get(schema, highest);
  const above: unknown = Reflect.get(schema, 'exclusiveMinimum');
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  if (above !== undefined) return maximum === undefined ? ` above ${above}` : ` above ${above} and at most ${maximum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}
