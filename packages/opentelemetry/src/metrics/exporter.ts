/** Pushes every metric of a registry by OTLP. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Exporter,
  type ExporterLogger,
  type MetricsRegistry,
  type PushAttempt,
  type PushLoop,
  type PushLoopOptions,
  startExporter,
} from '@tsukimi/metrics';
import { post } from '../delivery/sender.js';
import { ownVersion } from '../own-version.js';
import { type ResourceSources, resourceAttributes } from '../resource.js';
import { type ExportTarget, exportTarget } from '../target.js';
import { RequestBodies } from './encode/request-bodies.js';
import { instanceId } from './instance-id.js';
import { exportIntervalMs, type MetricsForm, metricsForm, type OtlpMetricsOptions } from './options.js';
import { MetricsReading } from './reading.js';
import { RejectedPoints } from './rejected-points.js';

/** Options of `otlpMetricsExporter`. */
export interface OtlpMetricsExporterOptions extends OtlpMetricsOptions {
  /**
   * Where it is logged that the receiver does not take some of the points.
   * @default a process warning
   */
  readonly logger?: ExporterLogger | undefined;
}

/** Options of `exportToOtlp`: where to send, and how often. */
export type ExportToOtlpOptions = OtlpMetricsOptions & Omit<PushLoopOptions, 'registry'>;

/** What is sent at once: the bodies of one request or more. */
export type OtlpBatch = readonly Uint8Array[];

/**
 * Sends the metrics of a registry to an OpenTelemetry Collector, or anything else that takes OTLP over HTTP, at each interval. Call `stop()` of the
 * returned loop when the process ends.
 *
 * What the options leave out is taken from the standard `OTEL_*` variables.
 *
 * @throws TSK_ERR_OPENTELEMETRY_OPTION, TSK_ERR_OPENTELEMETRY_PROTOCOL, TSK_ERR_PUSH_OPTION
 * @see https://opentelemetry.io/docs/specs/otlp/
 * @example
 * const loop = exportToOtlp(registry, { endpoint: 'http://collector:4318', service: 'shop' });
 */
export function exportToOtlp(registry: MetricsRegistry, options: ExportToOtlpOptions = {}): PushLoop<OtlpBatch> {
  const target = targetOf(options);
  const exporter = new OtlpMetricsExporter(registry, { ...settingsOf(options), target, logger: options.logger });
  const intervalMs = exportIntervalMs(options.intervalMs);
  return startExporter(exporter, { ...options, intervalMs, timeoutMs: target.timeoutMs, registry });
}

/**
 * Returns an exporter for a push loop of your own. `exportToOtlp` starts one.
 * @throws TSK_ERR_OPENTELEMETRY_OPTION, TSK_ERR_OPENTELEMETRY_PROTOCOL
 */
export function otlpMetricsExporter(registry: MetricsRegistry, options: OtlpMetricsExporterOptions = {}): Exporter<OtlpBatch> {
  return new OtlpMetricsExporter(registry, { ...settingsOf(options), target: targetOf(options), logger: options.logger });
}

/** Where the metrics of options are sent to. */
export function targetOf({ metricsEndpoint, ...options }: OtlpMetricsOptions): ExportTarget {
  return exportTarget('metrics', { ...options, signalEndpoint: metricsEndpoint });
}

/** Who sends, and in which form. @param sources the names of the application, if there is one */
export function settingsOf(options: OtlpMetricsOptions, sources: ResourceSources = {}): Pick<OtlpMetricsSettings, 'resource' | 'form'> {
  // Without an id, the counters of several instances would be one series that jumps.
  const resource = { 'service.instance.id': instanceId, ...resourceAttributes(options, sources) };
  return { resource, form: metricsForm(options) };
}

/** Options that were checked. */
export interface OtlpMetricsSettings {
  readonly target: ExportTarget;
  readonly resource: Readonly<Record<string, string>>;
  readonly form: MetricsForm;
  readonly logger: ExporterLogger | undefined;
}

export class OtlpMetricsExporter implements Exporter<OtlpBatch> {
  readonly name = 'opentelemetry';
  readonly target: string;
  readonly secrets: readonly string[];
  readonly #receiver: ExportTarget;
  readonly #reading: MetricsReading;
  readonly #bodies: RequestBodies;
  readonly #rejected: RejectedPoints;
  /** How much of the current batch was taken: it is not sent again. */
  #progress = { sequence: 0, sent: 0 };

  constructor(registry: MetricsRegistry, { target, resource, form, logger }: OtlpMetricsSettings) {
    this.target = target.shown;
    this.secrets = target.secrets;
    this.#receiver = target;
    this.#reading = new MetricsReading(registry, form);
    this.#bodies = new RequestBodies({ resource, version: ownVersion });
    this.#rejected = new RejectedPoints({ registry, logger, target });
  }

  async read(): Promise<OtlpBatch> {
    const messages = await this.#reading.read();
    // Putting them together, and sending them, begins in a turn of its own.
    await nextTurn();
    return this.#bodies.of(messages);
  }

  async send(bodies: OtlpBatch, { signal, sequence }: Pick<PushAttempt, 'signal' | 'sequence'>): Promise<void> {
    if (this.#progress.sequence !== sequence) this.#progress = { sequence, sent: 0 };
    const progress = this.#progress;
    while (progress.sent < bodies.length) {
      signal.throwIfAborted();
      const result = await post(this.#receiver, bodies[progress.sent] as Uint8Array, signal);
      progress.sent += 1;
      this.#rejected.add(result);
    }
  }

  close(): void {
    this.#reading.close();
  }
}
