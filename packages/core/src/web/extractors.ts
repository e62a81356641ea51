/** Takes the arguments of a route method from a request. The extractors are chosen once per route and run for each request. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ParameterDeclaration } from './route-metadata.js';
import { validatedValues } from './standard-checks.js';

/** Takes one argument from a request. */
export type Extractor = (request: FastifyRequest, reply: FastifyReply) => unknown;

type Values = Readonly<Record<string, unknown>>;

/** For a parameter with a default value and without a decorator. */
export const nothing: Extractor = () => undefined;

/** For an argument that a Standard Schema has validated. */
export function validatedExtractor(index: number): Extractor {
  return (request) => validatedValues(request)[index];
}

/** For an argument that Fastify has parsed and validated. */
export function extractor(parameter: ParameterDeclaration, convert?: (value: unknown) => unknown): Extractor {
  const { name } = parameter;
  if (name === undefined) return wholePart(parameter);
  const read = namedValue(parameter, name);
  const fallback = parameter.default;
  if (convert === undefined && fallback === undefined) return read;
  return (request, reply) => {
    const value = read(request, reply);
    if (value === undefined) return fallback;
    return convert === undefined ? value : convert(value);
  };
}

function wholePart({ source }: ParameterDeclaration): Extractor {
  switch (source) {
    case 'request':
      return (request) => request;
    case 'reply':
      return (_request, reply) => reply;
    case 'params':
      return (request) => request.params;
    case 'querystring':
      return (request) => request.query;
    case 'headers':
      return (request) => request.headers;
    case 'body':
      return (request) => request.body;
  }
}

function namedValue({ source }: ParameterDeclaration, name: string): Extractor {
  switch (source) {
    case 'params':
      return (request) => (request.params as Values)[name];
    case 'querystring':
      return (request) => (request.query as Values)[name];
    case 'headers':
      return (request) => request.headers[name];
    default:
      return (request) => fieldOf(request.body, name);
  }
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name) ? (body as Values)[name] : undefined;
}
