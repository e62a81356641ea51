/** Turns whatever was thrown into a JSON answer: what is meant for clients as it is, anything else as a plain 500. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorStatus } from './error-status.js';
import { HttpError, statusText } from './http-error.js';

/**
 * Fastify's error handler for controllers and plugins.
 *
 * An `HttpError`, and an error with a `statusCode` of 400 to 499 (what Fastify and its plugins throw), tell the client their
 * message. Everything else is logged with its stack and answered with its 5xx status, or 500, and nothing more.
 */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const answer = sendableAnswer(error, request);
  const line = `${request.method} ${request.routeOptions.url ?? '<unmatched>'} answered ${answer.statusCode}`;
  if (answer.statusCode >= 500) request.log.error({ err: error }, line);
  else request.log.debug({ err: error }, line);
  if (error instanceof HttpError && error.headers !== undefined) reply.headers(error.headers);
  reply.code(answer.statusCode).send(answer.body);
}

interface Answer {
  readonly statusCode: number;
  readonly body: object;
}

// What cannot be made JSON, details that refer to themselves say, would fail while it is sent, and the client would be told why.
function sendableAnswer(error: unknown, request: FastifyRequest): Answer {
  try {
    const answer = answerFor(error);
    JSON.stringify(answer.body);
    return answer;
  } catch (cause) {
    request.log.error({ err: cause }, 'The answer to the following error cannot be made JSON');
    return plainAnswer(500);
  }
}

function answerFor(error: unknown): Answer {
  if (error instanceof HttpError) return { statusCode: error.statusCode, body: error.toJSON() };
  const statusCode = errorStatus(error);
  if (statusCode < 500) return { statusCode, body: clientAnswer(error as Error, statusCode) };
  return plainAnswer(statusCode);
}

function plainAnswer(statusCode: number): Answer {
  const text = statusText(statusCode);
  return { statusCode, body: { statusCode, error: text, message: text } };
}

function clientAnswer(error: Error, statusCode: number): object {
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { statusCode, error: statusText(statusCode), message: error.message, ...code };
}
