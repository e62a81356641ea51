/** Compiles the validators of a route at start, so that an invalid schema fails the start with the name of its route. */
import type { FastifyInstance, FastifySchema, FastifySchemaCompiler } from 'fastify';
import type { RequestPart } from './request-invalid.js';
import { routeSchemaInvalid } from './route-errors.js';
import type { PlannedRoute } from './route-plan.js';
import { type PartCompiler, type PartValidator, partCompiler } from './validation.js';

/** The part of Fastify's route options that is about validation. */
export interface RouteValidation {
  readonly schema?: FastifySchema;
  readonly validatorCompiler?: FastifySchemaCompiler<FastifySchema>;
}

/** Creates the validation of a route. All routes share one set of Ajv instances. */
export type ValidationCompiler = (route: PlannedRoute) => RouteValidation;

const PARTS: readonly RequestPart[] = ['params', 'querystring', 'headers', 'body'];

/**
 * Creates the compiler for the routes of a Fastify instance. Schemas of the instance can be referenced by `$ref`.
 *
 * The compiler throws TSK_ERR_WEB_ROUTE_SCHEMA naming class, method and part.
 */
export function validationCompiler(fastify: FastifyInstance): ValidationCompiler {
  let compile: PartCompiler | undefined;
  return (route) => {
    const schema = schemaOf(route);
    const parts = PARTS.filter((part) => schema[part] !== undefined);
    if (parts.length === 0) return Object.keys(schema).length === 0 ? {} : { schema };
    compile ??= partCompiler(fastify.getSchemas());
    const compilePart = compile;
    const validators = compileParts(route, { schema, parts, compile: compilePart });
    const validatorCompiler: FastifySchemaCompiler<FastifySchema> = ({ schema: part, httpPart = 'body' }) =>
      validators.get(httpPart) ?? compilePart(part, httpPart as RequestPart);
    return { schema, validatorCompiler };
  };
}

// `query` is Fastify's other name for `querystring`.
function schemaOf({ options, parameters }: PlannedRoute): Readonly<Record<string, unknown>> {
  const { query, ...given } = options.schema ?? {};
  return { ...(query !== undefined && { querystring: query }), ...given, ...parameters.schema };
}

interface PartsOfSchema {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly parts: readonly RequestPart[];
  readonly compile: PartCompiler;
}

function compileParts(
  { controller, method, parameters, options }: PlannedRoute,
  { schema, parts, compile }: PartsOfSchema,
): Map<string, PartValidator> {
  const validators = new Map<string, PartValidator>();
  for (const part of parts) {
    try {
      const validate = compile(schema[part], part);
      const mayBeMissing = part === 'body' && !parameters.needsBody && options.schema?.['body'] === undefined;
      validators.set(part, mayBeMissing ? unlessMissing(validate) : validate);
    } catch (cause) {
      throw routeSchemaInvalid({ controller, method, part, cause });
    }
  }
  return validators;
}

function unlessMissing(validate: PartValidator): PartValidator {
  const validating: PartValidator = (data) => {
    // Fastify validates null if there is no body.
    if (data === null) return true;
    const result = validate(data);
    validating.errors = validate.errors ?? null;
    return result;
  };
  return validating;
}
