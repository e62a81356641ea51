/** The decorators that say where an argument of a route method comes from. */
import { declareParameter, type ParameterDeclaration, type ParameterSource } from './route-metadata.js';
import { isStandardSchema, type RequestSchema } from './standard-schema.js';

/** How one query value or header is read. */
export interface ParameterOptions {
  /** A request without it gets a 400. False unless given. */
  readonly required?: boolean;
  /** The argument where the request does not have it; used as it is, neither validated nor copied. */
  readonly default?: unknown;
  /** What its value must be; in place of the parameter's declared type. */
  readonly schema?: RequestSchema;
}

/** A decorator of a parameter of a route method. */
export type RouteParameterDecorator = (target: object, method: string | symbol | undefined, index: number) => void;

type NameOrSchema = string | RequestSchema;
type SchemaOrOptions = RequestSchema | ParameterOptions;

/**
 * A path parameter, converted to the declared type of the method's parameter; without a name, all of them.
 *
 * @param name as in the route's path: `userId` for `/user/:userId`.
 * @param schema what the value must be, in place of the declared type.
 */
export function Param(name?: NameOrSchema, schema?: RequestSchema | { readonly schema: RequestSchema }): RouteParameterDecorator {
  return parameter('params', name, schema);
}

/**
 * A value of the query string, converted to the declared type of the method's parameter; without a name, all of them.
 *
 * Optional unless `required` is set: the argument is `undefined`, or `default`, where the request has none.
 */
export function Query(name?: NameOrSchema, options?: SchemaOrOptions): RouteParameterDecorator {
  return parameter('querystring', name, options);
}

/** A request header, by its name in any case; otherwise as `@Query`. */
export function Header(name?: NameOrSchema, options?: SchemaOrOptions): RouteParameterDecorator {
  return parameter('headers', typeof name === 'string' ? name.toLowerCase() : name, options);
}

/**
 * The parsed body of the request, validated where a schema is given; with a name, one of its fields.
 *
 * Bodies are never coerced: `"5"` is not a number.
 */
export function Body(name?: NameOrSchema, options?: SchemaOrOptions): RouteParameterDecorator {
  return parameter('body', name, options);
}

/** Fastify's request. */
export function Req(): RouteParameterDecorator {
  return parameter('request');
}

/** Fastify's reply; a method that sends by itself should return it. */
export function Reply(): RouteParameterDecorator {
  return parameter('reply');
}

function parameter(source: ParameterSource, nameOrSchema?: NameOrSchema, options?: SchemaOrOptions): RouteParameterDecorator {
  const named = typeof nameOrSchema === 'string';
  const read = readOptions(named ? options : nameOrSchema && { schema: nameOrSchema });
  return (target, method, index) => {
    const declaration: ParameterDeclaration = { index, source, ...(named && { name: nameOrSchema }), ...read };
    declareParameter(target, method, declaration);
  };
}

const OPTION_KEYS = new Set(['required', 'default', 'schema']);

// `{ default: 10 }` are options, `{ type: 'integer', default: 10 }` and `{ required: ['a'] }` are JSON Schemas.
function readOptions(given: SchemaOrOptions | undefined): ParameterOptions {
  if (given === undefined) return {};
  if (isStandardSchema(given)) return { schema: given };
  const isOptions = Object.keys(given).every((key) => OPTION_KEYS.has(key)) && !('required' in given && Array.isArray(given.required));
  return isOptions ? (given as ParameterOptions) : { schema: given };
}
