/** An application as its users see it: what is created, and how it can be created. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Token } from '../components/definition.js';
import type { Configuration } from '../configuration/configuration.js';
import type { ConfigurationOptions } from '../configuration/sources.js';
import type { Scheduler } from '../scheduling/scheduler.js';
import type { FastifyOptions } from '../web/fastify-options.js';
import type { LoggerChoice } from '../web/server.js';
import type { ExtensionFactory } from './extension.js';

/** What `createApplication` and `runApplication` may be told. */
export interface ApplicationOptions extends ConfigurationOptions {
  /** Extensions to plug in, after those of `@Application`. */
  readonly extensions?: readonly ExtensionFactory[];
  /**
   * Pino's options, a stream to log to for instance; a logger that is there already, such as `pino()`, which keeps its own level;
   * or false for no log at all. JSON lines to stdout unless given.
   */
  readonly logger?: LoggerChoice;
  /** What only code can say of the server. */
  readonly server?: {
    /** Fastify's constructor options: HTTPS, HTTP/2, limits, the router's. Those that the framework sets itself are refused. */
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
  /** Sends a request without a socket: Fastify's `inject`. */
  readonly inject: FastifyInstance['inject'];
  /**
   * An instance from the application's container.
   * @throws TSK_ERR_COMPONENT_TOKEN_UNKNOWN, TSK_ERR_COMPONENT_REQUEST_SCOPE_MISSING
   */
  resolve<T>(token: Token<T>): T;
  /**
   * Listens on `server.host` and `server.port`, and starts the schedule; a second call changes nothing. Where `close` is called
   * meanwhile, it listens first, and is closed then.
   * @returns the URL to open.
   * @throws TSK_ERR_WEB_PORT_IN_USE, TSK_ERR_WEB_PORT_FORBIDDEN, TSK_ERR_WEB_HOST, TSK_ERR_APPLICATION_CLOSED
   */
  listen(): Promise<string>;
  /**
   * Stops: hooks before the drain run, and then no new requests, running requests and tasks are waited for, extensions and stop hooks run in reverse order of start.
   * Takes at most `server.shutdown_timeout_ms`, and a second more for stop hooks if requests or tasks used it up. A second call
   * waits for the first.
   */
  close(): Promise<void>;
}
