/** The extension that adds the instrumentation to an application. */
import {
  type ApplicationContext,
  type ComponentDefinition,
  type Extension,
  type PrimaryHost,
  registerExtension,
  type TaskDefinition,
} from '@tsukimi/core';
import { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyInstance } from 'fastify';
import { configureHistograms } from '../histograms.js';
import { HttpAccounting } from '../http/accounting.js';
import { addAccountingHooks, schemeOf, warnOfUnmatched } from '../http/hooks.js';
import { leaveOutDecorated } from '../http/left-out-routes.js';
import { isClassHttpRecorded, requestLabelsOf } from '../metadata/instrumented.js';
import { receiveThreads } from '../threads/receive-threads.js';
import { ApplicationEndpoints } from './application-endpoints.js';
import { MeasuredApplication } from './measured-application.js';
import { MeasuredComponents } from './measured-components.js';
import { MeasuredProcess } from './measured-process.js';
import { primaryMetricsOf } from './primary.js';
import { InstrumentationProvider } from './provider.js';
import { reportToPrimary } from './reports-to-primary.js';

/** Creates the instrumentation of one application. `@Instrumented` and `InstrumentationProvider` register it. */
export function instrumentationExtension(): Extension {
  return new InstrumentationExtension();
}

registerExtension(InstrumentationProvider, instrumentationExtension);

class InstrumentationExtension implements Extension {
  readonly name = 'instrumentation';
  #application!: MeasuredApplication;
  #components!: MeasuredComponents;
  #process!: MeasuredProcess;
  #endpoints!: ApplicationEndpoints;
  #forgetThreads: (() => void) | undefined;
  #endReports: (() => Promise<void>) | undefined;

  async configure(context: ApplicationContext): Promise<void> {
    const application = new MeasuredApplication(context);
    const { registry, configuration, isMeasured } = application;
    const { enabled } = configuration.metrics;
    this.#application = application;
    if (enabled) this.#forgetThreads = receiveThreads(registry);
    if (context.worker !== undefined && enabled) this.#endReports = reportToPrimary(application, context.worker);
    if (isMeasured) configureHistograms(registry, configuration.histograms, configuration.histogramsOrigin);
    context.provide(MetricsRegistry, registry);
    context.provide(InstrumentationProvider, new InstrumentationProvider(registry));
    this.#components = new MeasuredComponents(application);
    this.#process = new MeasuredProcess(application);
    this.#endpoints = new ApplicationEndpoints(application);
    await this.#process.begin();
  }

  /** In the primary of several workers, which has no components and no server. */
  async primary(host: PrimaryHost): Promise<void> {
    await primaryMetricsOf(host)?.serve();
  }

  component(definition: ComponentDefinition): void {
    this.#components.declare(definition);
  }

  instance(instance: object, definition: ComponentDefinition): void {
    this.#components.measure(instance, definition);
  }

  async server(fastify: FastifyInstance): Promise<void> {
    if (!this.#application.configuration.metrics.enabled) return;
    const http = this.#countRequests(fastify);
    await this.#endpoints.serve(fastify, { http, system: this.#process.system });
  }

  task({ name }: TaskDefinition, run: () => Promise<void>): Promise<void> {
    const { tasks } = this.#process;
    return tasks === undefined ? run() : tasks.run(name, run);
  }

  async started(): Promise<void> {
    const { context, configuration, isMeasured } = this.#application;
    this.#components.checkHistograms();
    await this.#process.started();
    this.#endpoints.started();
    for (const warning of isMeasured ? configuration.excluded.warnings : []) context.logger.warn(warning);
  }

  async stopping(): Promise<void> {
    this.#endpoints.stopping();
    await this.#process.stopping();
  }

  async stopped(): Promise<void> {
    this.#process.stopped();
    this.#forgetThreads?.();
    await this.#endReports?.();
  }

  #countRequests(fastify: FastifyInstance): HttpAccounting | undefined {
    const { context, configuration, registry, isWhole } = this.#application;
    if (!isWhole || isClassHttpRecorded(context.applicationClass) === false) return undefined;
    const { metrics, instrumentation, leftOutRoutes } = configuration;
    const { labels, group_status_codes: areGrouped, sizes } = instrumentation.http;
    const http = new HttpAccounting(registry, {
      leftOut: leftOutRoutes,
      statuses: { hasClassOnDurations: labels.includes('status_class'), areGrouped },
      sizes,
      requestLabels: requestLabelsOf(context.applicationClass),
      exemplars: context.hasRequestContext,
      naming: metrics.naming,
      scheme: schemeOf(fastify),
    });
    addAccountingHooks(fastify, http);
    leaveOutDecorated(fastify);
    warnOfUnmatched(fastify, leftOutRoutes);
    return http;
  }
}
