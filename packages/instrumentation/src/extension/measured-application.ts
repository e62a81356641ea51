/** What the parts of the extension share: the application, its configuration, and where its numbers go. */
import type { ApplicationContext } from '@tsukimi/core';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { isClassInstrumented } from '../metadata/instrumented.js';
import { type InstrumentationConfiguration, readConfiguration } from './configuration.js';
import { showsMessages } from './endpoint-options.js';
import { registryFor } from './primary.js';

export class MeasuredApplication {
  readonly context: ApplicationContext;
  readonly configuration: InstrumentationConfiguration;
  readonly registry: MetricsRegistry;
  /** False if the configuration disables measuring. Then no methods are wrapped and no hooks are added. */
  readonly isMeasured: boolean;
  /** Whether the whole application is measured, or only single components and methods. */
  readonly isWhole: boolean;
  readonly #told = new Set<string>();

  constructor(context: ApplicationContext) {
    const configuration = readConfiguration(context);
    const { metrics, instrumentation } = configuration;
    this.context = context;
    this.configuration = configuration;
    this.isMeasured = metrics.enabled && instrumentation.enabled;
    this.isWhole = this.isMeasured && isClassInstrumented(context.applicationClass) === true;
    this.registry = registryFor(configuration, context.logger);
  }

  /** Whether messages of errors, which may contain secrets, are for those who can read the metrics. */
  get showsMessages(): boolean {
    return showsMessages(this.configuration);
  }

  /** Logs a warning, once. */
  warnOnce(warning: string): void {
    if (this.#told.has(warning)) return;
    this.#told.add(warning);
    this.context.logger.warn(warning);
  }
}
