/** One start of an application. It keeps track of the parts, so that a failed start can stop those that have started. */
import type { FastifyInstance } from 'fastify';
import type { Blueprint } from '../components/blueprint.js';
import { ComponentContainer } from '../components/container.js';
import type { Class, Token } from '../components/definition.js';
import { checkGraph, duplicateNames } from '../components/graph.js';
import { resolveValue } from '../components/value-resolution.js';
import { HttpContexts } from '../context/http-contexts.js';
import type { RequestObserver } from '../context/request-observer.js';
import { TaskContexts } from '../context/task-contexts.js';
import { ApplicationHealth } from '../health/application-health.js';
import { declaredChecks } from '../health/declared-checks.js';
import { healthUnclaimed } from '../health/errors.js';
import type { TaskDuty } from '../scheduling/duty.js';
import { scheduledTasks } from '../scheduling/scheduled-tasks.js';
import { TaskScheduler } from '../scheduling/task-scheduler.js';
import { registerRoutes } from '../web/routes.js';
import type { WorkerLink } from '../workers/worker-link.js';
import { Connections } from './drain.js';
import { containerNotOpen } from './errors.js';
import type { ApplicationContext } from './extension.js';
import type { ExtensionHost } from './extension-host.js';
import type { LoadedConfiguration } from './load-configuration.js';
import { instancesFrom, REQUEST_TOKENS } from './request-scopes.js';
import { RunningApplication } from './running-application.js';
import { checkHooks, StartedComponents } from './started-components.js';
import { type HandOver, stop } from './stop.js';
import { CurrentConfiguration, CurrentHealth, CurrentLogger, CurrentScheduler, CurrentServer } from './tokens.js';

/** The input of a start. */
export interface StartupParts {
  readonly applicationClass: Class;
  readonly loaded: LoadedConfiguration;
  readonly blueprints: readonly Blueprint[];
  /** Adds the replacements that are not components to the provided values. */
  readonly provideReplacements: (provided: Map<Token, unknown>) => Promise<void>;
  readonly fastify: FastifyInstance;
  readonly extensions: ExtensionHost;
  /** Who observes the request context; undefined if the context is off. */
  readonly contextObservers: readonly RequestObserver[] | undefined;
  /** The connection to the primary; undefined if there is none. */
  readonly worker: WorkerLink | undefined;
  /** Whether this process runs the tasks of the application; undefined if it is the only one. */
  readonly duty: TaskDuty | undefined;
}

/** Starts an application, step by step. */
export class Startup {
  readonly #parts: StartupParts;
  readonly #components = new StartedComponents();
  readonly #provided = new Map<Token, unknown>();
  readonly #connections: Connections;
  readonly #scheduler: TaskScheduler;
  readonly #health: ApplicationHealth;
  readonly #context: ApplicationContext;
  #isOpen = true;
  #container: ComponentContainer | undefined;

  constructor(parts: StartupParts) {
    this.#parts = parts;
    this.#connections = new Connections(parts.fastify.server);
    this.#scheduler = this.#createScheduler();
    this.#health = this.#createHealth();
    this.#context = this.#createContext();
    this.#provideOwn();
  }

  /** Runs all steps. If one fails, this rejects after everything that was started has been stopped. */
  async run(): Promise<RunningApplication> {
    try {
      return await this.#start();
    } catch (error) {
      await this.#stop();
      throw error;
    }
  }

