/** The gauges of a registry's pools, which are read at each scrape. */
import type { Gauge, MetricsRegistry } from '@tsukimi/metrics';
import { POSTGRES_CATALOGUE } from './catalogue.js';
import { nameTaken } from './errors.js';

/** What the gauges read of a pool. */
export interface CountedPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly ended: boolean;
  readonly options: { readonly max: number };
}

const registries = new WeakMap<MetricsRegistry, PoolGauges>();

/** Returns the gauges of a registry's pools. */
export function poolGaugesOf(registry: MetricsRegistry): PoolGauges {
  let gauges = registries.get(registry);
  if (gauges === undefined) {
    gauges = new PoolGauges(registry);
    registries.set(registry, gauges);
  }
  return gauges;
}

/** Knows a registry's pools by their names. It does not keep a pool alive. */
export class PoolGauges {
  readonly #pools = new Map<string, WeakRef<CountedPool>>();
  readonly #registry: MetricsRegistry;

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
  }

  /** @throws TSK_ERR_POSTGRES_NAME_TAKEN */
  checkFree(name: string): void {
    const before = this.#pools.get(name)?.deref();
    if (before !== undefined && !before.ended) throw nameTaken(name);
  }

  add(name: string, pool: CountedPool): void {
    this.#pools.set(name, new WeakRef(pool));
  }

  /**
   * Creates the gauges, also again after the registry was cleared. Each reads what it shows itself.
   * @throws TSK_ERR_METRIC_SHAPE, TSK_ERR_METRIC_NAME_TAKEN
   */
  make(): void {
    const gauges = this;
    this.#registry.gauge({
      ...POSTGRES_CATALOGUE.connections,
      collect(this: Gauge<'pool' | 'state'>) {
        gauges.#read(this, (pool, { totalCount, idleCount }) => {
          this.set({ pool, state: 'used' }, totalCount - idleCount);
          this.set({ pool, state: 'idle' }, idleCount);
        });
      },
    });
    this.#registry.gauge({
      ...POSTGRES_CATALOGUE.waiting,
      collect(this: Gauge<'pool'>) {
        gauges.#read(this, (pool, { waitingCount }) => this.set({ pool }, waitingCount));
      },
    });
    this.#registry.gauge({
      ...POSTGRES_CATALOGUE.limit,
      collect(this: Gauge<'pool'>) {
        gauges.#read(this, (pool, { options }) => this.set({ pool }, options.max));
      },
    });
  }

  /** Sets a gauge for each pool that is in use. Pools that have ended, or that nobody has any more, disappear from it. */
  #read<L extends string>(gauge: Gauge<L>, set: (name: string, pool: CountedPool) => void): void {
    for (const [name, reference] of this.#pools) {
      const pool = reference.deref();
      if (pool === undefined || pool.ended) this.#pools.delete(name);
    }
    gauge.reset();
    for (const [name, reference] of this.#pools) {
      const pool = reference.deref();
      if (pool !== undefined) set(name, pool);
    }
  }
}
