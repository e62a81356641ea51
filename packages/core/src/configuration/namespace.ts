/** Turns one namespace's raw values into what its schema promises: environment on top, defaults filled in, validated. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { TSchema } from 'typebox';
import type { ConfigurationValue } from './configuration.js';
import { isMapping, type Mapping } from './mapping.js';
import { alternativesOf, describeAllowed, describeKind, isKeyedObject, propertiesOf, schemaAt } from './schema-shape.js';

/** What filling a namespace needs to ask, and has to tell. */
export interface NamespaceSources {
  /** The environment's value for a key, already of the type the schema asks for; undefined where it has none. */
  fromEnvironment(key: string, schema: TSchema): ConfigurationValue | undefined;
  /** A key that the schema does not know, and those it knows in the same place. */
  onUnknownKey(key: string, known: readonly string[]): void;
}

/** One thing that is wrong with a value. */
export interface Problem {
  readonly key: string;
  readonly value: ConfigurationValue | undefined;
  /** `is not an integer`, `is out of range`. */
  readonly complaint: string;
  readonly allowed: string;
}

/** The namespace's value, with the environment on top and defaults filled in; not yet validated. */
export function fillNamespace(schema: TSchema, raw: Mapping, key: string, sources: NamespaceSources): Mapping {
  const properties = propertiesOf(schema) ?? {};
  const known = Object.keys(properties);
  for (const unknown of Object.keys(raw)) {
    if (!Object.hasOwn(properties, unknown)) sources.onUnknownKey(`${key}.${unknown}`, known);
  }
  const entries = known.map((name): [string, ConfigurationValue | undefined] => {
    const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
    return [name, fillValue(properties[name] ?? {}, value, `${key}.${name}`, sources)];
  });
  return Object.fromEntries(entries.filter((entry): entry is [string, ConfigurationValue] => entry[1] !== undefined));
}

function fillValue(
  schema: TSchema,
  raw: ConfigurationValue | undefined,
  key: string,
  sources: NamespaceSources,
): ConfigurationValue | undefined {
  const fromEnvironment = sources.fromEnvironment(key, schema);
  const given = fromEnvironment === undefined ? raw : fromEnvironment;
  const nested = alternativesOf(schema).find((alternative) => isKeyedObject(alternative) && propertiesOf(alternative) !== undefined);
  if (nested !== undefined && (given === undefined || isMapping(given))) {
    const filled = fillNamespace(nested, given ?? {}, key, sources);
    if (given !== undefined || Object.keys(filled).length > 0) return filled;
  }
  return given === undefined ? structuredClone(defaultOf(schema)) : given;
}

function defaultOf(schema: TSchema): ConfigurationValue | undefined {
  return Reflect.get(schema, 'default');
}

/** What is wrong with a filled namespace, each key once; nothing where all is well. */
export function problemsOf(schema: TSchema, value: Mapping, name: string): readonly Problem[] {
  const validate = validatorOf(schema);
  if (validate(value)) return [];
  const byPath = new Map<string, ErrorObject>();
  for (const error of validate.errors ?? []) {
    const { missingProperty } = error.params;
    const path = error.keyword === 'required' ? `${error.instancePath}/${missingProperty}` : error.instancePath;
    if (!byPath.has(path)) byPath.set(path, error);
  }
  const paths = [...byPath.keys()];
  // Where an entry of a list is wrong, that is the news, not the list.
  return paths
    .filter((path) => !paths.some((other) => other.startsWith(`${path}/`)))
    .map((path) => problemAt({ schema, value, name }, path, byPath.get(path)?.keyword ?? ''));
}

function problemAt(namespace: { schema: TSchema; value: Mapping; name: string }, path: string, keyword: string): Problem {
  const parts = path.split('/').slice(1).map(unescapePointer);
  const schema = schemaAt(namespace.schema, parts) ?? {};
  const key = parts.reduce((text, part) => (/^\d+$/.test(part) ? `${text}[${part}]` : `${text}.${part}`), namespace.name);
  return { key, value: valueAtPath(namespace.value, parts), complaint: complaintFor(keyword, schema), allowed: describeAllowed(schema) };
}

function complaintFor(keyword: string, schema: TSchema): string {
  if (keyword === 'required') return 'is missing';
  if (/^(exclusive)?(minimum|maximum)$/i.test(keyword)) return 'is out of range';
  return keyword === 'type' ? `is not ${describeKind(schema)}` : 'is not allowed';
}

function valueAtPath(value: ConfigurationValue, parts: readonly string[]): ConfigurationValue | undefined {
  return parts.reduce<ConfigurationValue | undefined>((current, part) => {
    return typeof current === 'object' && current !== null ? (Reflect.get(current, part) as ConfigurationValue | undefined) : undefined;
  }, value);
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

const validators = new WeakMap<TSchema, ValidateFunction>();

function validatorOf(schema: TSchema): ValidateFunction {
  const existing = validators.get(schema);
  if (existing !== undefined) return existing;
  const ajv = new Ajv({ allErrors: true, strict: false });
  ajvFormats.default(ajv);
  const validate = ajv.compile(schema);
  validators.set(schema, validate);
  return validate;
}
