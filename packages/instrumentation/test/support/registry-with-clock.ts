/** A registry whose time is the test's. */
import { MetricsRegistry } from '@tsukimi/metrics';

export interface RegistryWithClock {
  readonly registry: MetricsRegistry;
  /** Lets time pass, in milliseconds; to the nanosecond. */
  pass(ms: number): void;
  /** The lines of these metrics, without comments and buckets. */
  lines(...names: readonly string[]): Promise<string[]>;
}

/** The clock stands still until it is moved. */
export function withClock(): RegistryWithClock {
  let now = 0n;
  const registry = new MetricsRegistry({ clock: () => now });
  return {
    registry,
    pass: (ms) => {
      now += BigInt(Math.round(ms * 1e6));
    },
    lines: async (...names) => {
      const text = await registry.expose({ names });
      return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket'));
    },
  };
}
