/** The function that Fastify calls for a route: takes the arguments, calls the controller's method, settles what it returned. */
import { types } from 'node:util';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { threwNoError } from '../errors/web.js';
import type { Extractor } from './extractors.js';

/** What a route's handler is made of. */
export interface HandlerParts {
  /** `OrderController.create`, for errors. */
  readonly where: string;
  readonly method: string;
  readonly extractors: readonly Extractor[];
  /** The status given by `@HttpCode`. */
  readonly statusCode: number | undefined;
  /** True where the method takes the reply: it may send after it returned, as in plain Fastify. */
  readonly takesReply: boolean;
  readonly instanceOf: (request: FastifyRequest, reply: FastifyReply) => object;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;
type Call = (instance: object, request: FastifyRequest, reply: FastifyReply) => unknown;
type Target = Record<'method', (...parameters: unknown[]) => unknown>;

/**
 * Makes the handler of one route.
 *
 * Hot path: no lookup but that of the method on its instance (others may have put their own there), no array where there are
 * at most three arguments, and no promise of our own where the method returns none.
 */
export function routeHandler(parts: HandlerParts): Handler {
  const { where, statusCode, takesReply, instanceOf } = parts;
  const call = compileCall(parts.method, parts.extractors);
  const fail = (error: unknown, reply: FastifyReply): never => {
    // A status set for success must not stick to the error's answer, whoever writes that.
    if (statusCode !== undefined && reply.statusCode === statusCode) reply.code(200);
    throw isError(error) ? error : threwNoError(where, error);
  };
  return (request, reply) => {
    if (statusCode !== undefined) reply.code(statusCode);
    let result: unknown;
    try {
      result = call(instanceOf(request, reply), request, reply);
    } catch (error) {
      return fail(error, reply);
    }
    if (isThenable(result)) {
      return result.then(
        (value) => settled(value, statusCode, reply),
        (error: unknown) => fail(error, reply),
      );
    }
    if (result === undefined && !takesReply && !reply.sent) reply.code(statusCode ?? 204).send();
    return result;
  };
}

// Fastify sends what the promise gives; of nothing it makes an empty body, to which only the status is added here.
function settled(value: unknown, statusCode: number | undefined, reply: FastifyReply): unknown {
  if (value === undefined && statusCode === undefined && reply.statusCode === 200 && !reply.sent) reply.code(204);
  return value;
}

// The cast to one key stands for "a method that is there": that was checked when the route was planned.
function compileCall(name: string, extractors: readonly Extractor[]): Call {
  const method = name as 'method';
  const [first, second, third] = extractors;
  if (first === undefined) return (instance) => (instance as Target)[method]();
  if (second === undefined) return (instance, request, reply) => (instance as Target)[method](first(request, reply));
  if (third === undefined) {
    return (instance, request, reply) => (instance as Target)[method](first(request, reply), second(request, reply));
  }
  if (extractors.length === 3) {
    return (instance, request, reply) => (instance as Target)[method](first(request, reply), second(request, reply), third(request, reply));
  }
  return (instance, request, reply) => (instance as Target)[method](...extractors.map((extract) => extract(request, reply)));
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return 'then' in value && typeof value.then === 'function';
}

function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
