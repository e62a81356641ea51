/** What is kept of a request that a controller answers, for the case that it fails: whose the error is, and what was there before the controller. */
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

interface Trace {
  /** The headers that hooks had set; undefined where the controller can't have changed them. */
  before?: Headers | undefined;
  /** The stream that the controller answers with: when that fails, the controller does. */
  stream?: object;
  failure?: { readonly error: unknown };
}

type Headers = ReturnType<FastifyReply['getHeaders']>;

const traces = new WeakMap<FastifyRequest, Trace>();

/** Keeps the headers that hooks have set, before the controller of a request sets its own. */
export function keepHeaders(request: FastifyRequest, reply: FastifyReply): void {
  traceOf(request).before ??= reply.getHeaders();
}

/** Keeps the stream that a controller answers with. */
export function keepStream(request: FastifyRequest, stream: object): void {
  traceOf(request).stream = stream;
}

/** Keeps the error that a controller failed with. The first one counts: any other was made of it by an error handler. */
export function keepFailure(request: FastifyRequest, error: unknown): void {
  traceOf(request).failure ??= { error };
}

/** Whether an error comes from the controller of a request, and not from a hook, a parser or a plugin. */
export function isOfController(error: unknown, request: FastifyRequest): boolean {
  const { failure, stream } = traces.get(request) ?? {};
  if (failure !== undefined) return Object.is(failure.error, error);
  return (stream !== undefined && hasFailed(stream, error)) || isOfSerialization(error);
}

/**
 * Fastify's `onError` hook that takes back what a controller has set for an answer that is not sent; what hooks had set stays.
 *
 * Cookies stay too: they are for the client to keep, not about the answer, and those of `@fastify/cookie` are written by a hook.
 */
// biome-ignore lint/complexity/useMaxParams: what Fastify gives to an onError hook.
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

// Hooks come before a stream is read: once it is, nothing else can fail. A stream of an old library does not tell its error.
function hasFailed(stream: object, error: unknown): boolean {
  if ('getReader' in stream) return (stream as ReadableStream).locked;
  return !('errored' in stream) || (stream as Readable).errored === error;
}

// What made JSON of an answer impossible, a getter or a `toJSON` of the controller's, is marked by Fastify.
function isOfSerialization(error: unknown): boolean {
  return typeof error === 'object' && error !== null && Object.hasOwn(error, 'serialization');
}
