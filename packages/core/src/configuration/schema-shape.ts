/** What a JSON Schema says of the shape of a value, and that in words for people. */
import type { TSchema } from 'typebox';

/** The schemas of an object's properties; undefined where the schema has none. */
export function propertiesOf(schema: TSchema): Readonly<Record<string, TSchema>> | undefined {
  const properties: unknown = Reflect.get(schema, 'properties');
  return typeof properties === 'object' && properties !== null ? (properties as Record<string, TSchema>) : undefined;
}

/** The schema of a list's entries; undefined for anything but a list. */
export function itemsOf(schema: TSchema): TSchema | undefined {
  if (Reflect.get(schema, 'type') !== 'array') return undefined;
  const items: unknown = Reflect.get(schema, 'items');
  return typeof items === 'object' && items !== null ? items : {};
}

/** Whether the schema is for a mapping. */
export function isKeyedObject(schema: TSchema): boolean {
  return Reflect.get(schema, 'type') === 'object';
}

/** The schema itself, or the alternatives of a union. */
export function alternativesOf(schema: TSchema): readonly TSchema[] {
  const anyOf: unknown = Reflect.get(schema, 'anyOf') ?? Reflect.get(schema, 'oneOf');
  return Array.isArray(anyOf) ? anyOf.flatMap((alternative: TSchema) => alternativesOf(alternative)) : [schema];
}

/** The schema at a path of property names and list indexes. */
export function schemaAt(schema: TSchema, path: readonly string[]): TSchema | undefined {
  let current: TSchema | undefined = schema;
  for (const part of path) {
    if (current === undefined) return undefined;
    const candidates: readonly TSchema[] = alternativesOf(current);
    current = candidates
      .map((candidate) => propertiesOf(candidate)?.[part] ?? itemsOf(candidate) ?? patternOf(candidate))
      .find((found) => found !== undefined);
  }
  return current;
}

/** What a schema allows: `an integer from 0 to 65535`, `a list of strings`, `one of "info", "warn"`. */
export function describeAllowed(schema: TSchema): string {
  const alternatives = alternativesOf(schema);
  const literals = alternatives.flatMap(literalsOf);
  const others = alternatives.filter((alternative) => literalsOf(alternative).length === 0).map(describeOne);
  const listed = literals.length > 1 ? `one of ${literals.join(', ')}` : literals[0];
  return [...(listed === undefined ? [] : [listed]), ...others].join(' or ');
}

/** The kind of value a schema asks for, without its bounds: `an integer`. */
export function describeKind(schema: TSchema): string {
  const kinds = alternativesOf(schema).map((alternative) => KINDS[String(Reflect.get(alternative, 'type'))]);
  return kinds.every((kind) => kind !== undefined) ? [...new Set(kinds)].join(' or ') : describeAllowed(schema);
}

const KINDS: Readonly<Record<string, string>> = {
  integer: 'an integer',
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'null',
};

function describeOne(schema: TSchema): string {
  const items = itemsOf(schema);
  if (items !== undefined) return Object.keys(items).length === 0 ? 'a list' : `a list, each entry ${describeAllowed(items)}`;
  const type = String(Reflect.get(schema, 'type'));
  return `${KINDS[type] ?? 'a value'}${type === 'string' ? describeStringRules(schema) : describeBounds(schema)}`;
}

function describeStringRules(schema: TSchema): string {
  const format: unknown = Reflect.get(schema, 'format');
  const pattern: unknown = Reflect.get(schema, 'pattern');
  const minLength: unknown = Reflect.get(schema, 'minLength');
  if (format !== undefined) return ` in the format ${format}`;
  if (pattern !== undefined) return ` that matches ${pattern}`;
  if (minLength === undefined) return '';
  return minLength === 1 ? ' that is not empty' : ` of at least ${minLength} characters`;
}

function describeBounds(schema: TSchema): string {
  const minimum: unknown = Reflect.get(schema, 'minimum');
  const maximum: unknown = Reflect.get(schema, 'maximum');
  const above: unknown = Reflect.get(schema, 'exclusiveMinimum');
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  if (above !== undefined) return ` above ${above}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

function literalsOf(schema: TSchema): string[] {
  const constant: unknown = Reflect.get(schema, 'const');
  const options: unknown = Reflect.get(schema, 'enum');
  if (constant !== undefined) return [JSON.stringify(constant)];
  return Array.isArray(options) ? options.map((option) => JSON.stringify(option)) : [];
}

function patternOf(schema: TSchema): TSchema | undefined {
  const patterns: unknown = Reflect.get(schema, 'patternProperties');
  if (typeof patterns === 'object' && patterns !== null) return Object.values(patterns)[0];
  const additional: unknown = Reflect.get(schema, 'additionalProperties');
  return typeof additional === 'object' && additional !== null ? additional : undefined;
}
