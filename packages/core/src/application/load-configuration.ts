/** Reads the configuration of an application before anything is constructed. */

import type { FastifyBaseLogger } from 'fastify';
import type { Class } from '../components/definition.js';
import type { ConfigurationValue } from '../configuration/configuration.js';
import { readHealthConfiguration } from '../configuration/health-configuration.js';
import { LayeredConfiguration } from '../configuration/layered-configuration.js';
import {
  type AppConfiguration,
  AppSchema,
  type HealthConfiguration,
  type LoggingConfiguration,
  LoggingSchema,
  type SchedulerConfiguration,
  SchedulerSchema,
} from '../configuration/schema.js';
import { type CheckedServerConfiguration, readServerConfiguration } from '../configuration/server-configuration.js';
import { type ConfigurationOptions, type Layer, readSources } from '../configuration/sources.js';
import { applicationDeclarationOf } from './application-class.js';

/** The configuration, and the namespaces that core reads from it. */
export interface LoadedConfiguration {
  readonly configuration: LayeredConfiguration;
  readonly app: AppConfiguration & { readonly name: string };
  readonly server: CheckedServerConfiguration;
  readonly scheduler: SchedulerConfiguration;
  readonly logging: LoggingConfiguration;
  readonly health: HealthConfiguration;
  /** Warnings, kept until there is a logger. */
  readonly warnings: Warnings;
}

/** @throws TSK_ERR_CONFIGURATION_… and TSK_ERR_APPLICATION_UNDECORATED */
export async function loadConfiguration(applicationClass: Class, options: ConfigurationOptions): Promise<LoadedConfiguration> {
  const name = applicationDeclarationOf(applicationClass).name ?? applicationClass.name;
  const sources = await readSources(options);
  const warnings = new Warnings();
  const configuration = new LayeredConfiguration({ ...sources, layers: [nameLayer(name), ...sources.layers] }, (message) =>
    warnings.add(message),
  );
  const app = configuration.namespace('app', AppSchema);
  return {
    configuration,
    app: { ...app, name: app.name ?? name },
    server: readServerConfiguration(configuration),
    scheduler: configuration.namespace('scheduler', SchedulerSchema),
    logging: configuration.namespace('logging', LoggingSchema),
    health: readHealthConfiguration(configuration),
    warnings,
  };
}

// The lowest layer, so that `app.name` always has a value.
function nameLayer(name: string): Layer {
  const app: Record<string, ConfigurationValue> = { name };
  return { name: '@Application', values: { app } };
}

/** Keeps warnings until there is a logger, and then logs them directly. */
export class Warnings {
  readonly #early: string[] = [];
  #logger: FastifyBaseLogger | undefined;

  add(message: string): void {
    if (this.#logger === undefined) this.#early.push(message);
    else this.#logger.warn(message);
  }

  /** Logs the kept warnings, and all further warnings, with this logger. */
  sendTo(logger: FastifyBaseLogger): void {
    this.#logger = logger;
    for (const message of this.#early.splice(0)) logger.warn(message);
  }
}
