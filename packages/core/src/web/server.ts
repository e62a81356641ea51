/** Creates the Fastify instance of an application from its `server` and `logging` configuration. */
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
  LogController,
} from 'fastify';
import type { AddressRanges } from '../configuration/address-ranges.js';
import type { LogMixin } from '../context/log-fields.js';
import { requestIdOf } from '../context/request-id.js';
import { isApplicationError } from '../errors/application-error.js';
import { type LoggableError, serializeThrown } from '../errors/thrown.js';
import { answerError } from './error-handler.js';
import { checkedFastifyOptions, type FastifyOptions, findRefusedOption } from './fastify-options.js';
import { forgetAnswer } from './handler-traces.js';
import { invalidBySchema } from './request-invalid.js';

/** Options of `createServer`. */
export interface ServerParts {
  /** The addresses and CIDR ranges whose `X-Forwarded-*` headers are trusted; empty for none. */
  readonly server: { readonly trustedProxies: AddressRanges };
  readonly logging: { readonly level: string };
  /** A logger, or Pino's options instead of JSON lines to stdout. Its level overrides `logging.level`. */
  readonly logger?: LoggerChoice;
  /** Fastify's own options. */
  readonly fastifyOptions?: FastifyOptions;
  /** Adds the fields of the request context to each line of the log; undefined if the context is off. */
  readonly context?: ServerContext | undefined;
}

/** How the server uses the request context. */
export interface ServerContext {
  /** The mixin for the log, around the application's own; undefined if lines don't have the fields. */
  readonly mixin: ((own: LogMixin | undefined) => LogMixin) | undefined;
}

/**
 * Creates the Fastify instance: JSON error responses, forwarded headers only from trusted proxies, JSON logs.
 *
 * Requests are logged at `debug` and `trace` only, because metrics count them already.
 */
export function createServer({ server, logging, logger, fastifyOptions = {}, context }: ServerParts): FastifyInstance {
  const log = isLogger(logger)
    ? { loggerInstance: safeLogger(logger) }
    : { logger: optionsOfLogger(logging.level, logger, context?.mixin) };
  const make = (options: FastifyOptions): FastifyInstance =>
    fastify({
      ...(context !== undefined && !hasOwnIds(options) && { genReqId: requestIdOf }),
      ...checkedFastifyOptions(options),
      // A function, because Fastify would parse the texts by its own rules.
      trustProxy: server.trustedProxies.isEmpty ? false : (address: string) => server.trustedProxies.has(address),
      ...log,
      logController: isVerbose(log.loggerInstance ?? log.logger) ? new LogController() : new QuietLog(),
      schemaErrorFormatter: invalidBySchema,
    });
  const instance = madeWith(fastifyOptions, make);
  instance.setErrorHandler(answerError);
  // The first `onError` hook, so that headers that others set for the error's response stay.
  instance.addHook('onError', forgetAnswer);
  return instance;
}

function madeWith(options: FastifyOptions, make: (options: FastifyOptions) => FastifyInstance): FastifyInstance {
  try {
    return make(options);
  } catch (error) {
    if (isApplicationError(error)) throw error;
    throw findRefusedOption(options, make) ?? error;
  }
}

/** Pino's options, `true` for the default logger, `false` for none, or an existing logger. */
export type LoggerChoice = NonNullable<FastifyServerOptions['logger']> | FastifyBaseLogger;
type LoggerOptions = NonNullable<FastifyServerOptions['logger']>;

// An application that has its own rules for the ids of requests keeps them.
function hasOwnIds({ genReqId, requestIdHeader }: FastifyOptions): boolean {
  return genReqId !== undefined || requestIdHeader !== undefined;
}

function optionsOfLogger(level: string, logger: FastifyServerOptions['logger'], mixin: ServerContext['mixin']): LoggerOptions {
  if (logger === false) return false;
  const given = typeof logger === 'object' ? logger : {};
  const { mixin: own } = given as { readonly mixin?: LogMixin };
  return {
    level,
    ...given,
    serializers: { ...given.serializers, err: errorSerializer(given.serializers?.['err']) },
    ...(mixin !== undefined && { mixin: mixin(own) }),
  };
}

// A log call for an error must not throw another error because the first one can't be serialized.
// Fastify's type allows errors only.
function errorSerializer(own: ((value: never) => unknown) | undefined): (thrown: unknown) => LoggableError {
  const serialize = (thrown: unknown): unknown => {
    if (own === undefined) return serializeThrown(thrown);
    try {
      return own(thrown as never);
    } catch {
      return serializeThrown(thrown);
    }
  };
  return serialize as (thrown: unknown) => LoggableError;
}

// Where pino keeps the serializers of a logger. Loggers of other kinds do not have it.
const SERIALIZERS = Symbol.for('pino.serializers');

function safeLogger(logger: FastifyBaseLogger): FastifyBaseLogger {
  const serializers: unknown = Reflect.get(logger, SERIALIZERS);
  if (typeof serializers !== 'object' || serializers === null) return logger;
  const own: unknown = Reflect.get(serializers, 'err');
  const err = errorSerializer(typeof own === 'function' ? (value: never) => own(value) : undefined);
  return logger.child({}, { serializers: { ...serializers, err } });
}

/** Whether a `logger` option is a logger, and not options for one. */
export function isLogger(given: LoggerChoice | undefined): given is FastifyBaseLogger {
  return typeof given === 'object' && given !== null && 'info' in given && typeof given.info === 'function' && 'child' in given;
}

function isVerbose(logger: LoggerOptions | FastifyBaseLogger): boolean {
  return typeof logger === 'object' && (logger.level === 'debug' || logger.level === 'trace');
}

// Only lines for successful requests are left out. Disabling request logging altogether would also lose errors of streams and serializers.
class QuietLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(...parameters: [Error | null | undefined, FastifyRequest, FastifyReply]): void {
    if (parameters[0] != null) super.requestCompleted(...parameters);
  }

  override routeNotFound(): void {}
}
