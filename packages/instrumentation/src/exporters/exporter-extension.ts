/** Makes an exporter a part of an application: configured, started and flushed with it. */
import {
  type ApplicationContext,
  type ApplicationError,
  type Extension,
  type ExtensionFactory,
  invalidConfigurationValue,
  refuseUnknownKeys,
} from '@tsukimi/core';
import { type Exporter, MetricsRegistry, PushLoop } from '@tsukimi/metrics';
import type { Static, TObject } from 'typebox';
import { InstrumentationSchema, MetricsSchema } from '../extension/configuration.js';
import { notInstrumented, requiredUnreachable } from './errors.js';
import { type ExporterSettings, loopOptions } from './exporter-keys.js';

/** What an exporter is created with. */
export interface ExporterContext<S extends TObject> {
  /** The checked values of the namespace. */
  readonly settings: Static<S>;
  /** The metrics of the application. */
  readonly registry: MetricsRegistry;
  readonly application: ApplicationContext;
  /**
   * Returns the error for a value that the schema allows and the exporter does not, to be thrown.
   * @param key a key of the namespace: `prefix`
   * @param allowed the allowed values, without a full stop
   */
  refused(key: string, allowed: string): ApplicationError;
}

/** An exporter for applications. */
export interface ExporterDeclaration<S extends TObject, B> {
  /** The namespace in `application.yml`, such as `redis`. */
  readonly namespace: string;
  /** Made with `exporterSchema`. */
  readonly schema: S;
  /** Creates the exporter, before the components are constructed. It must not wait for the other side. What it throws fails the start. */
  create(context: ExporterContext<S>): Exporter<B> | Promise<Exporter<B>>;
}

/**
 * Returns an extension that runs an exporter with an application. The namespace is validated at start; the exporter starts when the application has
 * started, and sends the last values when everything has stopped, within `flush_timeout_ms`. If its other side can't be reached at start, that is one
 * warning, unless `required` is true.
 *
 * @example
 * export const redis = exporterExtension({ namespace: 'redis', schema: RedisSchema, create: ({ settings, registry }) => redisExporter(registry, settings) });
 * // @Application({ extensions: [redis] })
 */
export function exporterExtension<S extends TObject, B>(declaration: ExporterDeclaration<S, B>): ExtensionFactory {
  return () => new ExporterExtension(declaration);
}

class ExporterExtension<S extends TObject, B> implements Extension {
  readonly name: string;
  readonly #declaration: ExporterDeclaration<S, B>;
  #settings!: ExporterSettings;
  #isEnabled = false;
  #loop: PushLoop<B> | undefined;
  #hasStarted = false;

  constructor(declaration: ExporterDeclaration<S, B>) {
    this.name = declaration.namespace;
    this.#declaration = declaration;
  }

  configure({ configuration }: ApplicationContext): void {
    refuseUnknownKeys(configuration, { name: this.name, schema: this.#declaration.schema });
    this.#settings = configuration.namespace(this.name, this.#declaration.schema) as ExporterSettings;
    const measures =
      configuration.namespace('metrics', MetricsSchema).enabled &&
      configuration.namespace('instrumentation', InstrumentationSchema).enabled;
    this.#isEnabled = this.#settings.enabled && measures;
  }

  async server(_: unknown, context: ApplicationContext): Promise<void> {
    if (!this.#isEnabled) return;
    const registry = this.#registryOf(context);
    const settings = this.#settings as Static<S>;
    const refused = (key: string, allowed: string) => this.#refused(context, key, allowed);
    const exporter = await this.#declaration.create({ settings, registry, application: context, refused });
    this.#loop = new PushLoop(exporter, { ...loopOptions(this.#settings), registry, logger: context.logger });
  }

  async started(): Promise<void> {
    const { required, timeout_ms: timeoutMs } = this.#settings;
    const loop = this.#loop;
    if (loop === undefined) return;
    if (required && !(await loop.flush({ timeoutMs }))) throw requiredUnreachable({ namespace: this.name, error: loop.error, timeoutMs });
    loop.start();
    this.#hasStarted = true;
  }

  async stopped(): Promise<void> {
    // An application that did not start has nothing to send.
    await this.#loop?.stop(this.#hasStarted ? {} : { timeoutMs: 0 });
  }

  #registryOf(context: ApplicationContext): MetricsRegistry {
    try {
      return context.resolve(MetricsRegistry);
    } catch (cause) {
      throw notInstrumented(this.name, cause);
    }
  }

  #refused({ configuration }: ApplicationContext, key: string, allowed: string): ApplicationError {
    const path = `${this.name}.${key}`;
    const value = Reflect.get(this.#settings, key) ?? null;
    return invalidConfigurationValue({ key: path, value, source: configuration.placeOf(path), allowed });
  }
}
