/** Remembers, for each request to a controller, the origin of an error and the headers from before the controller. */
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

interface Trace {
  /** The headers that hooks had set; undefined if the controller can't have changed them. */
  before?: Headers | undefined;
  /** The stream that the controller returned. If the stream fails, the controller has failed. */
  stream?: object;
  failure?: { readonly error: unknown };
}

type Headers = ReturnType<FastifyReply['getHeaders']>;

const traces = new WeakMap<FastifyRequest, Trace>();

/** Remembers the headers that hooks have set, before the controller sets its own. */
export function keepHeaders(request: FastifyRequest, reply: FastifyReply): void {
  traceOf(request).before ??= reply.getHeaders();
}

/** Remembers the stream that a controller returned. */
export function keepStream(request: FastifyRequest, stream: object): void {
  traceOf(request).stream = stream;
}

/** Remembers the error of a controller. The first one counts, because error handlers create further ones from it. */
export function keepFailure(request: FastifyRequest, error: unknown): void {
  traceOf(request).failure ??= { error };
}

/** Returns whether an error comes from the controller of a request, and not from a hook, a parser or a plugin. */
export function isOfController(error: unknown, request: FastifyRequest): boolean {
  const { failure, stream } = traces.get(request) ?? {};
  if (failure !== undefined) return Object.is(failure.error, error);
  return (stream !== undefined && hasFailed(stream, error)) || isOfSerialization(error);
}

/**
 * The `onError` hook that removes the headers that a controller has set for a response that is not sent. Headers of hooks stay.
 *
 * Cookies stay too, because they are not about this response, and those of `@fastify/cookie` are written by a hook.
 */
// biome-ignore lint/complexity/useMaxParams: the parameters of a Fastify onError hook.
export function forgetAnswer(request: FastifyRequest, reply: FastifyReply, _error: unknown, done: () => void): void {
  const trace = traces.get(request);
  if (trace?.before !== undefined && !reply.raw.headersSent) {
    restoreHeaders(reply, trace.before);
    trace.before = undefined;
    if (reply.statusCode < 400) reply.code(200);
  }
  done();
}

function restoreHeaders(reply: FastifyReply, before: Headers): void {
  const now = reply.getHeaders();
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (name === 'set-cookie' || before[name] === now[name]) continue;
    reply.removeHeader(name);
    if (before[name] !== undefined) reply.header(name, before[name]);
  }
}

function traceOf(request: FastifyRequest): Trace {
  const existing = traces.get(request);
  if (existing !== undefined) return existing;
  const trace: Trace = {};
  traces.set(request, trace);
  return trace;
}

// When the stream is being read, all hooks have run, so nothing else can fail. Streams of old libraries do not expose their error.
function hasFailed(stream: object, error: unknown): boolean {
  if ('getReader' in stream) return (stream as ReadableStream).locked;
  return !('errored' in stream) || (stream as Readable).errored === error;
}

// Fastify marks errors of serialization, which come from a getter or a `toJSON` of the controller's value.
function isOfSerialization(error: unknown): boolean {
  return typeof error === 'object' && error !== null && Object.hasOwn(error, 'serialization');
}
