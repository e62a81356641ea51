/** What a controller answers with that needs more than to be sent: errors, streams and web responses. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { keepFailure, keepHeaders, keepStream } from './handler-traces.js';

/**
 * Looks at a value that a controller answers with, and gives the one to send.
 *
 * Hot path: what is no object, a plain object or an array is only told apart.
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

/** Watches what a controller that has the reply does with it: the headers it sets, and what it sends by itself. */
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

// Fastify takes a response's status and headers right before it is sent, and for HEAD never.
function responseToSend(response: Response, request: FastifyRequest, reply: FastifyReply): unknown {
  keepHeaders(request, reply);
  if (response.body !== null) keepStream(request, response.body);
  if (request.method !== 'HEAD' || response.bodyUsed) return response;
  reply.code(response.status);
  for (const [name, value] of response.headers) reply.header(name, value);
  // A stream, because of a null Fastify makes JSON, and of nothing a length of 0.
  return response.body ?? Readable.from([]);
}

// As Fastify knows them: those of other implementations have the same tag.
function isWebResponse(value: object): value is Response {
  return Object.prototype.toString.call(value) === '[object Response]';
}

function isStream(value: object): boolean {
  const { pipe, getReader } = value as { readonly pipe?: unknown; readonly getReader?: unknown };
  return typeof pipe === 'function' || typeof getReader === 'function';
}
