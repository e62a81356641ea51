/** Waits for what a metric reads at a scrape, and for no longer than a limit. */
// Not the globals, which a test may have replaced: a scrape goes by the real time.
import { clearTimeout, setTimeout } from 'node:timers';
import { collectTimedOut, invalidCollectTimeout } from '../errors.js';
import { LONGEST_TIMEOUT_MS } from '../longest-timeout.js';

const DEFAULT_MS = 5000;

/** What a registry's metrics may take to be read. */
export class CollectLimit {
  readonly #limitMs: number;
  /** Those that were given up and still go on: called at each scrape, what never ends would pile up. */
  readonly #givenUp = new WeakSet<object>();

  /** @throws TSK_ERR_METRIC_COLLECT_LIMIT */
  constructor(limitMs: number = DEFAULT_MS) {
    if (!Number.isInteger(limitMs) || limitMs < 1 || limitMs > LONGEST_TIMEOUT_MS) throw invalidCollectTimeout(limitMs, LONGEST_TIMEOUT_MS);
    this.#limitMs = limitMs;
  }

  /**
   * What is read, where that is done in time. A metric whose reading was given up is not read again until that reading has ended.
   * @param read may return a promise, which is then waited for
   * @throws TSK_ERR_METRIC_COLLECT_TIMEOUT, and what `read` throws
   */
  async within<T>({ name, metric }: { readonly name: string; readonly metric: object }, read: () => T): Promise<Awaited<T>> {
    if (this.#givenUp.has(metric)) throw collectTimedOut(name, this.#limitMs);
    const result = read();
    const isSync = (typeof result !== 'object' && typeof result !== 'function') || result === null;
    if (isSync) return result as Awaited<T>;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#givenUp.add(metric);
        reject(collectTimedOut(name, this.#limitMs));
      }, this.#limitMs);
      const ended = (): void => {
        clearTimeout(timer);
        this.#givenUp.delete(metric);
      };
      Promise.resolve(result).finally(ended).then(resolve, reject);
    });
  }
}
