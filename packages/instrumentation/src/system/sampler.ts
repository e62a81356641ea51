/** Samples the memory, CPU usage and uptime of the process. */
// Not the globals, because with a test's fake timers, an interval of ours would keep `runAllTimers()` running forever.
import { clearInterval, setInterval } from 'node:timers';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import { readProcessUsage, readVirtualSizeBytes } from './process-usage.js';

export interface SystemSamplerOptions {
  readonly registry: MetricsRegistry;
  /** Time between two samples, in milliseconds. */
  readonly intervalMs: number;
  /** Whether to sample the heap, external memory and array buffers too, and the highest value of each. */
  readonly trackMemory: boolean;
  /** Called if a sample failed. The last values are kept. */
  readonly onError: (error: unknown) => void;
}

const REMEMBER_MS = 60_000;

/** One sample. Memory is in bytes. */
export interface SystemSample {
  readonly memoryBytes: Readonly<Record<string, number>>;
  /** CPU usage in percent of one core; above 100 if several cores are used. */
  readonly cpuPercent: number;
}

/** Takes a sample at start and then at an interval. Its timer does not keep the process alive. */
export class SystemSampler {
  #timer: NodeJS.Timeout | undefined;
  #sampling: Promise<void> | undefined;
  #last: SystemSample | undefined;

  constructor(private readonly options: SystemSamplerOptions) {
    this.#exposeUptime();
  }

  /** The newest sample; undefined until there is one. */
  get last(): SystemSample | undefined {
    return this.#last;
  }

  async start(): Promise<void> {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => void this.sample(), this.options.intervalMs).unref();
    await this.sample();
  }

  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#sampling;
  }

  /** Takes a sample now, or joins the one in progress. Never rejects. */
  sample(): Promise<void> {
    this.#sampling ??= this.#take()
      .catch((error: unknown) => this.options.onError(error))
      .finally(() => {
        this.#sampling = undefined;
      });
    return this.#sampling;
  }

  async #take(): Promise<void> {
    const usage = readProcessUsage(Math.max(REMEMBER_MS, 2 * this.options.intervalMs));
    const [{ cpuPercent, rssBytes }, virtualSizeBytes] = await Promise.all([usage, readVirtualSizeBytes()]);
    const memoryBytes: Record<string, number> = { rss: rssBytes };
    if (virtualSizeBytes !== undefined) memoryBytes['vms'] = virtualSizeBytes;
    if (this.options.trackMemory) Object.assign(memoryBytes, this.#trackedMemory(rssBytes));
    this.#last = { memoryBytes, cpuPercent };
    this.#expose(this.#last);
  }

  #trackedMemory(rss: number): Record<string, number> {
    const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
    const now = { heap_used: heapUsed, heap_total: heapTotal, external, array_buffers: arrayBuffers };
    const before = this.#last?.memoryBytes ?? {};
    const peaks = Object.entries({ rss, ...now }).map(([type, bytes]) => [`${type}_peak`, Math.max(bytes, before[`${type}_peak`] ?? 0)]);
    return { ...now, ...Object.fromEntries(peaks) };
  }

  #expose({ memoryBytes, cpuPercent }: SystemSample): void {
    const { registry } = this.options;
    this.#exposeUptime();
    const memory = registry.gauge(CATALOGUE.systemMemory);
    for (const [type, bytes] of Object.entries(memoryBytes)) memory.set({ type }, bytes);
    registry.gauge(CATALOGUE.systemCpu).set(cpuPercent);
  }

  #exposeUptime(): void {
    this.options.registry.gauge({
      ...CATALOGUE.systemUptime,
      collect() {
        this.set(process.uptime());
      },
    });
  }
}
