/** Validates by Standard Schemas, right before Fastify validates by JSON Schema. */
import type { FastifyRequest } from 'fastify';
import { keepFailure } from './handler-traces.js';
import { invalidByStandard, missingValue, type RequestPart } from './request-invalid.js';
import type { StandardSchema } from './standard-schema.js';

/** One argument that a Standard Schema validates. */
export interface StandardCheck {
  readonly index: number;
  readonly part: RequestPart;
  /** The name of one value of the part; undefined for the whole part. */
  readonly name: string | undefined;
  readonly schema: StandardSchema;
  readonly required: boolean | undefined;
  readonly default: unknown;
}

/** The property of a request with the validated arguments, by position. */
export const VALIDATED: unique symbol = Symbol('tsukimi.validated');

type Values = Readonly<Record<string, unknown>>;
type Holder = { [VALIDATED]: unknown[] };

/** The arguments that Standard Schemas have validated, by position. */
export function validatedValues(request: FastifyRequest): readonly unknown[] {
  return (request as unknown as Holder)[VALIDATED];
}

/** Creates the `preValidation` hook that runs the checks one after the other and stops at the first failure. */
export function standardValidation(checks: readonly StandardCheck[]): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const values: unknown[] = [];
    (request as unknown as Holder)[VALIDATED] = values;
    for (const check of checks) {
      const value = await validated(check, request).catch((error: unknown) => {
        // A schema that throws counts as an error of the controller, although it runs in a hook.
        keepFailure(request, error);
        throw error;
      });
      values[check.index] = value;
      // As in Fastify, the body after validation is the result of the schema.
      if (check.part === 'body' && check.name === undefined) request.body = value;
    }
  };
}

async function validated(check: StandardCheck, request: FastifyRequest): Promise<unknown> {
  const { part, name, schema } = check;
  const whole = partOf(request, part);
  const value = name === undefined ? whole : (whole as Values | null | undefined)?.[name];
  if (value === undefined && name !== undefined) {
    if (check.required === true) throw missingValue(part, name);
    if (check.default !== undefined || check.required === false) return check.default;
  }
  const result = await schema['~standard'].validate(value);
  if (result.issues !== undefined) throw invalidByStandard(result.issues, part, name);
  return result.value;
}

function partOf(request: FastifyRequest, part: RequestPart): unknown {
  switch (part) {
    case 'params':
      return request.params;
    case 'querystring':
      return request.query;
    case 'headers':
      return request.headers;
    case 'body':
      return request.body;
  }
}
