/** Opens a context for each request of a Fastify server, and ends it. */
import type { EventEmitter } from 'node:events';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { openContext } from './context-storage.js';
import { type EndEvents, whenEnded } from './last-byte.js';
import { ContextObservers } from './observers.js';
import { OpenContext } from './open-context.js';
import { isRequestId, REQUEST_ID_HEADER } from './request-id.js';
import type { RequestObserver } from './request-observer.js';
import { traceParentOf } from './trace-parent.js';

const CONTEXT = Symbol('tsukimi.context');

/** What a request was refused with by its handler or a hook. */
interface Refusal {
  readonly error: unknown;
}

/** A request with its context. */
type WithContext = FastifyRequest & { [CONTEXT]?: HttpContext };

/** A context, and what only its request needs. */
class HttpContext extends OpenContext {
  refusal: Refusal | undefined = undefined;
}

/** Returns the context of a request; undefined if none was opened. */
export function contextOf(request: FastifyRequest): OpenContext | undefined {
  return (request as WithContext)[CONTEXT];
}

/** The contexts of the requests of one server. */
export class HttpContexts {
  readonly #observers: ContextObservers;

  constructor(fastify: FastifyInstance, observers: readonly RequestObserver[]) {
    this.#observers = new ContextObservers(observers, fastify.log);
    if (this.#observers.isEmpty) return;
    fastify.addHook('onError', async (request, _reply, error) => {
      const context = (request as WithContext)[CONTEXT];
      if (context !== undefined) context.refusal = { error };
    });
  }

  /** An `onRequest` hook, to be the first of all: what follows runs in the context of the request. */
  readonly enter = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const context = this.open(request, reply);
    if (isRequestId(context.requestId)) reply.header(REQUEST_ID_HEADER, context.requestId);
    context.run(done);
  };

  /** Returns the context of a request, which is opened when it is asked for first. */
  open(request: FastifyRequest, reply: FastifyReply): OpenContext {
    const known = contextOf(request);
    if (known !== undefined) return known;
    const { headers } = request;
    const context = new HttpContext({
      requestId: String(request.id),
      route: request.routeOptions.url,
      method: request.method,
      traceparent: traceParentOf(headers['traceparent'] as string | undefined, headers['tracestate']),
    });
    (request as WithContext)[CONTEXT] = context;
    const end = this.#observers.isEmpty ? undefined : this.#observe(context, request, reply);
    // The bytes of a body arrive, and the socket drains, outside of everything that the request has started.
    keepContext(request.raw, context, end?.ofRequest);
    keepContext(reply.raw, context, end?.ofResponse);
    return context;
  }

  #observe(context: HttpContext, request: FastifyRequest, reply: FastifyReply): EndEvents | undefined {
    const begun = this.#observers.began(context, { request, reply });
    return whenEnded(request, reply, (isAborted) => {
      const { refusal } = context;
      const outcome = { statusCode: reply.raw.statusCode, isAborted, hasFailed: refusal !== undefined, error: refusal?.error };
      this.#observers.ended(context, outcome, begun);
    });
  }
}

/** Lets the listeners of an emitter run in a context, unless they are called in it already. Calls `endedBy` before the listeners of `finish` and `close`. */
function keepContext(emitter: EventEmitter, context: OpenContext, endedBy: EndEvents['ofResponse'] | undefined): void {
  const { emit } = emitter;
  const value = function emitInContext(this: EventEmitter, ...event: Parameters<EventEmitter['emit']>): boolean {
    const [name] = event;
    const end = endedBy !== undefined && (name === 'finish' || name === 'close') ? name : undefined;
    // Most events have no listener.
    if (end === undefined && (this.listenerCount(name) === 0 || openContext() === context)) return emit.apply(this, event);
    return context.run(() => {
      if (end !== undefined) endedBy?.(end);
      return emit.apply(this, event);
    });
  };
  Object.defineProperty(emitter, 'emit', { value, writable: true, configurable: true, enumerable: false });
}
