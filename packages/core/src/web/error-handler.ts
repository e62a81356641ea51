/** Turns thrown values into JSON responses: errors that are meant for clients are sent, all others become a plain 500. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { loggableThrown } from '../errors/thrown.js';
import { answerStatus, ownStatus } from './error-status.js';
import { isOfController } from './handler-traces.js';
import { HttpError, statusText } from './http-error.js';
import { responseStatusOf } from './response-status.js';

/**
 * Fastify's error handler for controllers and plugins.
 *
 * The origin of an error decides whether it is meant for the client. From controllers, only errors made for clients are (see `errorStatus`);
 * errors of hooks, parsers and plugin routes are handled like in Fastify. Everything else is logged and answered with a 500 without details.
 */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const answer = sendableAnswer(error, request, reply);
  const line = `${request.method} ${request.routeOptions.url ?? '<unmatched>'} answered ${answer.statusCode}`;
  if (answer.statusCode >= 500) request.log.error({ err: loggableThrown(error) }, line);
  else request.log.debug({ err: loggableThrown(error) }, line);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  reply.code(answer.statusCode).send(answer.body);
}

interface Answer {
  readonly statusCode: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string | number>> | undefined;
}

// What can't be sent, such as cyclic details or a header with a line break, would fail later, and the client would see the reason.
function sendableAnswer(error: unknown, request: FastifyRequest, reply: FastifyReply): Answer {
  try {
    const answer = isOfController(error, request) ? controllersAnswer(error) : pluginsAnswer(error, reply);
    JSON.stringify(answer.body);
    for (const [name, value] of Object.entries(answer.headers ?? {})) checkHeader(name, value);
    return answer;
  } catch (cause) {
    request.log.error({ err: loggableThrown(cause) }, 'The response for the following error cannot be sent');
    return plainAnswer(500);
  }
}

function controllersAnswer(error: unknown): Answer {
  const statusCode = answerStatus(error);
  return statusCode === undefined ? plainAnswer(500) : answerOf(error as Error, statusCode);
}

// Fastify's rules: use the error's status, or else the status that a hook has set; send objects that are not errors.
function pluginsAnswer(error: unknown, reply: FastifyReply): Answer {
  if (typeof error !== 'object' || error === null) return plainAnswer(500);
  const statusCode = answerStatus(error) ?? ownStatus(error) ?? (reply.statusCode >= 400 ? reply.statusCode : undefined);
  if (statusCode === undefined) return plainAnswer(500);
  return error instanceof Error ? answerOf(error, statusCode) : { statusCode, body: error, headers: headersOf(error) };
}

function answerOf(error: Error, statusCode: number): Answer {
  const headers = headersOf(error);
  if (error instanceof HttpError) return { statusCode, body: error.toJSON(), headers };
  if (statusCode >= 500 && !isMeantForClients(error)) return { ...plainAnswer(statusCode), headers };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { statusCode, body: { statusCode, error: statusText(statusCode), message: error.message, ...code }, headers };
}

// The message of a 5xx usually describes an internal problem, so it is only shown if the error says so.
function isMeantForClients(error: Error): boolean {
  return responseStatusOf(error) !== undefined || ('expose' in error && error.expose === true);
}

function plainAnswer(statusCode: number): Answer {
  const text = statusText(statusCode);
  return { statusCode, body: { statusCode, error: text, message: text } };
}

function headersOf(error: object): Answer['headers'] {
  if (!('headers' in error) || typeof error.headers !== 'object' || error.headers === null) return undefined;
  return Object.fromEntries(Object.entries(error.headers).filter(([, value]) => value !== undefined));
}

function checkHeader(name: string, value: unknown): void {
  validateHeaderName(name);
  for (const each of Array.isArray(value) ? value : [value]) validateHeaderValue(name, String(each));
}
