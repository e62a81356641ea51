/** Logs each change of an exporter's state once, without credentials. */
import type { MetricError } from '../errors.js';
import type { MetricsRegistry } from '../registry.js';
import { describe } from '../wording.js';
import { batchDropped, exporterDown, rootOf, stoppedUnsent } from './errors.js';
import type { Exporter, ExporterLogger } from './exporter.js';
import { safeCause, spellingsOf, withoutSecrets } from './secrets.js';

interface ReportTo {
  readonly registry: MetricsRegistry;
  /** Without one, failures are reported like those of metrics, by the registry's `onError`. */
  readonly logger: ExporterLogger | undefined;
}

/** Tells of the state of one exporter. Never throws. */
export class ExporterReport {
  readonly #name: string;
  readonly #target: string;
  readonly #secrets: readonly string[];
  readonly #to: ReportTo;

  constructor({ name, target, secrets = [] }: Pick<Exporter, 'name' | 'target' | 'secrets'>, to: ReportTo) {
    this.#secrets = spellingsOf(secrets);
    this.#name = name;
    this.#target = withoutSecrets(target, this.#secrets);
    this.#to = to;
  }

  /** @param cause why the push failed */
  down(cause: unknown): void {
    this.#warn(this.errorOf(cause));
  }

  up({ downMs, failures }: { readonly downMs: number; readonly failures: number }): void {
    const pushes = `${failures} failed push${failures === 1 ? '' : 'es'}`;
    const message = `The exporter ${this.#name} reaches ${this.#target} again, after ${Math.max(1, Math.round(downMs / 1000))} s and ${pushes}.`;
    try {
      this.#to.logger?.info({ exporter: this.#name }, message);
    } catch {
      // A logger that fails must not stop the exporter.
    }
  }

  dropped(cause: unknown): void {
    this.#warn(batchDropped({ name: this.#name, target: this.#target, why: this.#shown(cause) }, this.#quiet(cause)));
  }

  unsent(limitMs: number): void {
    this.#warn(stoppedUnsent({ name: this.#name, target: this.#target, limitMs }));
  }

  /** Returns the error of an other side that can't be reached, without credentials. */
  errorOf(cause: unknown): MetricError {
    return exporterDown({ name: this.#name, target: this.#target, why: this.#shown(cause) }, this.#quiet(cause));
  }

  #shown(cause: unknown): string {
    return describe(rootOf(cause), (text) => withoutSecrets(text, this.#secrets));
  }

  #quiet(cause: unknown): Error {
    return safeCause(cause, this.#secrets);
  }

  #warn(error: MetricError): void {
    const { registry, logger } = this.#to;
    try {
      if (logger === undefined) registry.report(error);
      else logger.warn({ exporter: this.#name, code: error.code }, error.message);
    } catch {
      // A logger that fails must not stop the exporter.
    }
  }
}
