/** A registry whose clock and error log belong to the test. */
import { INVALID_VALUES, type MetricError, MetricsRegistry, type RegistryOptions, SERIES_DROPPED } from '@tsukimi/metrics';

export interface TestRegistry {
  readonly registry: MetricsRegistry;
  /** What the registry reported, in order. */
  readonly errors: readonly MetricError[];
  readonly codes: () => readonly string[];
  /** Moves the registry's clock. */
  readonly advance: (nanoseconds: bigint) => void;
}

export function openRegistry(options: RegistryOptions = {}): TestRegistry {
  const errors: MetricError[] = [];
  let now = 1_000_000_000_000n;
  const registry = new MetricsRegistry({ clock: () => now, onError: (error) => errors.push(error), ...options });
  return {
    registry,
    errors,
    codes: () => errors.map((error) => error.code),
    advance: (nanoseconds) => {
      now += nanoseconds;
    },
  };
}

/** The sample lines of one metric, as they are exposed. */
export async function linesOf(registry: MetricsRegistry, name: string): Promise<string[]> {
  const text = await registry.expose({ names: [name] });
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The self metric that counts refused recordings. */
export const invalidLines = (registry: MetricsRegistry): Promise<string[]> => linesOf(registry, INVALID_VALUES.name);

/** The self metric that counts recordings past a series budget. */
export const droppedLines = (registry: MetricsRegistry): Promise<string[]> => linesOf(registry, SERIES_DROPPED.name);

/** A value the compiler would refuse, as a program in JavaScript can pass it. */
export function untyped<T>(value: unknown): T {
  return value as T;
}

/** The error that a call throws. */
export function thrownBy(call: () => unknown): Error & { readonly code?: string } {
  try {
    call();
  } catch (error) {
    return error as Error & { readonly code?: string };
  }
  throw new Error('The call was expected to throw.');
}
