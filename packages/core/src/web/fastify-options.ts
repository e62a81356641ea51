/** Fastify's constructor options as an application may give them: all but those that the framework needs for itself. */
import type * as http from 'node:http';
import type * as http2 from 'node:http2';
import type * as https from 'node:https';
import type { FastifyServerOptions } from 'fastify';
import { fastifyOptionOwned } from './errors.js';

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

/** The options as Fastify wants them. @throws TSK_ERR_WEB_FASTIFY_OPTION */
export function checkedFastifyOptions(given: FastifyOptions): FastifyServerOptions {
  for (const [option, instead] of Object.entries(OWNED)) {
    if (Reflect.get(given, option) !== undefined) throw fastifyOptionOwned(option, instead);
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
