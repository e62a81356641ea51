/** Measures the process of an application: its CPU, memory and event loop, its scheduled tasks, its outgoing requests, and on demand its heap. */
import { loggableThrown } from '@tsukimi/core';
import { CATALOGUE } from '../catalogue.js';
import { recordDatabaseDurations } from '../client-calls/database-durations.js';
import { InstrumentationError } from '../errors.js';
import { measureHealth } from '../health/health-metrics.js';
import { type HttpClientMeasurement, measureHttpClient } from '../http-client/measure-http-client.js';
import { hasOpenTelemetryNames } from '../metric-naming.js';
import { startHeapSampling } from '../profile/heap-sampling.js';
import { TaskAccounting } from '../scheduling/task-accounting.js';
import { measureLeases } from '../scheduling/task-leases.js';
import { addProcessMetrics } from '../system/process-metrics.js';
import { SystemSampler } from '../system/sampler.js';
import type { MeasuredApplication } from './measured-application.js';

export class MeasuredProcess {
  readonly tasks: TaskAccounting | undefined;
  readonly system: SystemSampler | undefined;
  readonly #application: MeasuredApplication;
  #httpClient: HttpClientMeasurement | undefined;
  #endHeapSampling: (() => Promise<void>) | undefined;

  constructor(application: MeasuredApplication) {
    this.#application = application;
    const { registry, configuration, context, isWhole } = application;
    if (!isWhole) return;
    const { app, instrumentation } = configuration;
    addProcessMetrics(registry);
    registry.info(CATALOGUE.applicationInfo).set({ name: app.name ?? '', version: app.version, node_version: process.version });
    this.tasks = new TaskAccounting(registry);
    this.system = new SystemSampler({
      registry,
      intervalMs: instrumentation.sample_interval_ms,
      trackMemory: instrumentation.track_memory,
      onError: (error) => context.logger.warn({ err: loggableThrown(error) }, 'sampling the process failed; keeping the last values'),
    });
  }

  /** Begins before components are constructed, so that their first requests are counted, and what they allocate is in the profile too. */
  async begin(): Promise<void> {
    const { configuration, registry, isMeasured } = this.#application;
    if (!isMeasured) return;
    const { metrics, instrumentation, httpClient } = configuration;
    if (hasOpenTelemetryNames(metrics.naming)) recordDatabaseDurations(registry);
    if (instrumentation.http_client.enabled) this.#httpClient = measureHttpClient(registry, { ...httpClient, naming: metrics.naming });
    if (instrumentation.profile.heap) this.#endHeapSampling = await this.#sampleHeap();
  }

  /** All tasks, checks and leases of the application are known. */
  async started(): Promise<void> {
    const { context, registry, isWhole } = this.#application;
    const { scheduler, health } = context;
    for (const { name } of scheduler.tasks) this.tasks?.expect(name);
    if (isWhole && health.checks.length > 0) measureHealth(registry, health);
    if (isWhole && scheduler.leases.length > 0) measureLeases(registry, scheduler);
    await this.system?.start();
  }

  async stopping(): Promise<void> {
    await this.#endHeapSampling?.();
    await this.system?.stop();
  }

  stopped(): void {
    this.#httpClient?.stop();
  }

  async #sampleHeap(): Promise<(() => Promise<void>) | undefined> {
    try {
      return await startHeapSampling();
    } catch (error) {
      if (!(error instanceof InstrumentationError)) throw error;
      this.#application.context.logger.warn({ code: error.code }, `instrumentation.profile.heap has no effect. ${error.message}`);
      return undefined;
    }
  }
}
