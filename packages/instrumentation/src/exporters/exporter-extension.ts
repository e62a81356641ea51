/** Makes an exporter a part of an application: configured, started and flushed with it. */
import {
  type ApplicationContext,
  type ApplicationError,
  type Extension,
  type ExtensionFactory,
  type HealthCheckOutcome,
  invalidConfigurationValue,
  refuseUnknownKeys,
} from '@tsukimi/core';
import { type Exporter, type MetricError, MetricsRegistry, PushLoop } from '@tsukimi/metrics';
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

/** The keys that every exporter has, where they are not in the namespace itself. */
export interface ExporterKeys<S extends TObject> {
  /** What they are under, for errors: `opentelemetry.metrics`. */
  readonly path: string;
  /** Returns their values. What it throws fails the start. */
  of(settings: Static<S>): ExporterSettings;
}

/** An exporter for applications. */
export interface ExporterDeclaration<S extends TObject, B> {
  /** The namespace in `application.yml`, such as `redis`. */
  readonly namespace: string;
  /** Made with `exporterSchema`, unless there are `keys`. */
  readonly schema: S;
  /** @default those of the namespace */
  readonly keys?: ExporterKeys<S>;
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

/** What the last push says. Nothing is asked of the other side. */
function outcomeOf({ error }: { readonly error: MetricError | undefined }): HealthCheckOutcome {
  return error === undefined ? { status: 'up' } : { status: 'down', message: error.message };
}

class ExporterExtension<S extends TObject, B> implements Extension {
  readonly name: string;
  readonly #declaration: ExporterDeclaration<S, B>;
  #settings!: Static<S>;
  #keys!: ExporterSettings;
  #isEnabled = false;
  #loop: PushLoop<B> | undefined;
  #hasStarted = false;

  constructor(declaration: ExporterDeclaration<S, B>) {
    this.name = declaration.namespace;
    this.#declaration = declaration;
  }

  configure({ configuration }: ApplicationContext): void {
    refuseUnknownKeys(configuration, { name: this.name, schema: this.#declaration.schema });
    const { schema, keys } = this.#declaration;
    this.#settings = configuration.namespace(this.name, schema);
    this.#keys = keys === undefined ? (this.#settings as ExporterSettings) : keys.of(this.#settings);
    const measures =
      configuration.namespace('metrics', MetricsSchema).enabled &&
      configuration.namespace('instrumentation', InstrumentationSchema).enabled;
    this.#isEnabled = this.#keys.enabled && measures;
  }

  async server(_: unknown, context: ApplicationContext): Promise<void> {
    if (!this.#isEnabled) return;
    const registry = this.#registryOf(context);
    const settings = this.#settings;
    const refused = (key: string, allowed: string) => this.#refused(context, key, allowed);
    const exporter = await this.#declaration.create({ settings, registry, application: context, refused });
    const loop = new PushLoop(exporter, { ...loopOptions(this.#keys), registry, logger: context.logger });
    this.#loop = loop;
    const { health: kind } = this.#keys;
    if (kind !== 'off') context.health.add({ name: `exporter-${exporter.name}`, kind, check: () => outcomeOf(loop) });
  }

  async started(): Promise<void> {
    const { required, timeout_ms: timeoutMs } = this.#keys;
    const loop = this.#loop;
    if (loop === undefined) return;
    if (required && !(await loop.flush({ timeoutMs }))) throw requiredUnreachable({ namespace: this.#path, error: loop.error, timeoutMs });
    loop.start();
    this.#hasStarted = true;
  }

  async stopped(): Promise<void> {
    // An application that did not start has nothing to send.
    await this.#loop?.stop(this.#hasStarted ? {} : { timeoutMs: 0 });
  }

  get #path(): string {
    return this.#declaration.keys?.path ?? this.name;
  }

  #registryOf(context: ApplicationContext): MetricsRegistry {
    try {
      return context.resolve(MetricsRegistry);
    } catch (cause) {
      throw notInstrumented(this.#path, cause);
    }
  }

  #refused({ configuration }: ApplicationContext, key: string, allowed: string): ApplicationError {
    const path = `${this.name}.${key}`;
    const value = configuration.get(path) ?? Reflect.get(this.#settings as object, key) ?? null;
    return invalidConfigurationValue({ key: path, value, source: configuration.placeOf(path), allowed });
  }
}