  async #start(): Promise<RunningApplication> {
    const { extensions, fastify, loaded, provideReplacements, contextObservers } = this.#parts;
    await extensions.configure(this.#context);
    this.#scheduler.prepareLeases(loaded.app.name);
    await provideReplacements(this.#provided);
    this.#isOpen = false;
    for (const definition of this.#context.components) extensions.component(definition);
    const container = this.#openContainer();
    // Before all hooks, so that none of them applies to probes.
    await this.#health.addRoutes(fastify);
    // Before the hooks of extensions, so that they run in the context.
    if (contextObservers !== undefined) fastify.addHook('onRequest', new HttpContexts(fastify, contextObservers).enter);
    await extensions.server(fastify, this.#context);
    if (this.#health.isUnclaimed) throw healthUnclaimed(loaded.configuration);
    await container.constructSingletons((instance, definition) => this.#components.add(instance, definition));
    registerRoutes({ fastify, components: this.#context.components, instanceFor: instancesFrom(container) });
    await fastify.ready();
    await this.#components.start();
    await extensions.started(this.#context);
    loaded.configuration.warnOfUnused();
    this.#health.started();
    return this.#running(container);
  }

  #openContainer(): ComponentContainer {
    const { blueprints, extensions, loaded } = this.#parts;
    const order = checkGraph({ blueprints, provided: new Set(this.#provided.keys()), requestTokens: REQUEST_TOKENS });
    checkHooks(blueprints);
    for (const [name, makers] of duplicateNames(blueprints)) {
      if (name === '') loaded.warnings.add(`${makers.length} components are anonymous classes and share their metrics: name the classes`);
      else loaded.warnings.add(`${makers.join(' and ')} are both called ${name} and share their metrics: rename one of them`);
    }
    this.#container = ComponentContainer.create({
      blueprints: order,
      values: this.#provided,
      requestTokens: REQUEST_TOKENS,
      valueOf: valuesFrom(order, loaded),
      onInstance: (instance, definition) => extensions.instance(instance, definition),
    });
    return this.#container;
  }

  #createScheduler(): TaskScheduler {
    const { blueprints, extensions, fastify, loaded, contextObservers, duty } = this.#parts;
    const tasks = scheduledTasks({
      components: blueprints.map(({ definition }) => definition),
      instanceFor: (definition) => this.#requireContainer('A task').instanceOf(definition) as object,
    });
    const { log: logger } = fastify;
    return new TaskScheduler({
      tasks,
      wrappers: extensions.taskWrappers,
      contexts: contextObservers && new TaskContexts(contextObservers, logger),
      logger,
      enabled: loaded.scheduler.enabled,
      duty,
    });
  }

  #createHealth(): ApplicationHealth {
    const { blueprints, fastify, loaded } = this.#parts;
    const health = new ApplicationHealth(loaded.health, fastify.log);
    const checks = declaredChecks({
      components: blueprints.map(({ definition }) => definition),
      defaults: health.defaults,
      instanceFor: (definition) => this.#requireContainer('A health check').instanceOf(definition) as object,
    });
    for (const check of checks) health.addChecked(check);
    return health;
  }

  #createContext(): ApplicationContext {
    const { applicationClass, loaded, fastify, blueprints, contextObservers, worker } = this.#parts;
    return {
      applicationClass,
      configuration: loaded.configuration,
      logger: fastify.log,
      components: Object.freeze(blueprints.map(({ definition }) => definition)),
      scheduler: this.#scheduler,
      health: this.#health,
      useLeaseStore: (store) => this.#scheduler.useLeaseStore(store),
      hasRequestContext: contextObservers !== undefined,
      worker,
      provide: (token, value) => {
        if (!this.#isOpen) throw containerNotOpen('provide()', 'after configure');
        this.#provided.set(token, value);
      },
      resolve: (token) => this.#requireContainer('resolve()').resolve(token),
    };
  }

  #provideOwn(): void {
    const { loaded, fastify } = this.#parts;
    this.#provided.set(CurrentConfiguration, loaded.configuration);
    this.#provided.set(CurrentHealth, this.#health);
    this.#provided.set(CurrentLogger, fastify.log);
    this.#provided.set(CurrentScheduler, this.#scheduler);
    this.#provided.set(CurrentServer, fastify);
  }

  #requireContainer(action: string): ComponentContainer {
    if (this.#container === undefined) throw containerNotOpen(action, 'before the container was ready');
    return this.#container;
  }

  #running(container: ComponentContainer): RunningApplication {
    const { fastify, loaded } = this.#parts;
    const { configuration, server, app } = loaded;
    return new RunningApplication({
      name: app.name,
      fastify,
      connections: this.#connections,
      configuration,
      server,
      scheduler: this.#scheduler,
      health: this.#health,
      container,
      stop: (handOver) => this.#stop(handOver),
    });
  }

  #stop(handOver?: HandOver): Promise<boolean> {
    const { fastify, loaded, extensions } = this.#parts;
    // Another worker has taken over: the application as a whole stays ready.
    if (handOver === undefined) this.#health.stopping();
    return stop({
      handOver,
      fastify,
      connections: this.#connections,
      scheduler: this.#scheduler,
      beforeDrain: this.#components.drainSteps(),
      steps: [
        ...extensions.lastSteps('stopping', this.#context),
        ...this.#components.stopSteps(),
        ...extensions.lastSteps('stopped', this.#context),
      ],
      timeoutMs: loaded.server.shutdown_timeout_ms,
    });
  }
}

// Values are read at start for components of every scope, so that a missing key fails the start and not the first request.
function valuesFrom(blueprints: readonly Blueprint[], { configuration }: LoadedConfiguration): (argument: object) => unknown {
  const values = new Map<object, unknown>();
  for (const { arguments: args, maker } of blueprints) {
    for (const argument of args) {
      const { source, parameter } = argument;
      if (source.kind === 'value') values.set(argument, resolveValue({ ...source, site: { maker, parameter } }, configuration));
    }
  }
  return (argument) => values.get(argument);
}
