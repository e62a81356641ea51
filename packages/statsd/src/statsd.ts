/** StatsD as a part of an application. */
import {
  type ApplicationContext,
  type Configuration,
  type Extension,
  type ExtensionFactory,
  invalidConfigurationValue,
  type PrimaryHost,
} from '@tsukimi/core';
import { exporterExtension, InstrumentationSchema, MetricsSchema } from '@tsukimi/instrumentation';
import { StatsdClient } from './client.js';
import { keyOf, optionsOf, StatsdSchema } from './configuration.js';
import { StatsdExporter } from './exporter.js';
import { checkedOptions, type StatsdSettings } from './options.js';

type Fastify = Parameters<NonNullable<Extension['server']>>[0];

const NAMESPACE = 'statsd';

const exporter = exporterExtension({
  namespace: NAMESPACE,
  schema: StatsdSchema,
  create: ({ registry, application: { configuration, logger } }) =>
    new StatsdExporter(registry, { settings: configuredSettings(configuration), logger }),
});

/**
 * The extension that pushes the metrics of an application to StatsD, with the settings of the namespace `statsd`. It provides a `StatsdClient` for
 * single observations.
 *
 * @example
 * // @Application({ extensions: [statsd] })
 */
export const statsd: ExtensionFactory = () => new StatsdExtension();

/** The exporter's extension, and a client beside it. */
class StatsdExtension implements Extension {
  readonly name = NAMESPACE;
  readonly #exporter = exporter();
  #client: StatsdClient | undefined;

  async primary(host: PrimaryHost): Promise<void> {
    configuredSettings(host.configuration);
    await this.#exporter.primary?.(host);
  }

  async configure(context: ApplicationContext): Promise<void> {
    const { configuration } = context;
    await this.#exporter.configure?.(context);
    configuredSettings(configuration);
    const { enabled, ...settings } = configuration.namespace(NAMESPACE, StatsdSchema);
    const measures =
      configuration.namespace('metrics', MetricsSchema).enabled &&
      configuration.namespace('instrumentation', InstrumentationSchema).enabled;
    this.#client = new StatsdClient({ ...optionsOf({ ...settings, enabled }), enabled: enabled && measures });
    context.provide(StatsdClient, this.#client);
  }

  async server(fastify: Fastify, context: ApplicationContext): Promise<void> {
    await this.#exporter.server?.(fastify, context);
  }

  async started(context: ApplicationContext): Promise<void> {
    await this.#exporter.started?.(context);
  }

  async stopped(context: ApplicationContext): Promise<void> {
    await this.#client?.close();
    await this.#exporter.stopped?.(context);
  }
}

/** @throws TSK_ERR_CONFIGURATION_VALUE */
function configuredSettings(configuration: Configuration): StatsdSettings {
  const options = optionsOf(configuration.namespace(NAMESPACE, StatsdSchema));
  return checkedOptions(options, (option, _, allowed) => {
    const key = `${NAMESPACE}.${keyOf(option)}`;
    const value = configuration.get(key) ?? null;
    return invalidConfigurationValue({ key, value, source: configuration.placeOf(key), allowed, shown: option !== 'tags' });
  });
}
