/** Errors for clients: a status and a message, without a stack. */
import { STATUS_CODES } from 'node:http';
import { describeReceived } from '../errors/received.js';
import { errorStatusInvalid } from './errors.js';
import { isErrorStatus } from './response-status.js';

/** Options of an `HttpError`. */
export interface HttpErrorOptions {
  /** A stable code for programs, such as `ORDER_UNKNOWN_USER`. */
  readonly code?: string;
  /** Details for the response body; any JSON value. */
  readonly details?: unknown;
  /** The cause; logged, but never sent. */
  readonly cause?: unknown;
  /** Headers of the response, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string | number>>;
}

/**
 * An error that is sent to the client, with its status and the JSON body `{ statusCode, error, message, code?, details? }`.
 *
 * Throw it in a route method or anything below it. The client sees the message, so it must not contain secrets.
 *
 * @throws TSK_ERR_WEB_ERROR_STATUS if the status is not an integer from 400 to 599.
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

  /** Returns the body of the response. */
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

/** 400: the request is invalid. */
export class BadRequestError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(400, message, options);
  }
}

/** 401: the client is not authenticated. */
export class UnauthorizedError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(401, message, options);
  }
}

/** 403: the client does not have permission. */
export class ForbiddenError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(403, message, options);
  }
}

/** 404: the resource does not exist. */
export class NotFoundError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(404, message, options);
  }
}

/** 409: the request conflicts with the current state. */
export class ConflictError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(409, message, options);
  }
}

/** 422: the request is well-formed, but can't be processed. */
export class UnprocessableEntityError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(422, message, options);
  }
}

/** 429: the client sends too many requests. */
export class TooManyRequestsError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(429, message, options);
  }
}

/** 503: the service is temporarily unavailable. */
export class ServiceUnavailableError extends HttpError {
  constructor(message?: string, options?: HttpErrorOptions) {
    super(503, message, options);
  }
}

/** Returns the standard text of a status, such as `Not Found`. */
export function statusText(statusCode: number): string {
  return STATUS_CODES[statusCode] ?? 'Error';
}
