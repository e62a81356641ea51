/** The metrics of an application with several workers, in its primary process. */
import { addHealthRoutes, HealthSchema, loggableThrown, type PrimaryHost } from '@tsukimi/core';
import { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { CATALOGUE, OPENTELEMETRY_CATALOGUE } from '../catalogue.js';
import { type Console, consoleMaker } from '../console/console.js';
import { shownSettings } from '../console/settings.js';
import { addMetricsEndpoint } from '../endpoints/added-endpoints.js';
import { MetricsListener } from '../endpoints/metrics-listener.js';
import { addEndpoints } from '../endpoints/routes.js';
import { isClassInstrumented } from '../metadata/instrumented.js';
import { SystemSampler } from '../system/sampler.js';
import { primaryProcessMetrics } from '../workers/aggregators.js';
import { HealthOfWorkers } from '../workers/health-of-workers.js';
import { errorsOf, sourcesOf } from '../workers/page-facts.js';
import { answerPages } from '../workers/passed-page.js';
import { answerWorkers, type SharedEndpoints } from '../workers/primary-endpoints.js';
import { PrimaryTotals } from '../workers/primary-totals.js';
import { totalsView } from '../workers/totals-view.js';
import { addWorkerMetrics, countWorkerRequests } from '../workers/worker-metrics.js';
import { type InstrumentationConfiguration, PORT_SET_BY, readConfiguration } from './configuration.js';
import { detailsFor, endpointOptions } from './endpoint-options.js';

const made = new WeakMap<PrimaryHost, PrimaryMetrics>();

/** Undefined if metrics are disabled. */
export function primaryMetricsOf(host: PrimaryHost): PrimaryMetrics | undefined {
  const known = made.get(host);
  if (known !== undefined) return known;
  const configuration = readConfiguration(host);
  if (!configuration.metrics.enabled) return undefined;
  const metrics = new PrimaryMetrics(host, configuration);
  made.set(host, metrics);
  return metrics;
}

/** Creates the registry of an application. */
export function registryFor({ metrics }: InstrumentationConfiguration, logger: FastifyBaseLogger): MetricsRegistry {
  // If metrics are disabled, nothing reads the registry, so it keeps only one series of each metric and emits no warnings.
  if (!metrics.enabled) return new MetricsRegistry({ maxSeriesPerMetric: 1, onError: () => {} });
  return new MetricsRegistry({
    defaultLabels: metrics.default_labels,
    maxSeriesPerMetric: metrics.max_series_per_metric,
    maxRecordedNames: metrics.max_recorded_names,
    collectTimeoutMs: metrics.collect_timeout_ms,
    onError: (error) => logger.error({ code: error.code }, error.message),
  });
}

/** The totals of all workers, and who reads them. */
export class PrimaryMetrics {
  readonly totals: PrimaryTotals;
  readonly #host: PrimaryHost;
  readonly #configuration: InstrumentationConfiguration;
  readonly #isWhole: boolean;

  constructor(host: PrimaryHost, configuration: InstrumentationConfiguration) {
    const { metrics, instrumentation } = configuration;
    this.#host = host;
    this.#configuration = configuration;
    this.#isWhole = instrumentation.enabled && isClassInstrumented(host.applicationClass) === true;
    const registry = registryFor(configuration, host.logger);
    const requests = metrics.naming === 'otel' ? OPENTELEMETRY_CATALOGUE.httpServerRequestDuration : CATALOGUE.httpRequests;
    const onIncrease = this.#isWhole ? countWorkerRequests(registry, requests.name) : undefined;
    this.totals = new PrimaryTotals({ host, registry, onIncrease });
    addWorkerMetrics(this.totals, host);
    if (this.#isWhole) this.#measurePrimary();
  }

  /** Answers requests to the endpoints: those that workers pass on, and with `metrics.port` those of clients. */
  async serve(): Promise<void> {
    const host = this.#host;
    const { metrics, server } = this.#configuration;
    const options = this.#endpoints();
    this.#servePage();
    const answering = await answerWorkers(host, options);
    host.onStop(() => answering.close());
    if (metrics.port === null) return;
    const closing = new AbortController();
    const listener = new MetricsListener({
      port: metrics.port,
      setBy: PORT_SET_BY,
      logger: host.logger,
      addRoutes: async (fastify) => {
        await this.#addHealth(fastify);
        await addEndpoints(fastify, { ...options, closing });
      },
    });
    await listener.open(server.host);
    host.onStop(async () => {
      closing.abort();
      listener.closeConnections();
      await listener.close();
    });
  }

  /** The routes of probes, where they are asked for on the port of the metrics. */
  async #addHealth(fastify: FastifyInstance): Promise<void> {
    const health = this.#host.configuration.namespace('health', HealthSchema);
    if (!health.enabled || health.port !== 'metrics') return;
    const ofWorkers = new HealthOfWorkers(this.#host, health.timeout_ms);
    const details = detailsFor(this.#configuration);
    await addHealthRoutes(fastify, {
      paths: { live: health.live_path, ready: health.ready_path, startup: health.startup_path },
      report: (probe) => ofWorkers.report(probe),
      detailsFor: (request) => (health.details === 'always' ? 'messages' : health.details === 'never' ? 'none' : details(request)),
    });
  }

  /** The live page, unless it is off, or the package that has it is not loaded. */
  #servePage(): void {
    const host = this.#host;
    const page = this.#makePage();
    if (page === undefined) return;
    addMetricsEndpoint(this.totals.registry, page.endpoint);
    answerPages(host.workers, page.api);
    if (!this.#configuration.instrumentation.enabled) return;
    page.start();
    host.onStop(() => page.stop());
  }

  #makePage(): Console | undefined {
    const { instrumentation, app } = this.#configuration;
    const { totals } = this;
    const host = this.#host;
    if (!instrumentation.console.enabled) return undefined;
    const facts = () => totals.facts;
    return consoleMaker()?.({
      registry: totals.registry,
      logger: host.logger,
      application: { name: app.name ?? host.applicationClass.name, version: app.version },
      isMeasuring: instrumentation.enabled,
      settings: () => shownSettings(host),
      profile: host.configuration.profile,
      // A profile is that of one process: a worker gives its own.
      canProfile: () => false,
      errors: instrumentation.console.errors === 'off' ? undefined : errorsOf(facts),
      ...sourcesOf(facts),
      refresh: () => totals.refresh({ facts: true }),
    });
  }

  #endpoints(): SharedEndpoints {
    const { metrics, instrumentation } = this.#configuration;
    const { totals } = this;
    const { registry } = totals;
    const enabled = instrumentation.enabled;
    return {
      ...endpointOptions(this.#configuration, { registry, logger: this.#host.logger }),
      sources: { enabled, registry },
      whole: {
        refresh: () => totals.refresh(),
        view: async (failed) => {
          await totals.refresh({ facts: true });
          return totalsView({ enabled, registry, naming: metrics.naming, facts: totals.facts, isWhole: this.#isWhole }, failed);
        },
      },
    };
  }

  /** The primary uses CPU time and memory too. */
  #measurePrimary(): void {
    const { own } = this.totals;
    const { instrumentation } = this.#configuration;
    for (const metric of primaryProcessMetrics()) own.registerMetric(metric);
    const sampler = new SystemSampler({
      registry: own,
      intervalMs: instrumentation.sample_interval_ms,
      trackMemory: instrumentation.track_memory,
      onError: (error) => this.#host.logger.warn({ err: loggableThrown(error) }, 'sampling the process failed; keeping the last values'),
    });
    void sampler.start();
    this.#host.onStop(() => sampler.stop());
  }
}
