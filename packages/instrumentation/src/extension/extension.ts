/** The extension that adds the instrumentation to an application. */
import { isIP } from 'node:net';
import {
  type ApplicationContext,
  type Class,
  type ComponentDefinition,
  type Extension,
  HealthSchema,
  loggableThrown,
  type PrimaryHost,
  registerExtension,
  type TaskDefinition,
  type WorkerLink,
} from '@tsukimi/core';
import { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyInstance } from 'fastify';
import { CATALOGUE } from '../catalogue.js';
import { recordDatabaseDurations } from '../client-calls/database-durations.js';
import { addConsole } from '../console/add-console.js';
import type { Console } from '../console/console.js';
import { clientAddress } from '../endpoints/client-address.js';
import { schedulerView } from '../endpoints/json/scheduler-view.js';
import type { MetricsListener } from '../endpoints/metrics-listener.js';
import { serveEndpoints } from '../endpoints/serve.js';
import { InstrumentationError, requestLabelsMisplaced } from '../errors.js';
import { measureHealth } from '../health/health-metrics.js';
import { checkHistogramsExist, configureHistograms, warningsOfManyBuckets } from '../histograms.js';
import { HttpAccounting } from '../http/accounting.js';
import { addAccountingHooks, schemeOf, warnOfUnmatched } from '../http/hooks.js';
import { leaveOutDecorated } from '../http/left-out-routes.js';
import { type HttpClientMeasurement, measureHttpClient } from '../http-client/measure-http-client.js';
import { instrumenterOf } from '../instrument/instrument.js';
import { keptCounter } from '../kept-series.js';
import { lastCallsOf } from '../last-calls.js';
import { isLoopback } from '../loopback.js';
import { checkDecoratedProperties } from '../metadata/decorated-properties.js';
import { isClassHttpRecorded, isClassInstrumented, requestLabelsOf, unhandledOfClass } from '../metadata/instrumented.js';
import { hasOpenTelemetryNames } from '../metric-naming.js';
import { makeMethodMetrics } from '../observers/method-metrics.js';
import { makeSlos } from '../observers/slo.js';
import { startHeapSampling } from '../profile/heap-sampling.js';
import { profileEndpoint } from '../profile-endpoints/profile-endpoint.js';
import { TaskAccounting } from '../scheduling/task-accounting.js';
import { measureLeases } from '../scheduling/task-leases.js';
import { addProcessMetrics } from '../system/process-metrics.js';
import { SystemSampler } from '../system/sampler.js';
import { receiveThreads } from '../threads/receive-threads.js';
import { addEventLoopLag } from '../workers/event-loop-lag.js';
import { pageFacts } from '../workers/page-facts.js';
import { passingOn } from '../workers/pass-on.js';
import { pageOfPrimary } from '../workers/passed-page.js';
import { WorkerReports } from '../workers/worker-reports.js';
import { selectComponent } from './component-selection.js';
import { type InstrumentationConfiguration, PORT_SET_BY, readConfiguration } from './configuration.js';
import { primaryMetricsOf, registryFor } from './primary.js';
import { InstrumentationProvider } from './provider.js';

/** Creates the instrumentation of one application. `@Instrumented` and `InstrumentationProvider` register it. */
export function instrumentationExtension(): Extension {
  return new InstrumentationExtension();
}

registerExtension(InstrumentationProvider, instrumentationExtension);

class InstrumentationExtension implements Extension {
  readonly name = 'instrumentation';
  #configuration!: InstrumentationConfiguration;
  #context!: ApplicationContext;
  #registry!: MetricsRegistry;
  /** Whether the whole application is measured, or only single components and methods. */
  #wholeApplication = false;
  /** False if the configuration disables measuring. Then no methods are wrapped and no hooks are added. */
  #measures = false;
  #http: HttpAccounting | undefined;
  #tasks: TaskAccounting | undefined;
  #system: SystemSampler | undefined;
  #listener: MetricsListener | undefined;
  #httpClient: HttpClientMeasurement | undefined;
  #console: Console | undefined;
  #endHeapSampling: (() => Promise<void>) | undefined;
  #reports: WorkerReports | undefined;
  #endLag: (() => void) | undefined;
  #forgetThreads: (() => void) | undefined;
  readonly #told = new Set<string>();

