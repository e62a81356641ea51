/** Limits the time that reading a metric may take during a scrape. */
// Not the globals, which a test may have replaced: the limit applies to real time.
import { clearTimeout, setTimeout } from 'node:timers';
import { collectTimedOut, invalidCollectTimeout } from '../errors.js';
import { LONGEST_TIMEOUT_MS } from '../longest-timeout.js';

const DEFAULT_MS = 5000;

/** The time limit for reading the metrics of a registry. */
export class CollectLimit {
  readonly #limitMs: number;
  /** Metrics whose last reading timed out and is still running. They are not read again, so that readings which never end do not accumulate. */
  readonly #givenUp = new WeakSet<object>();
  /** The deadline of readings that begin now. Those of one scrape begin together, so they have one timer. */
  #deadline: Deadline | undefined;

  /** @throws TSK_ERR_METRIC_COLLECT_LIMIT */
  constructor(limitMs: number = DEFAULT_MS) {
    if (!Number.isInteger(limitMs) || limitMs < 1 || limitMs > LONGEST_TIMEOUT_MS) throw invalidCollectTimeout(limitMs, LONGEST_TIMEOUT_MS);
    this.#limitMs = limitMs;
  }

  /**
   * Returns the result of `read`. A metric whose reading timed out is not read again until that reading has ended.
   * @param read may return a promise, which is awaited
   * @throws TSK_ERR_METRIC_COLLECT_TIMEOUT, and errors of `read`
   */
  async within<T>({ name, metric }: { readonly name: string; readonly metric: object }, read: () => T): Promise<Awaited<T>> {
    if (this.#givenUp.has(metric)) throw collectTimedOut(name, this.#limitMs);
    const result = read();
    const isSync = (typeof result !== 'object' && typeof result !== 'function') || result === null;
    if (isSync) return result as Awaited<T>;
    return await new Promise((resolve, reject) => {
      const late = (): void => {
        this.#givenUp.add(metric);
        reject(collectTimedOut(name, this.#limitMs));
      };
      const deadline = this.#deadlineOfNow();
      deadline.add(late);
      const ended = (): void => {
        deadline.remove(late);
        this.#givenUp.delete(metric);
      };
      Promise.resolve(result).finally(ended).then(resolve, reject);
    });
  }

  #deadlineOfNow(): Deadline {
    if (this.#deadline !== undefined) return this.#deadline;
    const deadline = new Deadline(this.#limitMs);
    this.#deadline = deadline;
    // No reading has ended before, because promises are settled later.
    queueMicrotask(() => {
      this.#deadline = undefined;
    });
    return deadline;
  }
}

/** A timer for readings that began together, which ends with the last of them. */
class Deadline {
  readonly #waiting = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;

  constructor(limitMs: number) {
    this.#timer = setTimeout(() => {
      for (const late of this.#waiting) late();
    }, limitMs);
  }

  add(late: () => void): void {
    this.#waiting.add(late);
  }

  remove(late: () => void): void {
    this.#waiting.delete(late);
    if (this.#waiting.size === 0) clearTimeout(this.#timer);
  }
}
