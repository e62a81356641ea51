/** The public types of an application: its interface and its options. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Token } from '../components/definition.js';
import type { Configuration } from '../configuration/configuration.js';
import type { ConfigurationOptions } from '../configuration/sources.js';
import type { Health } from '../health/health.js';
import type { Scheduler } from '../scheduling/scheduler.js';
import type { FastifyOptions } from '../web/fastify-options.js';
import type { LoggerChoice } from '../web/server.js';
import type { ExtensionFactory } from './extension.js';

/** Options of `createApplication` and `runApplication`. */
export interface ApplicationOptions extends ConfigurationOptions {
  /** Extensions to add after those of `@Application`. */
  readonly extensions?: readonly ExtensionFactory[];
  /**
   * Pino's options, for example with a `stream`; an existing logger, such as `pino()`, which keeps its own level; or `false` to log nothing.
   * @default a logger that writes JSON lines to stdout
   */
  readonly logger?: LoggerChoice;
  /** Settings of the server that can't be written in a configuration file. */
  readonly server?: {
    /** Fastify's constructor options: HTTPS, HTTP/2, limits, router options. Options that the framework sets itself are rejected. */
    readonly fastify?: FastifyOptions;
  };
}

/** An application that has started. */
export interface Application extends AsyncDisposable {
  /** `app.name` of the configuration, or the name given to `@Application`, or the class's name. */
  readonly name: string;
  readonly fastify: FastifyInstance;
  readonly configuration: Configuration;
  readonly logger: FastifyBaseLogger;
  readonly scheduler: Scheduler;
  readonly health: Health;
  /** Sends a request without a socket: Fastify's `inject`. */
  readonly inject: FastifyInstance['inject'];
  /**
   * Returns an instance from the application's container.
   * @throws TSK_ERR_COMPONENT_TOKEN_UNKNOWN, TSK_ERR_COMPONENT_REQUEST_SCOPE_MISSING
   */
  resolve<T>(token: Token<T>): T;
  /**
   * Listens on `server.host` and `server.port`, and starts the scheduled tasks. Calling it again has no effect. If `close` is called
   * in the meantime, the application first listens and then closes.
   * @returns the URL of the server
   * @throws TSK_ERR_WEB_PORT_IN_USE, TSK_ERR_WEB_PORT_FORBIDDEN, TSK_ERR_WEB_HOST, TSK_ERR_APPLICATION_CLOSED
   */
  listen(): Promise<string>;
  /**
   * Stops the application: readiness fails, then it runs the `@BeforeDrain` hooks, stops accepting requests, waits for running requests and tasks, then stops the extensions and
   * runs the stop hooks in reverse order of start. This takes at most `server.shutdown_timeout_ms`, plus one second for stop hooks if requests or
   * tasks used up that time. A second call waits for the first.
   */
  close(): Promise<void>;
}
