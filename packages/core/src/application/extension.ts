/** The interface of extensions. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Class, ComponentDefinition, Token } from '../components/definition.js';
import type { Configuration } from '../configuration/configuration.js';
import type { RequestObserver } from '../context/request-observer.js';
import type { HealthHost } from '../health/health.js';
import type { LeaseStore } from '../scheduling/fleet/lease-store.js';
import type { Scheduler, TaskDefinition } from '../scheduling/scheduler.js';
import type { WorkerLink } from '../workers/worker-link.js';
import type { PrimaryHost } from '../workers/worker-processes.js';

/** The application, as its extensions see it. */
export interface ApplicationContext {
  /** The class with `@Application()`. */
  readonly applicationClass: Class;
  readonly configuration: Configuration;
  readonly logger: FastifyBaseLogger;
  /** All components, in the order of registration. The list is complete when `component` has been called for the last one. */
  readonly components: readonly ComponentDefinition[];
  readonly scheduler: Scheduler;
  /** The health of the application: add checks until it has started. */
  readonly health: HealthHost;
  /**
   * Sets where the leases of tasks with `once: 'fleet'` are kept. Call it in `configure`.
   * @throws TSK_ERR_SCHEDULING_LEASE_STORE if another extension has set one
   */
  useLeaseStore(store: LeaseStore): void;
  /** Whether requests and task runs have a context, for `currentRequestContext`. */
  readonly hasRequestContext: boolean;
  /** The connection to the primary if this process is one of several workers (`server.workers`); undefined otherwise. */
  readonly worker: WorkerLink | undefined;
  /**
   * Registers a value that can be injected into components. Call it in `configure`, while the container is open.
   * @throws TSK_ERR_APPLICATION_CONTAINER_CLOSED
   */
  provide<T>(token: Token<T>, value: T): void;
  /**
   * Returns an instance from the application's container, and constructs it if it does not exist yet. Available from the step `server` on. The
   * instances of async providers, and what depends on them, are available from `started` on, and in the hooks and routes that `server` adds.
   *
   * @throws TSK_ERR_APPLICATION_CONTAINER_CLOSED, TSK_ERR_COMPONENT_PROVIDER_NOT_READY, TSK_ERR_COMPONENT_TOKEN_UNKNOWN
   */
  resolve<T>(token: Token<T>): T;
}

/**
 * An addition to an application, such as metrics or a client for an outside system.
 *
 * Steps run in the order of registration, `stopping` and `stopped` in reverse order. If a step throws, the start fails with
 * `TSK_ERR_APPLICATION_EXTENSION_FAILED`, which names the extension and the step and keeps the cause. Errors with a `TSK_ERR_` code, such as an
 * invalid configuration value, are rethrown unchanged.
 */
export interface Extension {
  /** The name of the extension in errors and logs. */
  readonly name: string;
  /**
   * Called when the configuration has been read, before the server is created and before `configure`: whether the extension needs the request context, or
   * what observes it. The context is open only where something needs it, because it costs some time for each request.
   */
  requestContext?(configuration: Configuration): boolean | RequestObserver;
  /**
   * Called in the primary process of an application with several workers (`server.workers`), before it starts them. The primary has no container and
   * no server, and runs no other step but this one; each worker runs all the others.
   */
  primary?(host: PrimaryHost): void | Promise<void>;
  /** Called when the configuration has been read and the container is open: read namespaces and `provide` values here. */
  configure?(context: ApplicationContext): void | Promise<void>;
  /** Called once for each component, before any instance of it exists. */
  component?(definition: ComponentDefinition): void;
  /** Called when an instance was constructed or returned by a `@Provider` method, before other code gets it. */
  instance?(instance: object, definition: ComponentDefinition): void;
  /** Called before the routes are registered: add hooks, plugins and routes here. */
  server?(fastify: FastifyInstance, context: ApplicationContext): void | Promise<void>;
  /** Wraps each run of a scheduled task. It must call `run` once, and settle like its promise. */
  task?(definition: TaskDefinition, run: () => Promise<void>): Promise<void>;
  /** Called when everything is constructed and all start hooks have run. */
  started?(context: ApplicationContext): void | Promise<void>;
  /**
   * Called when the application stops: requests and tasks have ended, and stop hooks have not run yet. Also called if the start fails after this
   * extension's `configure` succeeded, so it must not rely on later steps.
   */
  stopping?(context: ApplicationContext): void | Promise<void>;
  /**
   * Called when the stop hooks have run too, so that nothing of the application runs any more: send what was recorded last here. Like `stopping`, it
   * is also called if the start fails.
   */
  stopped?(context: ApplicationContext): void | Promise<void>;
}

/** Creates an extension for one application. A factory that is registered twice is called once. */
export type ExtensionFactory = () => Extension;
