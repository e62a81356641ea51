/** Errors that are answers: a status, a message for the client, and no stack. */
import { STATUS_CODES } from 'node:http';
import { describeReceived } from '../errors/received.js';
import { errorStatusInvalid } from './errors.js';
import { isErrorStatus } from './response-status.js';

/** What an `HttpError` may carry besides its status and message. */
export interface HttpErrorOptions {
  /** A stable code for programs, such as `ORDER_UNKNOWN_USER`. */
  readonly code?: string;
  /** Anything JSON can hold; part of the answer. */
  readonly details?: unknown;
  /** What led to it; logged, never answered. */
  readonly cause?: unknown;
  /** Headers of the answer, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string | number>>;
}

/**
 * An error that is answered with its status and, as JSON, `{ statusCode, error, message, code?, details? }`.
 *
 * May be thrown by a route method or anything below it. The message is for the client: put nothing secret in it.
 *
 * @throws TSK_ERR_WEB_ERROR_STATUS where the status is not an integer from 400 to 599.
 */
export class HttpError extends Error {
  readonly statusCode: number;
  readonly code: string | undefined;
  readonly details: unknown;
  readonly headers: Readonly<Record<string, string | number>> | undefined;

  constructor(statusCode: number, message: string = statusText(statusCode), options: HttpErrorOptions = {}) {
    if (!isErrorStatus(statusCode)) throw errorStatusInvalid(`HttpError(${describeReceived(statusCode, { isPlain: true })}, ...)`);
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.statusCode = statusCode;
    this.code = options.code;
    this.details = options.details;
    this.headers = options.headers;
  }

  /** The body of the answer. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { statusCode, message, code, details } = this;
    return {
      statusCode,
      error: statusText(statusCode),
      message,
      ...(code !== undefined && { code }),
      ...(details !== undefined && { details }),
    };
  }
}

/** 400: the request is not what the route expects. */
export class BadRequestError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(400, message, options);
  }
}

/** 401: the client is not known. */
export class UnauthorizedError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(401, message, options);
  }
}

/** 403: the client is known and may not. */
export class ForbiddenError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(403, message, options);
  }
}

/** 404: there is no such thing. */
export class NotFoundError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(404, message, options);
  }
}

/** 409: it clashes with what is there. */
export class ConflictError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(409, message, options);
  }
}

/** 422: well-formed, and still impossible. */
export class UnprocessableEntityError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(422, message, options);
  }
}

/** 429: the client asks too often. */
export class TooManyRequestsError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(429, message, options);
  }
}

/** 503: not now. */
export class ServiceUnavailableError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(503, message, options);
  }
}

/** The standard text of a status, such as `Not Found`. */
export function statusText(statusCode: number): string {
  return STATUS_CODES[statusCode] ?? 'Error';
}
