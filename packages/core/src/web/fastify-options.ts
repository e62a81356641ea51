/** The Fastify constructor options that an application can set: all except those that the framework sets itself. */
import type * as http from 'node:http';
import type * as http2 from 'node:http2';
import type * as https from 'node:https';
import type { FastifyServerOptions } from 'fastify';
import type { ApplicationError } from '../errors/application-error.js';
import { fastifyOptionOfWrongKind, fastifyOptionOwned, fastifyOptionRefused, fastifyOptionUnknown } from './errors.js';

/** Options that the framework sets, and where to configure them instead. */
const OWNED = {
  logger: 'the option logger',
  loggerInstance: 'the option logger, which takes instances too',
  logController: 'logging.level: requests are logged at debug and trace',
  disableRequestLogging: 'logging.level: requests are logged at debug and trace',
  trustProxy: 'server.trust_proxy in the configuration',
  forceCloseConnections: 'server.shutdown_timeout_ms in the configuration',
  schemaErrorFormatter: 'an error handler, which gets the RequestInvalidError',
} as const satisfies Partial<Record<keyof FastifyServerOptions, string>>;

// Fastify warns about these if they are not in `routerOptions`.
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

/** Fastify's constructor options, except those that the framework sets itself. */
export interface FastifyOptions extends Omit<FastifyServerOptions, keyof typeof OWNED> {
  /** TLS: the key, the certificate, and other options of `node:https`, or of `node:http2` with `http2`. */
  readonly https?: https.ServerOptions | http2.SecureServerOptions | null;
  /** Use HTTP/2; over clear text if `https` is not set. */
  readonly http2?: boolean;
  readonly http2SessionTimeout?: number;
  /** Options of `node:http`. */
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

// Fastify ignores unknown options, so a typing mistake could leave a limit unset. The compiler reports when Fastify adds an option.
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

// Fastify's router ignores unknown options too. Two of its options are missing from Fastify's types.
const ROUTER_KINDS: Readonly<
  Record<keyof NonNullable<FastifyOptions['routerOptions']> | 'buildPrettyMeta' | 'useSemicolonDelimiter', Kind>
> = {
  allowUnsafeRegex: KINDS.allowUnsafeRegex,
  buildPrettyMeta: FUNCTION,
  caseSensitive: KINDS.caseSensitive,
  compile: BOOLEAN,
  constraints: KINDS.constraints,
  defaultRoute: FUNCTION,
  ignoreDuplicateSlashes: KINDS.ignoreDuplicateSlashes,
  ignoreTrailingSlash: KINDS.ignoreTrailingSlash,
  maxParamLength: KINDS.maxParamLength,
  onBadUrl: FUNCTION,
  onMaxParamLength: FUNCTION,
  querystringParser: KINDS.querystringParser,
  useSemicolonDelimiter: KINDS.useSemicolonDelimiter,
};

/** Tries the options one by one to find the one that Fastify rejects. @returns undefined if none is rejected alone */
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

/** Returns the checked options for Fastify. @throws TSK_ERR_WEB_FASTIFY_OPTION */
export function checkedFastifyOptions(given: FastifyOptions): FastifyServerOptions {
  for (const [option, instead] of Object.entries(OWNED)) {
    if (Reflect.get(given, option) !== undefined) throw fastifyOptionOwned(option, instead);
  }
  checkKinds(given, KINDS, '');
  checkKinds(given.routerOptions ?? {}, ROUTER_KINDS, 'routerOptions.');
  const rest: FastifyOptions = { ...given };
  const routerOptions: Record<string, unknown> = {};
  for (const option of ROUTER_OPTIONS) {
    if (given[option] !== undefined) routerOptions[option] = given[option];
    delete rest[option];
  }
  // Fastify rejects this option with HTTP/2.
  const closing = given.http2 === true ? {} : ({ forceCloseConnections: 'idle' } as const);
  return { ...rest, ...closing, routerOptions: { ...routerOptions, ...given.routerOptions } };
}

function checkKinds(given: object, kinds: Readonly<Record<string, Kind>>, prefix: string): void {
  for (const [option, value] of Object.entries(given)) {
    const kind = Object.hasOwn(kinds, option) ? kinds[option] : undefined;
    if (kind === undefined)
      throw fastifyOptionUnknown(
        `${prefix}${option}`,
        Object.keys(kinds).map((known) => `${prefix}${known}`),
      );
    if (value !== undefined && !kind.holds(value)) throw fastifyOptionOfWrongKind(`${prefix}${option}`, value, kind.allowed);
  }
}
