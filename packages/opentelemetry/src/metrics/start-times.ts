/** Since when values count that don't say it: those of prom-client's metrics. */
import type { MetricFamily, MetricPoint } from '@tsukimi/metrics';

/** A process's values can't be older than the process. */
const PROCESS_START_SECONDS = performance.timeOrigin / 1000;

interface Seen {
  readonly startSeconds: number;
  readonly value: number;
}

/**
 * The start of each point in a read. A value that has fallen started again after the read before.
 * @see https://opentelemetry.io/docs/specs/otel/metrics/data-model/#resets-and-gaps
 */
export class StartTimes {
  #before = new Map<string, Seen>();
  #now = new Map<string, Seen>();
  #readSeconds = PROCESS_START_SECONDS;

  /** Begins the next read. What is not asked for in a read is forgotten. */
  next(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** Ends a read. */
  ended(timeSeconds: number): void {
    this.#readSeconds = timeSeconds;
  }

  startOf(family: MetricFamily, point: MetricPoint): number {
    if ('createdSeconds' in point && point.createdSeconds !== undefined) return point.createdSeconds;
    const value = 'count' in point ? point.count : 'value' in point ? Number(point.value) : 0;
    const key = JSON.stringify([family.name, Object.entries(point.labels).sort()]);
    const before = this.#before.get(key);
    // A series that the read before did not have began after it.
    const startSeconds = before === undefined || value < before.value ? this.#readSeconds : before.startSeconds;
    this.#now.set(key, { startSeconds, value });
    return startSeconds;
  }
}
