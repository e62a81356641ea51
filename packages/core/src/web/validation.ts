/** The Ajv validators of controller routes. Text of paths, queries and headers is converted; bodies are not. */
import { Ajv, type ErrorObject, type Options } from 'ajv';
import addFormats from 'ajv-formats';
import { addLaterKeywords } from '../configuration/later-keywords.js';
import { isUnsafeInteger } from './decimal.js';
import { DATE_FORMAT } from './declared-type.js';
import type { RequestPart } from './request-invalid.js';
import { isObject } from './schema-places.js';
import { type Convert, textConversion, type ValidatorOf } from './text-conversion.js';

/** A validator as Fastify calls it; a custom one may return a new value. */
export interface PartValidator {
  (data: unknown): boolean | { readonly value: unknown };
  errors?: ErrorObject[] | null;
}

/** Compiles the schema of one part of a request. */
export type PartCompiler = (schema: unknown, part: RequestPart) => PartValidator;

// `allErrors` stays off: collecting every error of a large hostile body would cost the server much time.
const OPTIONS: Options = { allErrors: false, useDefaults: true, addUsedSchema: false, strictTypes: false, strictTuples: false };

const ROOT_KEY = 'tsukimi:schema';

/**
 * Creates the compiler for the routes of one Fastify instance.
 *
 * @param shared schemas added by `fastify.addSchema`, for `$ref`.
 */
export function partCompiler(shared: Readonly<Record<string, unknown>>): PartCompiler {
  const ajv = makeAjv(OPTIONS, shared);
  return (schema, part) => {
    if (part === 'body') return compile(ajv, schema);
    const named = part === 'headers' ? lowerCaseNames(schema) : schema;
    const validate = onText(compile(ajv, named), textConversion(named, shared, branchValidators(named, shared)));
    return part === 'headers' ? onCopy(validate) : validate;
  };
}

// Get them from Ajv by their place, so that references in them are resolved. They must not add defaults, because a branch is only tried.
function branchValidators(schema: unknown, shared: Readonly<Record<string, unknown>>): ValidatorOf {
  let ajv: Ajv | undefined;
  return ({ document, pointer }) => {
    ajv ??= makeAjv({ ...OPTIONS, useDefaults: false }, shared).addSchema(schema as object, ROOT_KEY);
    const validate = ajv.getSchema(`${document === '' ? ROOT_KEY : document}#${pointer}`);
    if (validate === undefined) throw new Error(`there is no schema at #${pointer}`);
    return (value) => validate(value) === true;
  };
}

function makeAjv(options: Options, shared: Readonly<Record<string, unknown>>): Ajv {
  const ajv = new Ajv(options);
  addFormats.default(ajv);
  addLaterKeywords(ajv);
  ajv.addFormat(DATE_FORMAT, { type: 'string', validate: dateFormat(ajv) });
  // A keyword of OpenAPI, which validates nothing.
  ajv.addKeyword('example');
  for (const schema of Object.values(shared)) ajv.addSchema(schema as object);
  return ajv;
}

// A schema with an `$id` may be used by several routes, but Ajv compiles each `$id` only once.
function compile(ajv: Ajv, schema: unknown): PartValidator {
  const id = typeof schema === 'object' && schema !== null && '$id' in schema ? schema.$id : undefined;
  const known = typeof id === 'string' ? ajv.getSchema(id) : undefined;
  return (known ?? ajv.compile(schema as object)) as PartValidator;
}

function onText(validate: PartValidator, convert: Convert): PartValidator {
  const converting: PartValidator = (data) => {
    const value = convert(data);
    const result = validate(value);
    if (result !== false) return value === data ? result : { value };
    converting.errors = validate.errors?.map((error) => ofText(error, value)) ?? null;
    return false;
  };
  return converting;
}

// Describe errors from the sender's view: Ajv wraps text into a list, and an integer that can't be represented exactly is a number to its sender.
function ofText(error: ErrorObject, data: unknown): ErrorObject {
  const { keyword, instancePath, params } = error;
  if (keyword !== 'type' || (params['type'] !== 'number' && params['type'] !== 'integer')) return error;
  const parentPath = instancePath.slice(0, instancePath.lastIndexOf('/'));
  const parent = valueAt(data, parentPath);
  const text = valueAt(data, instancePath);
  if (typeof text !== 'string') return error;
  const path = Array.isArray(parent) ? parentPath : instancePath;
  const range = `must be between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`;
  return { ...error, instancePath: path, ...(isUnsafeInteger(text) && { message: range }) };
}

function valueAt(data: unknown, pointer: string): unknown {
  let value = data;
  for (const key of pointer.split('/').slice(1)) {
    value = isObject(value) ? value[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return value;
}

// Conversion modifies the value, but Node's own headers must stay text for later readers.
function onCopy(validate: PartValidator): PartValidator {
  const copying: PartValidator = (data) => {
    const copy = { ...(data as object) };
    const result = validate(copy);
    copying.errors = validate.errors ?? null;
    return result === true ? { value: copy } : result;
  };
  return copying;
}

// Accepts a date, or a date and time with a time zone; rejects `2026-02-30`.
function dateFormat(ajv: Ajv): (text: string) => boolean {
  const isDate = ajv.compile({ type: 'string', anyOf: [{ format: 'date' }, { format: 'date-time' }] });
  return (text) => isDate(text) && !Number.isNaN(Date.parse(text));
}

// Node's header names are lower case, but schemas may use any case.
function lowerCaseNames(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lowerCaseNames);
  if (!isObject(schema)) return schema;
  const lowered: Record<string, unknown> = { ...schema };
  if (isObject(schema['properties'])) lowered['properties'] = withLowerCaseKeys(schema['properties'], (value) => value);
  if (Array.isArray(schema['required'])) lowered['required'] = schema['required'].map((name) => String(name).toLowerCase());
  for (const keyword of ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'])
    if (keyword in schema) lowered[keyword] = lowerCaseNames(schema[keyword]);
  for (const keyword of ['dependencies', 'dependentRequired', 'dependentSchemas']) {
    const needs = schema[keyword];
    if (isObject(needs))
      lowered[keyword] = withLowerCaseKeys(needs, (need) =>
        isNames(need) ? need.map((name) => name.toLowerCase()) : lowerCaseNames(need),
      );
  }
  return lowered;
}

function withLowerCaseKeys(mapping: object, change: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(mapping).map(([name, value]) => [name.toLowerCase(), change(value)]));
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
