/** The decorators for the parameters of route methods. */
import { declareParameter, type ParameterDeclaration, type ParameterSource } from './route-metadata.js';
import { isStandardSchema, type RequestSchema } from './standard-schema.js';

/** Options of `@Query`, `@Header` and `@Body`. */
export interface ParameterOptions {
  /**
   * Whether a request without the value gets a 400.
   * @default false
   */
  readonly required?: boolean;
  /** The argument if the request does not have the value. It is neither validated nor copied. */
  readonly default?: unknown;
  /** The schema of the value, instead of the parameter's declared type. */
  readonly schema?: RequestSchema;
}

/** A decorator of a parameter of a route method. */
export type RouteParameterDecorator = (target: object, method: string | symbol | undefined, index: number) => void;

type NameOrSchema = string | RequestSchema;
type SchemaOrOptions = RequestSchema | ParameterOptions;

/**
 * Injects a path parameter, converted to the declared type of the method's parameter; without a name, all path parameters.
 *
 * @param name the name in the route's path: `userId` for `/user/:userId`.
 * @param schema the schema of the value, instead of the declared type.
 */
export function Param(name?: NameOrSchema, schema?: RequestSchema | { readonly schema: RequestSchema }): RouteParameterDecorator {
  return parameter('params', name, schema);
}

/**
 * Injects a value of the query string, converted to the declared type of the method's parameter; without a name, all values.
 *
 * The value is optional unless `required` is set: if the request does not have it, the argument is `default` or `undefined`.
 */
export function Query(name?: NameOrSchema, options?: SchemaOrOptions): RouteParameterDecorator {
  return parameter('querystring', name, options);
}

/** Injects a request header. The name is not case-sensitive. Otherwise like `@Query`. */
export function Header(name?: NameOrSchema, options?: SchemaOrOptions): RouteParameterDecorator {
  return parameter('headers', typeof name === 'string' ? name.toLowerCase() : name, options);
}

/**
 * Injects the parsed body of the request, or one of its fields if a name is given. It is validated if there is a schema.
 *
 * Values of the body are never converted: `"5"` is not a number.
 */
export function Body(name?: NameOrSchema, options?: SchemaOrOptions): RouteParameterDecorator {
  return parameter('body', name, options);
}

/** Injects Fastify's request. */
export function Req(): RouteParameterDecorator {
  return parameter('request');
}

/** Injects Fastify's reply. A method that sends the response itself should return the reply. */
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

// `{ default: 10 }` is an options object; `{ type: 'integer', default: 10 }` and `{ required: ['a'] }` are JSON Schemas.
function readOptions(given: SchemaOrOptions | undefined): ParameterOptions {
  if (given === undefined) return {};
  if (isStandardSchema(given)) return { schema: given };
  const isOptions = Object.keys(given).every((key) => OPTION_KEYS.has(key)) && !('required' in given && Array.isArray(given.required));
  return isOptions ? (given as ParameterOptions) : { schema: given };
}
