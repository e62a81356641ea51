/** The function that Fastify calls for a route: takes the arguments, calls the controller's method, settles what it returned. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isError, readableError } from '../errors/thrown.js';
import { answerToSend, watchReply } from './answers.js';
import { threwNoError } from './errors.js';
import type { Extractor } from './extractors.js';
import { keepFailure } from './handler-traces.js';

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
  /** True where the method, or what is injected for this request only, can have the reply. */
  readonly seesReply: boolean;
  readonly instanceOf: (request: FastifyRequest, reply: FastifyReply) => object;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;
type Call = (instance: object, request: FastifyRequest, reply: FastifyReply) => unknown;
type Target = Record<'method', (...parameters: unknown[]) => unknown>;
type Then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => unknown;

/**
 * Makes the handler of one route.
 *
 * Hot path: no lookup but that of the method on its instance (others may have put their own there), no array where there are
 * at most three arguments, and no promise of our own where the method returns none.
 */
export function routeHandler(parts: HandlerParts): Handler {
  const { where, statusCode, takesReply, seesReply, instanceOf } = parts;
  const call = compileCall(parts.method, parts.extractors);
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): never => {
    // A status set for success must not stick to the error's answer, whoever writes that.
    if (statusCode !== undefined && reply.statusCode === statusCode) reply.code(200);
    const thrown = isError(error) ? readableError(error) : threwNoError(where, error);
    keepFailure(request, thrown);
    throw thrown;
  };
  return (request, reply) => {
    if (seesReply) watchReply(request, reply);
    if (statusCode !== undefined) reply.code(statusCode);
    let result: unknown;
    let then: Then | undefined;
    try {
      result = call(instanceOf(request, reply), request, reply);
      then = thenOf(result);
    } catch (error) {
      return fail(error, request, reply);
    }
    if (result === reply) return result;
    if (then !== undefined) {
      return promiseOf(result, then).then(
        (value) => (value === undefined ? settledNothing(statusCode, reply) : answerToSend(value, request, reply)),
        (error: unknown) => fail(error, request, reply),
      );
    }
    if (result !== undefined) return answerToSend(result, request, reply);
    if (!takesReply && !reply.sent) reply.code(statusCode ?? 204).send();
    return undefined;
  };
}

// Fastify makes an empty body of nothing, to which only the status is added here.
function settledNothing(statusCode: number | undefined, reply: FastifyReply): undefined {
  if (statusCode === undefined && reply.statusCode === 200 && !reply.sent) reply.code(204);
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

function thenOf(value: unknown): Then | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const { then } = value as { readonly then?: unknown };
  return typeof then === 'function' ? (then as Then) : undefined;
}

// The `then` of a query builder may give nothing, settle twice or throw, and runs the query: it is called once, by a promise.
function promiseOf(thenable: unknown, then: Then): Promise<unknown> {
  if (then === Promise.prototype.then) return thenable as Promise<unknown>;
  return new Promise((resolve, reject) => void then.call(thenable, resolve, reject));
}
