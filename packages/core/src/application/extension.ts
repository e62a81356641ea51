/** The one interface through which anything adds itself to an application. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Class, ComponentDefinition, Token } from '../components/definition.js';
import type { Configuration } from '../configuration/configuration.js';
import type { Scheduler, TaskDefinition } from '../scheduling/scheduler.js';

/** What an extension may see of, and do to, the application it is part of. */
export interface ApplicationContext {
  /** The class that carries `@Application()`. */
  readonly applicationClass: Class;
  readonly configuration: Configuration;
  readonly logger: FastifyBaseLogger;
  /** Every component, in the order of registration; complete once `component` has been called for the last one. */
  readonly components: readonly ComponentDefinition[];
  readonly scheduler: Scheduler;
  /** Registers a value that components can have injected. Only while the container is open: in `configure`. */
  provide<T>(token: Token<T>, value: T): void;
  /**
   * An instance from the application's container, which is constructed now where it is not yet. From `server` on; in `server` not yet what an async
   * provider makes, or what depends on it: resolve that inside of the hook or route that is added, or in `started`.
   *
   * @throws TSK_ERR_APPLICATION_CONTAINER_CLOSED, TSK_ERR_COMPONENT_PROVIDER_NOT_READY, TSK_ERR_COMPONENT_TOKEN_UNKNOWN
   */
  resolve<T>(token: Token<T>): T;
}

/**
 * A part that is plugged into an application: metrics, a client for an outside system, a user's own.
 *
 * Steps run in the order of registration, `stopping` in reverse. One that throws stops the start with
 * `TSK_ERR_APPLICATION_EXTENSION_FAILED`, which names the extension and the step and keeps the cause; an error that has a code of ours
 * already, a wrong configuration value say, is passed on as it is.
 */
export interface Extension {
  /** Names the extension in errors and logs. */
  readonly name: string;
  /** The configuration is read, the container still open: read namespaces, `provide` values. */
  configure?(context: ApplicationContext): void | Promise<void>;
  /** A component is known; called once for each, before any instance exists. */
  component?(definition: ComponentDefinition): void;
  /** An instance was constructed (or returned by a `@Provider` method); called before anyone else gets it. */
  instance?(instance: object, definition: ComponentDefinition): void;
  /** The web layer is open and has no routes yet: add hooks, plugins and routes. */
  server?(fastify: FastifyInstance, context: ApplicationContext): void | Promise<void>;
  /** Around each run of a scheduled task; must call `run` once, and settle as it does. */
  task?(definition: TaskDefinition, run: () => Promise<void>): Promise<void>;
  /** Everything is constructed and every start hook has run. */
  started?(context: ApplicationContext): void | Promise<void>;
  /**
   * The application stops: requests and tasks have ended, stop hooks have not yet run. Also called where the start failed after
   * this extension's `configure` had gone well, so it must not rely on the steps after it.
   */
  stopping?(context: ApplicationContext): void | Promise<void>;
}

/** Makes an extension for one application; the same factory registered twice gives one extension. */
export type ExtensionFactory = () => Extension;
