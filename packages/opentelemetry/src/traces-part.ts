/** The traces of an application, sent by OTLP. */
import { type ApplicationContext, AppSchema, type Configuration, type RequestObserver, refuseUnknownKeys } from '@tsukimi/core';
import { InstrumentationSchema } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { OpenTelemetrySchema, optionsOf } from './configuration.js';
import { isOffByVariable } from './exporter-variables.js';
import type { Environment } from './options.js';
import { resourceAttributes } from './resource.js';
import { tracesTarget } from './target.js';
import { tracesOptionsOf } from './traces/configuration.js';
import { tracesSettings } from './traces/options.js';
import { Tracing, type TracingParts } from './traces/tracing.js';

const NAMESPACE = 'opentelemetry';
const EXCLUDE = 'opentelemetry.traces.exclude';

/** The part of the extension that traces. */
export class TracesPart {
  #tracing: Tracing | undefined;
  #isOpen = false;

  /** @throws TSK_ERR_CONFIGURATION_VALUE, TSK_ERR_OPENTELEMETRY_OPTION, TSK_ERR_OPENTELEMETRY_PROTOCOL */
  requestContext(configuration: Configuration): RequestObserver | false {
    refuseUnknownKeys(configuration, { name: NAMESPACE, schema: OpenTelemetrySchema });
    const parts = partsOf(configuration, process.env);
    if (parts === undefined) return false;
    this.#tracing = new Tracing(parts);
    return this.#tracing;
  }

  configure({ logger }: ApplicationContext): void {
    const tracing = this.#tracing;
    if (tracing === undefined) return;
    tracing.open();
    this.#isOpen = true;
    if (tracing.isForeign)
      logger.info(
        'The tracer provider of this program makes and sends the spans. The keys of opentelemetry.traces about sending have no effect',
      );
  }

  server(context: ApplicationContext): void {
    this.#tracing?.trace({ registry: registryOf(context), logger: context.logger });
  }

  started(): void {
    this.#tracing?.start();
  }

  async stopped(): Promise<void> {
    if (this.#isOpen) await this.#tracing?.stop();
  }
}

/** @returns undefined if nothing is traced */
function partsOf(configuration: Configuration, environment: Environment): TracingParts | undefined {
  const settings = configuration.namespace(NAMESPACE, OpenTelemetrySchema);
  if (!settings.enabled || !settings.traces.enabled || isOffByVariable('traces', environment)) return undefined;
  const options = optionsOf(settings);
  const traces = tracesOptionsOf(settings.traces);
  return {
    settings: tracesSettings(traces, { environment, exclude: { key: EXCLUDE, source: configuration.placeOf(EXCLUDE) } }),
    target: () => tracesTarget({ ...options, signalEndpoint: traces.tracesEndpoint }, environment),
    propagateTo: configuration.namespace('instrumentation', InstrumentationSchema).http_client.propagate_to,
    resource: resourceAttributes(options, { application: configuration.namespace('app', AppSchema) }),
  };
}

/** Without metrics, calls have no spans, but requests and task runs have: what is counted about sending them is then not exposed. */
function registryOf(context: ApplicationContext): MetricsRegistry {
  try {
    return context.resolve(MetricsRegistry);
  } catch {
    return new MetricsRegistry();
  }
}
