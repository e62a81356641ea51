/** What plugs the instrumentation into an application. */
import type { ApplicationContext, ComponentDefinition, Extension, TaskDefinition } from '@tsukimi/core';
import { registerExtension } from '@tsukimi/core';
import { MetricsRegistry, processMetrics } from '@tsukimi/metrics';
import type { FastifyInstance } from 'fastify';
import { instrumenterOf } from './calls/instrument.js';
import { CATALOGUE } from './catalogue.js';
import { selectComponent } from './component-selection.js';
import { type InstrumentationConfiguration, readConfiguration } from './configuration.js';
import { addEndpoints } from './endpoints/routes.js';
import { HttpAccounting } from './http/accounting.js';
import { addAccountingHooks } from './http/hooks.js';
import { isClassInstrumented } from './instrumented-metadata.js';
import { isLoopback } from './loopback.js';
import { InstrumentationProvider } from './provider.js';
import { TaskAccounting } from './scheduling/task-accounting.js';
import { SystemSampler } from './system/sampler.js';

/** One application's instrumentation; `@Instrumented` and `InstrumentationProvider` bring it along. */
export function instrumentationExtension(): Extension {
  return new InstrumentationExtension();
}

registerExtension(InstrumentationProvider, instrumentationExtension);

class InstrumentationExtension implements Extension {
  readonly name = 'instrumentation';
  #configuration!: InstrumentationConfiguration;
  #context!: ApplicationContext;
  #registry!: MetricsRegistry;
  /** Whether the application as a whole is measured, or only what was opted in one by one. */
  #wholeApplication = false;
  /** False where the configuration switches measuring off: then nothing is wrapped and nothing hooked. */
  #measures = false;
  #http: HttpAccounting | undefined;
  #tasks: TaskAccounting | undefined;
  #system: SystemSampler | undefined;
  readonly #unmeasurable = new Set<string>();

  configure(context: ApplicationContext): void {
    const configuration = readConfiguration(context);
    const { metrics, instrumentation } = configuration;
    this.#context = context;
    this.#configuration = configuration;
    this.#measures = metrics.enabled && instrumentation.enabled;
    this.#wholeApplication = this.#measures && isClassInstrumented(context.applicationClass) === true;
    this.#registry = this.#createRegistry();
    context.provide(MetricsRegistry, this.#registry);
    context.provide(InstrumentationProvider, new InstrumentationProvider(this.#registry));
    if (this.#wholeApplication) this.#measureProcess();
  }

  component(definition: ComponentDefinition): void {
    if (!this.#wholeApplication) return;
    const dependencies = this.#registry.gauge(CATALOGUE.componentDependency);
    for (const { token } of definition.dependencies) {
      const known = this.#context.components.find((other) => other.token === token);
      if (known !== undefined) dependencies.set({ component: definition.name, depends_on: known.name }, 1);
    }
  }

  instance(instance: object, definition: ComponentDefinition): void {
    if (!this.#measures || typeof instance !== 'object' || instance === null) return;
    const measured = selectComponent(definition, { wholeApplication: this.#wholeApplication, excluded: this.#configuration.excluded });
    if (measured === undefined || instrumenterOf(this.#registry).instrument(instance, measured)) return;
    if (this.#unmeasurable.has(measured.component)) return;
    this.#unmeasurable.add(measured.component);
    this.#context.logger.warn(
      `${measured.component} is frozen or sealed: its calls are not measured. Freeze it after its construction, or opt it out with @Instrumented({ enabled: false }).`,
    );
  }

  async server(fastify: FastifyInstance): Promise<void> {
    const { metrics, allowed, trustedProxies } = this.#configuration;
    if (!metrics.enabled) return;
    if (this.#wholeApplication) {
      this.#http = new HttpAccounting(this.#registry);
      addAccountingHooks(fastify, this.#http);
    }
    await addEndpoints(fastify, {
      path: metrics.path,
      sources: this.#sources(),
      access: { allowed, trustedProxies, denied: this.#registry.counter(CATALOGUE.accessDenied).labels(), logger: fastify.log },
    });
  }

  task(definition: TaskDefinition, run: () => Promise<void>): Promise<void> {
    return this.#tasks === undefined ? run() : this.#tasks.run(definition.name, run);
  }

  async started(): Promise<void> {
    await this.#system?.start();
    this.#warnOfOpenDoors();
    for (const pattern of this.#measures ? this.#configuration.excluded.unmatched : []) {
      this.#context.logger.warn(`instrumentation.exclude: no method is called ${pattern}. Name it as Component.method.`);
    }
  }

  async stopping(): Promise<void> {
    await this.#system?.stop();
  }

  #createRegistry(): MetricsRegistry {
    const { metrics } = this.#configuration;
    return new MetricsRegistry({
      defaultLabels: metrics.default_labels,
      // Switched off, nothing is kept: every label set goes to one series that nobody reads.
      maxSeriesPerMetric: metrics.enabled ? metrics.max_series_per_metric : 0,
      onError: (error) => this.#context.logger.error({ code: error.code }, error.message),
    });
  }

  #measureProcess(): void {
    const { instrumentation, app } = this.#configuration;
    const registry = this.#registry;
    for (const metric of processMetrics()) registry.registerMetric(metric);
    registry.gauge(CATALOGUE.applicationInfo).set({ name: app.name ?? '', version: app.version, node_version: process.version }, 1);
    this.#tasks = new TaskAccounting(registry);
    this.#system = new SystemSampler({
      registry,
      intervalMs: instrumentation.sample_interval_ms,
      trackMemory: instrumentation.track_memory,
      onError: (error) => this.#context.logger.warn({ err: error }, 'sampling the process failed; its last values stay'),
    });
  }

  #sources() {
    return {
      enabled: this.#measures,
      registry: this.#registry,
      http: this.#http,
      system: this.#system,
      scheduler: this.#context.scheduler,
      components: this.#measures ? instrumenterOf(this.#registry).components : undefined,
    };
  }

  #warnOfOpenDoors(): void {
    const { metrics, server, allowed } = this.#configuration;
    if (!metrics.enabled || !allowed.isEmpty || isLoopback(server.host)) return;
    this.#context.logger.warn(
      `${metrics.path} can be read by everyone who reaches ${server.host}:${server.port}: name the addresses that may in metrics.allowed_ips.`,
    );
  }
}
