/** Fastify's constructor options as an application may give them: all but those that the framework needs for itself. */
import type * as http from 'node:http';
import type * as http2 from 'node:http2';
import type * as https from 'node:https';
import type { FastifyServerOptions } from 'fastify';
import type { ApplicationError } from '../errors/application-error.js';
import { fastifyOptionOfWrongKind, fastifyOptionOwned, fastifyOptionRefused, fastifyOptionUnknown } from './errors.js';

/** What the framework sets, and where to say it instead. */
const OWNED = {
  logger: 'the option logger',
  loggerInstance: 'the option logger, which takes instances too',
  logController: 'logging.level: requests are logged at debug and trace',
  disableRequestLogging: 'logging.level: requests are logged at debug and trace',
  trustProxy: 'server.trust_proxy in the configuration',
  forceCloseConnections: 'server.shutdown_timeout_ms in the configuration',
  schemaErrorFormatter: 'an error handler, which gets the RequestInvalidError',
} as const satisfies Partial<Record<keyof FastifyServerOptions, string>>;

// Fastify warns of these where they are not among its router's options.
const ROUTER_OPTIONS = [
  'allowUnsafeRegex',
  'caseSensitive',
  'constraints',
  'ignoreDuplicateSlashes',
  'ignoreTrailingSlash',
  'maxParamLength',
  'querystringParser',
  'useSemicolonDelimiter',
] as const satisfies readonly (keyof FastifyServerOptions)[];

/** Fastify's constructor options, less those that the framework sets itself. */
export interface FastifyOptions extends Omit<FastifyServerOptions, keyof typeof OWNED> {
  /** TLS: the key, the certificate, and what else `node:https` (with `http2`, `node:http2`) takes. */
  readonly https?: https.ServerOptions | http2.SecureServerOptions | null;
  /** HTTP/2; over clear text where there is no `https`. */
  readonly http2?: boolean;
  readonly http2SessionTimeout?: number;
  /** What `node:http` takes. */
  readonly http?: http.ServerOptions | null;
}

interface Kind {
  holds(value: unknown): boolean;
  readonly allowed: string;
}

const NUMBER: Kind = { holds: (value) => typeof value === 'number', allowed: 'a number' };
const BOOLEAN: Kind = { holds: (value) => typeof value === 'boolean', allowed: 'true or false' };
const FUNCTION: Kind = { holds: (value) => typeof value === 'function', allowed: 'a function' };
const TEXT: Kind = { holds: (value) => typeof value === 'string', allowed: 'a text' };
const TEXT_OR_FALSE: Kind = { holds: (value) => typeof value === 'string' || value === false, allowed: 'a text or false' };
const OBJECT: Kind = { holds: (value) => typeof value === 'object' && value !== null && !Array.isArray(value), allowed: 'an object' };
const OBJECT_OR_NULL: Kind = { holds: (value) => value === null || OBJECT.holds(value), allowed: 'an object or null' };

// Fastify ignores what it does not know: a slip would leave a limit as it was. The compiler tells when Fastify has one more.
const KINDS: Readonly<Record<keyof FastifyOptions, Kind>> = {
  ajv: OBJECT,
  allowErrorHandlerOverride: BOOLEAN,
  allowUnsafeRegex: BOOLEAN,
  bodyLimit: NUMBER,
  caseSensitive: BOOLEAN,
  childLoggerFactory: FUNCTION,
  clientErrorHandler: FUNCTION,
  connectionTimeout: NUMBER,
  constraints: OBJECT,
  exposeHeadRoutes: BOOLEAN,
  frameworkErrors: FUNCTION,
  genReqId: FUNCTION,
  handlerTimeout: NUMBER,
  http: OBJECT_OR_NULL,
  http2: BOOLEAN,
  http2SessionTimeout: NUMBER,
  https: OBJECT_OR_NULL,
  ignoreDuplicateSlashes: BOOLEAN,
  ignoreTrailingSlash: BOOLEAN,
  keepAliveTimeout: NUMBER,
  maxParamLength: NUMBER,
  maxRequestsPerSocket: NUMBER,
  onConstructorPoisoning: TEXT,
  onProtoPoisoning: TEXT,
  pluginTimeout: NUMBER,
  querystringParser: FUNCTION,
  requestIdHeader: TEXT_OR_FALSE,
  requestIdLogLabel: TEXT,
  requestTimeout: NUMBER,
  return503OnClosing: BOOLEAN,
  rewriteUrl: FUNCTION,
  routerOptions: OBJECT,
  schemaController: OBJECT,
  serializerOpts: OBJECT,
  serverFactory: FUNCTION,
  useSemicolonDelimiter: BOOLEAN,
};

/** Makes a server with the options alone, one after the other, to find the one that Fastify refuses. @returns nothing where it refuses none alone */
export function findRefusedOption(given: FastifyOptions, attempt: (option: FastifyOptions) => void): ApplicationError | undefined {
  for (const [option, value] of Object.entries(given)) {
    try {
      attempt({ [option]: value });
    } catch (cause) {
      return fastifyOptionRefused(option, value, cause);
    }
  }
  return undefined;
}

/** The options as Fastify wants them. @throws TSK_ERR_WEB_FASTIFY_OPTION */
export function checkedFastifyOptions(given: FastifyOptions): FastifyServerOptions {
  for (const [option, instead] of Object.entries(OWNED)) {
    if (Reflect.get(given, option) !== undefined) throw fastifyOptionOwned(option, instead);
  }
  for (const [option, value] of Object.entries(given)) {
    const kind = Object.hasOwn(KINDS, option) ? KINDS[option as keyof FastifyOptions] : undefined;
    if (kind === undefined) throw fastifyOptionUnknown(option, Object.keys(KINDS));
    if (value !== undefined && !kind.holds(value)) throw fastifyOptionOfWrongKind(option, value, kind.allowed);
  }
  const rest: FastifyOptions = { ...given };
  const routerOptions: Record<string, unknown> = {};
  for (const option of ROUTER_OPTIONS) {
    if (given[option] !== undefined) routerOptions[option] = given[option];
    delete rest[option];
  }
  // What HTTP/2 has open is sessions: Fastify refuses this option there.
  const closing = given.http2 === true ? {} : ({ forceCloseConnections: 'idle' } as const);
  return { ...rest, ...closing, routerOptions: { ...routerOptions, ...given.routerOptions } };
}
