/** Measures the components of an application, and checks what is said of them. */
import type { Class, ComponentDefinition } from '@tsukimi/core';
import { CATALOGUE } from '../catalogue.js';
import { requestLabelsMisplaced } from '../errors.js';
import { checkHistogramsExist, warningsOfManyBuckets } from '../histograms.js';
import { instrumenterOf } from '../instrument/instrument.js';
import { checkDecoratedProperties } from '../metadata/decorated-properties.js';
import { requestLabelsOf, unhandledOfClass } from '../metadata/instrumented.js';
import { makeMethodMetrics } from '../observers/method-metrics.js';
import { makeSlos } from '../observers/slo.js';
import { selectComponent } from './component-selection.js';
import type { MeasuredApplication } from './measured-application.js';

export class MeasuredComponents {
  readonly #application: MeasuredApplication;

  constructor(application: MeasuredApplication) {
    this.#application = application;
  }

  /** A component is known, and has no instance yet. */
  declare(definition: ComponentDefinition): void {
    const { configuration, isMeasured, isWhole } = this.#application;
    this.#refuseRequestLabels(definition);
    if (definition.scope !== 'singleton') configuration.excluded.expect(definition.name);
    if (isMeasured && definition.type !== undefined) this.#makeOwnMetrics(definition.type.prototype as object, definition.name);
    if (isWhole) this.#recordDependencies(definition);
  }

  /** Measures an instance, if it is to be measured. */
  measure(instance: object, definition: ComponentDefinition): void {
    const { context, configuration, registry, isMeasured, isWhole } = this.#application;
    if (!isMeasured) return;
    const measured = selectComponent(definition, {
      wholeApplication: isWhole,
      unhandled: unhandledOfClass(context.applicationClass),
      seesThrown: configuration.instrumentation.thrown_error_classes,
      excluded: configuration.excluded,
      isProvider: (provider, method) => this.#isProvider(provider, method),
    });
    if (measured === undefined) return;
    checkDecoratedProperties(instance, Object.getPrototypeOf(instance) ?? instance);
    const { component } = measured;
    // The component of a provider may be a function, which is called itself.
    if (typeof instance === 'function') {
      this.#application.warnOnce(
        `${component} is a function, so its calls are not measured. Provide an object with a method instead, or exclude it with @Instrumented({ enabled: false }).`,
      );
      return;
    }
    const instrumenter = instrumenterOf(registry);
    instrumenter.warn = ({ code, message }) => context.logger.warn({ code }, message);
    const { isMeasured: isTaken, warnings } = instrumenter.instrument(instance, measured);
    const advice = ' Freeze or wrap it after its construction, or exclude it with @Instrumented({ enabled: false }).';
    for (const warning of warnings) this.#application.warnOnce(isTaken ? warning : `${warning}${advice}`);
  }

  /** Checks the settings of histograms. By then, every component that makes one has been constructed. */
  checkHistograms(): void {
    const { configuration, registry, isMeasured } = this.#application;
    if (!isMeasured) return;
    const { histograms, histogramsOrigin } = configuration;
    checkHistogramsExist(registry, histograms, histogramsOrigin);
    for (const warning of warningsOfManyBuckets(histograms, histogramsOrigin)) this.#application.warnOnce(warning);
  }

  #recordDependencies({ name, dependencies }: ComponentDefinition): void {
    const { context, registry } = this.#application;
    const dependsOn = registry.gauge(CATALOGUE.componentDependency);
    for (const { token } of dependencies) {
      const known = context.components.find((other) => other.token === token);
      if (known !== undefined) dependsOn.set({ component: name, depends_on: known.name }, 1);
    }
  }

  /** Creates the metrics of single classes and methods before their first instance. */
  #makeOwnMetrics(prototype: object, component: string): void {
    const { registry } = this.#application;
    makeMethodMetrics(registry, prototype);
    makeSlos(registry, { prototype, component });
  }

  /** Labels of requests apply to all requests of the application: on a component, they would be ignored. */
  #refuseRequestLabels({ type, name }: ComponentDefinition): void {
    const labels = type && requestLabelsOf(type);
    if (labels !== undefined && labels !== requestLabelsOf(this.#application.context.applicationClass)) throw requestLabelsMisplaced(name);
  }

  #isProvider(configuration: Class | undefined, method: string): boolean {
    const { components } = this.#application.context;
    return components.some(({ provider }) => provider?.configuration === configuration && provider?.method === method);
  }
}
