/** Reads the shape of values from a JSON Schema. */
import type { TSchema } from 'typebox';
import type { SchemaDocument } from './schema-document.js';

/** Schemas that all apply to one value, and the unions among them. */
export interface Shape {
  /** The schemas after references are followed and `allOf` is flattened. */
  readonly parts: readonly TSchema[];
  /** The alternatives of each `anyOf` and `oneOf`. */
  readonly unions: readonly (readonly TSchema[])[];
}

/** The shape of a schema: references followed, `allOf` flattened. */
export function shapeOf(document: SchemaDocument, schema: TSchema): Shape {
  const parts = new Set<TSchema>();
  const pending = [schema];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (parts.has(next)) continue;
    parts.add(next);
    const target = document.target(next);
    pending.push(...(target === undefined ? [] : [target]), ...listAt(next, 'allOf'));
  }
  const unions = [...parts].flatMap((part) => [listAt(part, 'anyOf'), listAt(part, 'oneOf')]).filter((union) => union.length > 0);
  return { parts: [...parts], unions };
}

/** The types of a schema; empty if the schema does not restrict them. */
export function typesOf(schema: TSchema): readonly string[] {
  const type: unknown = Reflect.get(schema, 'type');
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.map(String);
  return [...new Set(literalsOf(schema).map(typeOfValue))];
}

/** The values that a schema lists; empty if it lists none. */
export function literalsOf(schema: TSchema): readonly unknown[] {
  const constant: unknown = Reflect.get(schema, 'const');
  const options: unknown = Reflect.get(schema, 'enum');
  if (constant !== undefined) return [constant];
  return Array.isArray(options) ? options : [];
}

/** JSON Schema's name for the type of a value. */
export function typeOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** The names of the properties that a schema declares, including those of its parts and alternatives. */
export function declaredKeys(document: SchemaDocument, schema: TSchema): readonly string[] {
  const { parts, unions } = shapeOf(document, schema);
  return [
    ...new Set([
      ...parts.flatMap((part) => Object.keys(propertiesOf(part))),
      ...unions.flat().flatMap((each) => declaredKeys(document, each)),
    ]),
  ];
}

/** The schemas of an object's properties. */
export function propertiesOf(schema: TSchema): Readonly<Record<string, TSchema>> {
  const properties: unknown = Reflect.get(schema, 'properties');
  return isSchema(properties) ? (properties as Record<string, TSchema>) : {};
}

/** The schemas that apply to a key of a mapping. */
export function schemasForKey(parts: readonly TSchema[], key: string): readonly TSchema[] {
  return parts.flatMap((part) => {
    const properties = propertiesOf(part);
    const named = Object.hasOwn(properties, key) ? [properties[key] as TSchema] : [];
    const found = [...named, ...patternsFor(part, key)];
    const additional: unknown = Reflect.get(part, 'additionalProperties');
    return found.length > 0 || !isSchema(additional) ? found : [additional as TSchema];
  });
}

/** Whether a mapping may have keys that its schema does not declare. */
export function isOpen(parts: readonly TSchema[]): boolean {
  const additional = parts.map((part): unknown => Reflect.get(part, 'additionalProperties'));
  const isListing = parts.some((part) => Reflect.has(part, 'properties') || Reflect.has(part, 'patternProperties'));
  return !isListing || additional.some((each) => each === true || isSchema(each));
}

/** The schemas that apply to an entry of a list. */
export function schemasForEntry(parts: readonly TSchema[], index: number): readonly TSchema[] {
  return parts.flatMap((part) => {
    const items: unknown = Reflect.get(part, 'items');
    const prefix = Array.isArray(items) ? items : listAt(part, 'prefixItems');
    const further: unknown = Array.isArray(items) ? Reflect.get(part, 'additionalItems') : items;
    const found: unknown = index < prefix.length ? prefix[index] : further;
    return isSchema(found) ? [found as TSchema] : [];
  });
}

function patternsFor(part: TSchema, key: string): readonly TSchema[] {
  const patterns: unknown = Reflect.get(part, 'patternProperties');
  if (!isSchema(patterns)) return [];
  return Object.entries(patterns)
    .filter(([pattern, schema]) => isSchema(schema) && new RegExp(pattern, 'u').test(key))
    .map(([, schema]) => schema as TSchema);
}

function listAt(schema: TSchema, keyword: string): readonly TSchema[] {
  const list: unknown = Reflect.get(schema, keyword);
  return Array.isArray(list) ? list.filter(isSchema) : [];
}

function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
