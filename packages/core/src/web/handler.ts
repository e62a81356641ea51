/** The route handler: collects the arguments, calls the controller's method, and handles its result. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isError, readableError } from '../errors/thrown.js';
import { answerToSend, watchReply } from './answers.js';
import { threwNoError } from './errors.js';
import type { Extractor } from './extractors.js';
import { keepFailure } from './handler-traces.js';

/** The input of `routeHandler`. */
export interface HandlerParts {
  /** `OrderController.create`, for errors. */
  readonly where: string;
  readonly method: string;
  readonly extractors: readonly Extractor[];
  /** The status of `@HttpCode`; undefined if there is none. */
  readonly statusCode: number | undefined;
  /** Whether the method takes the reply. It may then send after it has returned, as in plain Fastify. */
  readonly takesReply: boolean;
  /** Whether the method, or a request-scoped dependency, can access the reply. */
  readonly seesReply: boolean;
  readonly instanceOf: (request: FastifyRequest, reply: FastifyReply) => object;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;
type Call = (instance: object, request: FastifyRequest, reply: FastifyReply) => unknown;
type Target = Record<'method', (...parameters: unknown[]) => unknown>;
type Then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => unknown;

/**
 * Creates the handler of one route.
 *
 * Hot path: the only look-up is that of the method on its instance, where extensions may have wrapped it. There is no array for up to
 * three arguments, and no additional promise if the method returns none.
 */
export function routeHandler(parts: HandlerParts): Handler {
  const { where, statusCode, takesReply, seesReply, instanceOf } = parts;
  const call = compileCall(parts.method, parts.extractors);
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): never => {
    // The status for success must not be used for the error's response.
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

// Fastify sends an empty body for undefined, so only the status is set here.
function settledNothing(statusCode: number | undefined, reply: FastifyReply): undefined {
  if (statusCode === undefined && reply.statusCode === 200 && !reply.sent) reply.code(204);
}

// The cast is safe: the existence of the method was checked when the route was planned.
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

// The `then` of a query builder runs the query, and may return nothing, settle twice or throw. A promise calls it exactly once.
function promiseOf(thenable: unknown, then: Then): Promise<unknown> {
  if (then === Promise.prototype.then) return thenable as Promise<unknown>;
  return new Promise((resolve, reject) => void then.call(thenable, resolve, reject));
}
