/** Serves the metrics of an application, its live page and its profiles, and says who sees what of them. */
import { isIP } from 'node:net';
import { HealthSchema } from '@tsukimi/core';
import type { FastifyInstance } from 'fastify';
import { addConsole } from '../console/add-console.js';
import type { Console } from '../console/console.js';
import type { MetricsListener } from '../endpoints/metrics-listener.js';
import { type ServeOptions, serveEndpoints } from '../endpoints/serve.js';
import type { HttpAccounting } from '../http/accounting.js';
import { instrumenterOf } from '../instrument/instrument.js';
import { isLoopback } from '../loopback.js';
import { profileEndpoint } from '../profile-endpoints/profile-endpoint.js';
import type { SystemSampler } from '../system/sampler.js';
import { answerProbes } from '../workers/health-of-workers.js';
import { passingOn } from '../workers/pass-on.js';
import { pageOfPrimary } from '../workers/passed-page.js';
import { PORT_SET_BY } from './configuration.js';
import { detailsFor, endpointOptions } from './endpoint-options.js';
import type { MeasuredApplication } from './measured-application.js';

/** What the JSON has besides the registry. */
interface FurtherSources {
  readonly http: HttpAccounting | undefined;
  readonly system: SystemSampler | undefined;
}

export class ApplicationEndpoints {
  readonly #application: MeasuredApplication;
  #listener: MetricsListener | undefined;
  #console: Console | undefined;

  constructor(application: MeasuredApplication) {
    this.#application = application;
    this.#showHealth();
  }

  async serve(fastify: FastifyInstance, further: FurtherSources): Promise<void> {
    const { context, configuration } = this.#application;
    // Of several workers, the primary serves them on a port of their own.
    if (context.worker !== undefined && configuration.metrics.port !== null) {
      if (this.#claimHealth() !== undefined) answerProbes(context.worker, (probe) => context.health.report(probe));
      return;
    }
    this.#listener = await serveEndpoints(fastify, this.#options(fastify, further));
    this.#console = this.#makeConsole(fastify);
  }

  started(): void {
    if (this.#application.isMeasured) this.#console?.start();
    this.#warnOfOpenDoors();
  }

  stopping(): void {
    this.#listener?.closeConnections();
    this.#console?.stop();
  }

  #options(fastify: FastifyInstance, further: FurtherSources): ServeOptions {
    const { context, configuration, registry, isMeasured } = this.#application;
    const { metrics, instrumentation } = configuration;
    const { enabled } = instrumentation.profile;
    return {
      addHealth: this.#claimHealth(),
      whole: context.worker && { passOn: passingOn(context.worker, metrics.path) },
      ...endpointOptions(configuration, { registry, logger: fastify.log }),
      port: metrics.port,
      setBy: PORT_SET_BY,
      sources: {
        ...further,
        enabled: isMeasured,
        registry,
        scheduler: context.scheduler,
        showErrorMessages: metrics.show_error_messages,
        components: isMeasured ? instrumenterOf(registry).components : undefined,
      },
      endpoints: isMeasured ? [profileEndpoint({ registry, enabled, setBy: 'instrumentation.profile.enabled' })] : [],
    };
  }

  /** Clients that can read the metrics see the checks of probes. */
  #showHealth(): void {
    const { context, configuration } = this.#application;
    context.health.showDetails(detailsFor(configuration));
  }

  /** The routes of probes, where they are asked for on the port of the metrics. */
  #claimHealth(): ((server: FastifyInstance) => Promise<void>) | undefined {
    const { context, configuration } = this.#application;
    const { enabled, port } = context.configuration.namespace('health', HealthSchema);
    return enabled && port === 'metrics' && configuration.metrics.port !== null ? context.health.claimRoutes() : undefined;
  }

  /** The live page, unless it is off, or the package that has it is not loaded. */
  #makeConsole({ log }: FastifyInstance): Console | undefined {
    const { context, configuration, registry, isMeasured, showsMessages } = this.#application;
    const { instrumentation, app } = configuration;
    const { enabled, errors } = instrumentation.console;
    if (!enabled) return undefined;
    return addConsole({
      registry,
      logger: log,
      application: { name: app.name ?? context.applicationClass.name, version: app.version },
      isMeasuring: isMeasured,
      profiles: isMeasured && instrumentation.profile.enabled,
      errors: errors === 'auto' ? (showsMessages ? 'messages' : 'classes') : errors,
      scheduler: context.scheduler,
      health: context.health,
      configuration: context,
      primary: context.worker && pageOfPrimary(context.worker),
    });
  }

  #warnOfOpenDoors(): void {
    const { context, configuration } = this.#application;
    const { metrics, server, allowed } = configuration;
    if (!metrics.enabled || !allowed.isEmpty || isLoopback(server.host)) return;
    context.logger.warn(
      `${metrics.path} can be read by everyone who can connect to ${isIP(server.host) === 0 ? '(server.host)' : server.host}:${metrics.port ?? server.port}: list the allowed addresses in metrics.allowed_ips.`,
    );
  }
}
