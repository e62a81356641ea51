/** Prepares values that can't be sent directly: errors, streams and web responses. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { keepFailure, keepHeaders, keepStream } from './handler-traces.js';

/**
 * Returns the value to send for a value that a controller returned.
 *
 * Hot path: primitives, plain objects and arrays only pass a type check.
 */
export function answerToSend(value: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  try {
    return Object.getPrototypeOf(value) === Object.prototype ? value : specialAnswer(value, request, reply);
  } catch (error) {
    keepFailure(request, error);
    throw error;
  }
}

/** Tracks what a controller that takes the reply does with it: the headers it sets, and the values it sends itself. */
export function watchReply(request: FastifyRequest, reply: FastifyReply): void {
  keepHeaders(request, reply);
  const { send } = reply;
  reply.send = (payload) => send.call(reply, answerToSend(payload, request, reply));
}

function specialAnswer(value: object, request: FastifyRequest, reply: FastifyReply): unknown {
  if (value instanceof Error) {
    keepFailure(request, value);
    return value;
  }
  if (isWebResponse(value)) return responseToSend(value, request, reply);
  if (isStream(value)) {
    keepHeaders(request, reply);
    keepStream(request, value);
  }
  return value;
}

// Fastify reads a Response's status and headers only right before it sends it, and never for HEAD.
function responseToSend(response: Response, request: FastifyRequest, reply: FastifyReply): unknown {
  keepHeaders(request, reply);
  if (response.body !== null) keepStream(request, response.body);
  if (request.method !== 'HEAD' || response.bodyUsed) return response;
  reply.code(response.status);
  for (const [name, value] of response.headers) reply.header(name, value);
  // A stream, because Fastify sends null as JSON, and undefined with a length of 0.
  return response.body ?? Readable.from([]);
}

// The same check as Fastify's, which also accepts other implementations.
function isWebResponse(value: object): value is Response {
  return Object.prototype.toString.call(value) === '[object Response]';
}

function isStream(value: object): boolean {
  const { pipe, getReader } = value as { readonly pipe?: unknown; readonly getReader?: unknown };
  return typeof pipe === 'function' || typeof getReader === 'function';
}