  async configure(context: ApplicationContext): Promise<void> {
    const configuration = readConfiguration(context);
    const { metrics, instrumentation } = configuration;
    this.#context = context;
    this.#configuration = configuration;
    this.#measures = metrics.enabled && instrumentation.enabled;
    this.#wholeApplication = this.#measures && isClassInstrumented(context.applicationClass) === true;
    this.#registry = registryFor(configuration, context.logger);
    if (metrics.enabled) this.#forgetThreads = receiveThreads(this.#registry);
    if (context.worker !== undefined && metrics.enabled) this.#reports = this.#reportTo(context.worker, context);
    if (this.#measures) configureHistograms(this.#registry, configuration.histograms, configuration.histogramsOrigin);
    context.provide(MetricsRegistry, this.#registry);
    context.provide(InstrumentationProvider, new InstrumentationProvider(this.#registry));
    if (this.#wholeApplication) this.#measureProcess();
    this.#showHealth(context);
    if (this.#measures && hasOpenTelemetryNames(metrics.naming)) recordDatabaseDurations(this.#registry);
    if (this.#measures && instrumentation.http_client.enabled)
      this.#httpClient = measureHttpClient(this.#registry, { ...configuration.httpClient, naming: metrics.naming });
    // Before components are constructed, so that what they allocate is in the profile too.
    if (this.#measures && instrumentation.profile.heap) this.#endHeapSampling = await this.#sampleHeap();
  }

  /** In the primary of several workers, which has no components and no server. */
  async primary(host: PrimaryHost): Promise<void> {
    await primaryMetricsOf(host)?.serve();
  }

  async #sampleHeap(): Promise<(() => Promise<void>) | undefined> {
    try {
      return await startHeapSampling();
    } catch (error) {
      if (!(error instanceof InstrumentationError)) throw error;
      this.#context.logger.warn({ code: error.code }, `instrumentation.profile.heap has no effect. ${error.message}`);
      return undefined;
    }
  }

  component(definition: ComponentDefinition): void {
    this.#refuseRequestLabels(definition);
    if (definition.scope !== 'singleton') this.#configuration.excluded.expect(definition.name);
    if (this.#measures && definition.type !== undefined) this.#makeOwnMetrics(definition.type.prototype as object, definition.name);
    if (!this.#wholeApplication) return;
    const dependencies = this.#registry.gauge(CATALOGUE.componentDependency);
    for (const { token } of definition.dependencies) {
      const known = this.#context.components.find((other) => other.token === token);
      if (known !== undefined) dependencies.set({ component: definition.name, depends_on: known.name }, 1);
    }
  }

  instance(instance: object, definition: ComponentDefinition): void {
    if (!this.#measures) return;
    const measured = selectComponent(definition, {
      wholeApplication: this.#wholeApplication,
      unhandled: unhandledOfClass(this.#context.applicationClass),
      seesThrown: this.#configuration.instrumentation.thrown_error_classes,
      excluded: this.#configuration.excluded,
      isProvider: (configuration, method) => this.#isProvider(configuration, method),
    });
    if (measured === undefined) return;
    checkDecoratedProperties(instance, Object.getPrototypeOf(instance) ?? instance);
    const { component } = measured;
    // The component of a provider may be a function, which is called itself.
    if (typeof instance === 'function') {
      this.#warnOnce(
        `${component} is a function, so its calls are not measured. Provide an object with a method instead, or exclude it with @Instrumented({ enabled: false }).`,
      );
      return;
    }
    const instrumenter = instrumenterOf(this.#registry);
    instrumenter.warn = ({ code, message }) => this.#context.logger.warn({ code }, message);
    const { isMeasured, warnings } = instrumenter.instrument(instance, measured);
    const advice = ' Freeze or wrap it after its construction, or exclude it with @Instrumented({ enabled: false }).';
    for (const warning of warnings) this.#warnOnce(isMeasured ? warning : `${warning}${advice}`);
  }

  async server(fastify: FastifyInstance, context: ApplicationContext): Promise<void> {
    const { metrics, instrumentation, allowed, hosts, trustedProxies, leftOutRoutes } = this.#configuration;
    const { labels, group_status_codes: areGrouped, sizes } = instrumentation.http;
    const statuses = { hasClassOnDurations: labels.includes('status_class'), areGrouped };
    if (!metrics.enabled) return;
    if (this.#wholeApplication && isClassHttpRecorded(this.#context.applicationClass) !== false) {
      this.#http = new HttpAccounting(this.#registry, {
        leftOut: leftOutRoutes,
        statuses,
        sizes,
        requestLabels: requestLabelsOf(this.#context.applicationClass),
        exemplars: this.#context.hasRequestContext,
        naming: metrics.naming,
        scheme: schemeOf(fastify),
      });
      addAccountingHooks(fastify, this.#http);
      leaveOutDecorated(fastify);
      warnOfUnmatched(fastify, leftOutRoutes);
    }
    // The primary serves them.
    if (context.worker !== undefined && metrics.port !== null) return;
    this.#listener = await serveEndpoints(fastify, {
      addHealth: this.#claimHealth(context),
      whole: context.worker && { passOn: passingOn(context.worker, metrics.path) },
      path: metrics.path,
      port: metrics.port,
      setBy: PORT_SET_BY,
      sources: this.#sources(),
      access: {
        allowed,
        trustedProxies,
        denied: keptCounter(this.#registry, () => this.#registry.counter(CATALOGUE.accessDenied).labels()),
        logger: fastify.log,
      },
      hosts,
      endpoints: this.#measures
        ? [
            profileEndpoint({
              registry: this.#registry,
              enabled: instrumentation.profile.enabled,
              setBy: 'instrumentation.profile.enabled',
            }),
          ]
        : [],
      limits: {
        registry: this.#registry,
        maxInFlight: metrics.max_scrapes_in_flight,
        timeoutMs: metrics.scrape_timeout_ms,
        setBy: { maxInFlight: 'metrics.max_scrapes_in_flight', timeoutMs: 'metrics.scrape_timeout_ms' },
      },
    });
    this.#console = this.#makeConsole(fastify, context);
  }

  task(definition: TaskDefinition, run: () => Promise<void>): Promise<void> {
    return this.#tasks === undefined ? run() : this.#tasks.run(definition.name, run);
  }

  async started(): Promise<void> {
    this.#checkHistograms();
    for (const { name } of this.#context.scheduler.tasks) this.#tasks?.expect(name);
    const { health } = this.#context;
    if (this.#wholeApplication && health.checks.length > 0) measureHealth(this.#registry, health);
    if (this.#wholeApplication && this.#context.scheduler.leases.length > 0) measureLeases(this.#registry, this.#context.scheduler);
    await this.#system?.start();
    if (this.#measures) this.#console?.start();
    this.#warnOfOpenDoors();
    for (const warning of this.#measures ? this.#configuration.excluded.warnings : []) this.#context.logger.warn(warning);
  }

  async stopping(): Promise<void> {
    this.#listener?.closeConnections();
    this.#console?.stop();
    await this.#endHeapSampling?.();
    await this.#system?.stop();
  }

  async stopped(): Promise<void> {
    this.#httpClient?.stop();
    this.#forgetThreads?.();
    this.#endLag?.();
    this.#reports?.stop();
    await this.#reports?.send();
  }

  /** Has the primary of several workers add up the metrics of this one. */
  #reportTo(link: WorkerLink, context: ApplicationContext): WorkerReports {
    const registry = this.#registry;
    if (this.#wholeApplication) this.#endLag = addEventLoopLag(registry);
    const { show_error_messages: showMessages } = this.#configuration.metrics;
    const reports = new WorkerReports({
      link,
      registry,
      facts: () => ({
        ...lastCallsOf(registry),
        kinds: new Map([...instrumenterOf(registry).components.values()].map(({ component, kind }) => [component, kind])),
        tasks: schedulerView(context.scheduler, showMessages).tasks,
        page: pageFacts({ link, registry, tasks: context.scheduler.tasks, checks: context.health.checks }),
      }),
    });
    reports.start();
    return reports;
  }

  /** Clients that can read the metrics see the checks of probes. */
  #showHealth({ health }: ApplicationContext): void {
    const { metrics, allowed, trustedProxies } = this.#configuration;
    const details = this.#showsMessages ? 'messages' : 'results';
    health.showDetails(({ raw }) => {
      const isAllowed = allowed.isEmpty ? metrics.enabled : allowed.has(clientAddress(raw, trustedProxies));
      return isAllowed ? details : 'none';
    });
  }

  /** The routes of probes, where they are asked for on the port of the metrics. */
  #claimHealth({ configuration, health }: ApplicationContext): ((server: FastifyInstance) => Promise<void>) | undefined {
    const { enabled, port } = configuration.namespace('health', HealthSchema);
    return enabled && port === 'metrics' && this.#configuration.metrics.port !== null ? health.claimRoutes() : undefined;
  }

  /** Whether messages of errors, which may contain secrets, are for those who can read the metrics. */
  get #showsMessages(): boolean {
    const { server, allowed, metrics } = this.#configuration;
    return !allowed.isEmpty || (isLoopback(server.host) && server.trust_proxy.length === 0) || metrics.show_error_messages;
  }

  /** The live page, unless it is off, or the package that has it is not loaded. */
  #makeConsole({ log }: FastifyInstance, context: ApplicationContext): Console | undefined {
    const { instrumentation, app } = this.#configuration;
    const { enabled, errors } = instrumentation.console;
    if (!enabled) return undefined;
    return addConsole({
      registry: this.#registry,
      logger: log,
      application: { name: app.name ?? context.applicationClass.name, version: app.version },
      isMeasuring: this.#measures,
      profiles: this.#measures && instrumentation.profile.enabled,
      errors: errors === 'auto' ? (this.#showsMessages ? 'messages' : 'classes') : errors,
      scheduler: context.scheduler,
      health: context.health,
      configuration: context,
      primary: context.worker && pageOfPrimary(context.worker),
    });
  }

  /** Every component that makes a histogram has been constructed. */
  #checkHistograms(): void {
    if (!this.#measures) return;
    const { histograms, histogramsOrigin } = this.#configuration;
    checkHistogramsExist(this.#registry, histograms, histogramsOrigin);
    for (const warning of warningsOfManyBuckets(histograms, histogramsOrigin)) this.#warnOnce(warning);
  }

  #warnOnce(warning: string): void {
    if (this.#told.has(warning)) return;
    this.#told.add(warning);
    this.#context.logger.warn(warning);
  }

  /** Creates the metrics of single classes and methods before their first instance. */
  #makeOwnMetrics(prototype: object, component: string): void {
    makeMethodMetrics(this.#registry, prototype);
    makeSlos(this.#registry, { prototype, component });
  }

  /** Labels of requests apply to all requests of the application: on a component, they would be ignored. */
  #refuseRequestLabels({ type, name }: ComponentDefinition): void {
    const labels = type && requestLabelsOf(type);
    if (labels !== undefined && labels !== requestLabelsOf(this.#context.applicationClass)) throw requestLabelsMisplaced(name);
  }

  #isProvider(configuration: Class | undefined, method: string): boolean {
    return this.#context.components.some(({ provider }) => provider?.configuration === configuration && provider?.method === method);
  }

  #measureProcess(): void {
    const { instrumentation, app } = this.#configuration;
    const registry = this.#registry;
    addProcessMetrics(registry);
    registry.info(CATALOGUE.applicationInfo).set({ name: app.name ?? '', version: app.version, node_version: process.version });
    this.#tasks = new TaskAccounting(registry);
    this.#system = new SystemSampler({
      registry,
      intervalMs: instrumentation.sample_interval_ms,
      trackMemory: instrumentation.track_memory,
      onError: (error) => this.#context.logger.warn({ err: loggableThrown(error) }, 'sampling the process failed; keeping the last values'),
    });
  }

  #sources() {
    return {
      enabled: this.#measures,
      registry: this.#registry,
      http: this.#http,
      system: this.#system,
      scheduler: this.#context.scheduler,
      showErrorMessages: this.#configuration.metrics.show_error_messages,
      components: this.#measures ? instrumenterOf(this.#registry).components : undefined,
    };
  }

  #warnOfOpenDoors(): void {
    const { metrics, server, allowed } = this.#configuration;
    if (!metrics.enabled || !allowed.isEmpty || isLoopback(server.host)) return;
    this.#context.logger.warn(
      `${metrics.path} can be read by everyone who can connect to ${isIP(server.host) === 0 ? '(server.host)' : server.host}:${metrics.port ?? server.port}: list the allowed addresses in metrics.allowed_ips.`,
    );
  }
}
