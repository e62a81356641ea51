/** The totals of the fleet, read from Redis. */
import type { MetricsScope } from '@tsukimi/instrumentation';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { type RedisTarget, shownReason } from '../connection/target.js';
import { metricLeftOut, type RedisError, readFailed } from '../errors.js';
import { readFleetRegistry } from './fleet-registry.js';
import { type FleetView, readFleetView } from './fleet-view.js';
import { TotalsReader } from './totals-reader.js';

export interface FleetOptions extends RedisTarget {
  readonly prefix: string;
  /** The limit of each command, in milliseconds. */
  readonly timeoutMs: number;
  /** Where metrics that are left out are reported, once each. */
  readonly warn: (error: RedisError) => void;
}

/** Reads the totals of all processes. Readers that ask at the same time share one reading. */
export class Fleet implements MetricsScope {
  readonly name = 'fleet';
  readonly #options: FleetOptions;
  readonly #totals: TotalsReader;
  readonly #leftOut = new Set<string>();
  #reading: { view?: Promise<FleetView> | undefined; registry?: Promise<MetricsRegistry> | undefined } = {};

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#totals = new TotalsReader(options);
  }

  /**
   * Returns what was called, how often, when last, and how long it took.
   * @throws TSK_ERR_REDIS_READ
   */
  view(): Promise<FleetView> {
    this.#reading.view ??= this.#read(readFleetView).finally(() => {
      this.#reading.view = undefined;
    });
    return this.#reading.view;
  }

  /**
   * Returns a new registry with all metrics of the fleet. Gauges, infos and state sets have the label `fleet_process`.
   * @throws TSK_ERR_REDIS_READ
   */
  registry(): Promise<MetricsRegistry> {
    this.#reading.registry ??= this.#read((totals) => readFleetRegistry(totals, (...metric) => this.#leaveOut(...metric))).finally(() => {
      this.#reading.registry = undefined;
    });
    return this.#reading.registry;
  }

  #leaveOut(metric: string, why: string): void {
    if (this.#leftOut.has(metric)) return;
    this.#leftOut.add(metric);
    this.#options.warn(metricLeftOut(metric, why));
  }

  async #read<T>(read: (totals: TotalsReader) => Promise<T>): Promise<T> {
    try {
      return await read(this.#totals);
    } catch (error) {
      throw readFailed(this.#options.shown, shownReason(error, this.#options.secrets));
    }
  }
}
