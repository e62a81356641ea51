/** Makes an exporter a part of an application: configured, started and flushed with it. */
import {
  type ApplicationContext,
  type ApplicationError,
  type Extension,
  type ExtensionFactory,
  invalidConfigurationValue,
  type PrimaryHost,
  refuseUnknownKeys,
} from '@tsukimi/core';
import { type Exporter, MetricsRegistry, PushLoop } from '@tsukimi/metrics';
import type { Static, TObject } from 'typebox';
import { InstrumentationSchema, MetricsSchema } from '../extension/configuration.js';
import { primaryMetricsOf } from '../extension/primary.js';
import { notInstrumented, requiredUnreachable } from './errors.js';
import { addCheck, addCheckOfPrimary, answerChecks } from './exporter-health.js';
import { type ExporterSettings, loopOptions } from './exporter-keys.js';

/** What an exporter is created with. */
export interface ExporterContext<S extends TObject> {
  /** The checked values of the namespace. */
  readonly settings: Static<S>;
  /** The metrics of the application: with several workers, the totals of all. */
  readonly registry: MetricsRegistry;
  /** The application; in the primary of several workers, what that knows of it. */
  readonly application: Pick<ApplicationContext, 'applicationClass' | 'configuration' | 'logger'>;
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
 * warning, unless `required` is true. With several workers (`server.workers`), it runs once, in the primary process, with the totals of all.
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
  #settings!: Static<S>;
  #keys!: ExporterSettings;
  #isEnabled = false;
  #loop: PushLoop<B> | undefined;
  #hasStarted = false;

  constructor(declaration: ExporterDeclaration<S, B>) {
    this.name = declaration.namespace;
    this.#declaration = declaration;
  }

  configure({ configuration }: Pick<ApplicationContext, 'configuration'>): void {
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
    const { health, worker } = context;
    const { health: kind } = this.#keys;
    // With several workers, the primary has the totals.
    if (worker !== undefined) return await addCheckOfPrimary(health, kind, { worker, namespace: this.#path });
    const exporter = await this.#create(context, registry);
    const loop = new PushLoop(exporter, { ...loopOptions(this.#keys), registry, logger: context.logger });
    this.#loop = loop;
    addCheck(health, kind, { name: exporter.name, loop });
  }

  /** In the primary of several workers. */
  async primary(host: PrimaryHost): Promise<void> {
    this.configure(host);
    const totals = this.#isEnabled ? primaryMetricsOf(host)?.totals : undefined;
    if (totals === undefined) return;
    const { registry } = totals;
    const exporter = await this.#create(host, registry);
    const upToDate: Exporter<B> = {
      name: exporter.name,
      target: exporter.target,
      secrets: exporter.secrets,
      read: async () => {
        await totals.refresh();
        return await exporter.read();
      },
      send: (batch, attempt) => exporter.send(batch, attempt),
      close: () => exporter.close?.(),
    };
    const loop = new PushLoop(upToDate, { ...loopOptions(this.#keys), registry, logger: host.logger });
    this.#loop = loop;
    answerChecks(host, this.#path, { name: exporter.name, loop });
    host.onStop(() => this.stopped());
    await this.started();
  }

  async #create(application: ExporterContext<S>['application'], registry: MetricsRegistry): Promise<Exporter<B>> {
    const settings = this.#settings;
    const refused = (key: string, allowed: string) => this.#refused(application, key, allowed);
    return await this.#declaration.create({ settings, registry, application, refused });
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

  #refused({ configuration }: Pick<ApplicationContext, 'configuration'>, key: string, allowed: string): ApplicationError {
    const path = `${this.name}.${key}`;
    const value = configuration.get(path) ?? Reflect.get(this.#settings as object, key) ?? null;
    return invalidConfigurationValue({ key: path, value, source: configuration.placeOf(path), allowed });
  }
}
