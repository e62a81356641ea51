/** The side of a worker thread: sends to the main thread what has changed in the metrics. */
// Not the globals, because with a test's fake timers, an interval of ours would keep `runAllTimers()` running forever.
import { clearInterval, setInterval } from 'node:timers';
import { BroadcastChannel, isMainThread, receiveMessageOnPort, threadId } from 'node:worker_threads';
import { ChangesReader, MetricsRegistry, type RegistryChanges, unfaked } from '@tsukimi/metrics';
import { beforeIdleWaits } from './idle-waits.js';
import { isConfirmation, THREADS, type ThreadMessage } from './thread-messages.js';

const INTERVAL_MS = 1000;

/** How many messages wait to be confirmed. While there are so many, changes stay in the registry. */
const MOST_UNCONFIRMED = 5;

export interface RegisterThreadOptions {
  /**
   * The metrics of the thread.
   * @default a new registry
   */
  readonly registry?: MetricsRegistry | undefined;
}

/** Undefined until the thread is registered. */
let registered: ThreadReports | undefined;

/**
 * Adds the metrics of this worker thread to those of the application or plugin in the main thread: counters, histograms and summaries add up and stay
 * when the thread ends, gauges are merged by their `aggregator`. Call it inside the thread; the result is the registry to record in. In the main thread,
 * it only returns a registry.
 *
 * Changes are sent each second over a `BroadcastChannel`, also from threads that wait for work with `Atomics.wait`, as those of piscina do, and when
 * the thread ends. What a thread has recorded in the last second is lost if it is terminated. A second call returns the same registry.
 *
 * @example
 * const registry = registerThread();
 * const resized = registry.counter({ name: 'images_resized_total', help: 'Images resized.' });
 * export default async function resize(image) { resized.inc(); ... }
 */
export function registerThread({ registry }: RegisterThreadOptions = {}): MetricsRegistry {
  if (isMainThread) return registry ?? new MetricsRegistry();
  registered ??= new ThreadReports(registry ?? new MetricsRegistry());
  return registered.registry;
}

class ThreadReports {
  readonly registry: MetricsRegistry;
  readonly #reader: ChangesReader;
  readonly #channel = new BroadcastChannel(THREADS);
  readonly #timer: NodeJS.Timeout;
  #unconfirmed: RegistryChanges[] = [];

  constructor(registry: MetricsRegistry) {
    this.registry = registry;
    this.#reader = new ChangesReader(registry);
    (this.#channel as unknown as { unref(): void }).unref();
    this.#channel.onmessage = (event) => this.#receive((event as { readonly data: unknown }).data);
    this.#timer = unfaked(setInterval, 'setInterval')(() => void this.#collectAndSend(), INTERVAL_MS).unref();
    beforeIdleWaits(() => this.#send(false));
    process.on('exit', () => this.#end());
  }

  async #collectAndSend(): Promise<void> {
    await this.#reader.collect({ timeoutMs: INTERVAL_MS });
    this.#send(false);
  }

  #send(isLast: boolean): void {
    // A thread that waits has no turns in which it could receive.
    for (let next = receiveMessageOnPort(this.#channel as never); next !== undefined; next = receiveMessageOnPort(this.#channel as never))
      this.#receive(next.message);
    if (isLast || this.#unconfirmed.length < MOST_UNCONFIRMED) {
      const changes = this.#reader.take();
      if (changes !== undefined) this.#unconfirmed.push(changes);
    }
    if (this.#unconfirmed.length === 0 && !isLast) return;
    this.#channel.postMessage({ is: 'changes', thread: threadId, changes: this.#unconfirmed, isLast } satisfies ThreadMessage);
  }

  #receive(message: unknown): void {
    if (!isConfirmation(message) || message.thread !== threadId) return;
    this.#unconfirmed = this.#unconfirmed.filter(({ sequence }) => sequence > message.confirmed);
  }

  #end(): void {
    unfaked(clearInterval, 'clearInterval')(this.#timer);
    this.#send(true);
    this.#channel.close();
  }
}
