/** The Ajv validators of controller routes: text is converted where a request can hold nothing else, bodies never are. */
import { Ajv, type ErrorObject, type Options } from 'ajv';
import addFormats from 'ajv-formats';
import { decimalCheck } from './decimal.js';
import { DATE_FORMAT } from './declared-type.js';
import type { RequestPart } from './request-invalid.js';

/** A validator as Fastify calls it; a custom one may answer with the value to go on with. */
export interface PartValidator {
  (data: unknown): boolean | { readonly value: unknown };
  errors?: ErrorObject[] | null;
}

/** Compiles the schema of one part of a request. */
export type PartCompiler = (schema: unknown, part: RequestPart) => PartValidator;

// `allErrors` stays off: collecting every error of a large hostile body costs time that the client does not pay for.
const OPTIONS: Options = { allErrors: false, useDefaults: true, addUsedSchema: false, strictTypes: false, strictTuples: false };

/**
 * Makes the compiler for the routes of one Fastify instance.
 *
 * @param shared schemas added by `fastify.addSchema`, for `$ref`.
 */
export function partCompiler(shared: Readonly<Record<string, unknown>>): PartCompiler {
  const text = makeAjv({ ...OPTIONS, coerceTypes: 'array' }, shared);
  const body = makeAjv(OPTIONS, shared);
  return (schema, part) => {
    if (part === 'body') return compile(body, schema);
    if (part !== 'headers') return withDecimals(compile(text, schema), schema);
    const lowered = lowerCaseNames(schema);
    return onCopy(withDecimals(compile(text, lowered), lowered));
  };
}

function makeAjv(options: Options, shared: Readonly<Record<string, unknown>>): Ajv {
  const ajv = new Ajv(options);
  addFormats.default(ajv);
  ajv.addFormat(DATE_FORMAT, { type: 'string', validate: dateFormat(ajv) });
  // OpenAPI's keyword, which validates nothing.
  ajv.addKeyword('example');
  for (const schema of Object.values(shared)) ajv.addSchema(schema as object);
  return ajv;
}

// One schema with an `$id` may stand on several routes, and Ajv compiles an `$id` only once.
function compile(ajv: Ajv, schema: unknown): PartValidator {
  const id = typeof schema === 'object' && schema !== null && '$id' in schema ? schema.$id : undefined;
  const known = typeof id === 'string' ? ajv.getSchema(id) : undefined;
  return (known ?? ajv.compile(schema as object)) as PartValidator;
}

function withDecimals(validate: PartValidator, schema: unknown): PartValidator {
  const check = decimalCheck(schema);
  if (check === undefined) return validate;
  const checked: PartValidator = (data) => {
    const error = check(data);
    const result = error === undefined && validate(data);
    checked.errors = error === undefined ? (validate.errors ?? null) : [error];
    return result;
  };
  return checked;
}

// Conversion writes into what it validates; Node's own headers stay text for whoever reads them later.
function onCopy(validate: PartValidator): PartValidator {
  const copying: PartValidator = (data) => {
    const copy = { ...(data as object) };
    const result = validate(copy);
    copying.errors = validate.errors ?? null;
    return result === false ? false : { value: copy };
  };
  return copying;
}

// A date alone, or a moment with its time zone; `2026-02-30` is neither.
function dateFormat(ajv: Ajv): (text: string) => boolean {
  const isDate = ajv.compile({ type: 'string', anyOf: [{ format: 'date' }, { format: 'date-time' }] });
  return (text) => isDate(text) && !Number.isNaN(Date.parse(text));
}

// Node gives header names in lower case, schemas are written as people write headers.
function lowerCaseNames(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  const { properties, required, allOf } = schema as { properties?: object; required?: string[]; allOf?: unknown[] };
  const lowered = properties && Object.fromEntries(Object.entries(properties).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    ...schema,
    ...(lowered && { properties: lowered }),
    ...(Array.isArray(required) && { required: required.map((name) => name.toLowerCase()) }),
    ...(Array.isArray(allOf) && { allOf: allOf.map(lowerCaseNames) }),
  };
}
