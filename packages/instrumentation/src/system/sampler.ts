/** Samples what the process uses: memory, CPU, uptime. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import pidusage from 'pidusage';
import { CATALOGUE } from '../catalogue.js';
import { readVirtualSizeBytes } from './virtual-size.js';

export interface SystemSamplerOptions {
  readonly registry: MetricsRegistry;
  /** Time between two samples, in milliseconds. */
  readonly intervalMs: number;
  /** Also the heap, external memory and array buffers, and the highest value of each so far. */
  readonly trackMemory: boolean;
  /** Hears of a sample that failed; the last values stay. */
  readonly onError: (error: unknown) => void;
}

/** One sample. Memory in bytes. */
export interface SystemSample {
  readonly memoryBytes: Readonly<Record<string, number>>;
  /** Percent of one core; above 100 where several are used. */
  readonly cpuPercent: number;
}

let running = 0;

/** Takes a sample at start and then at an interval; its timer keeps no process alive. */
export class SystemSampler {
  #timer: NodeJS.Timeout | undefined;
  #sampling: Promise<void> | undefined;
  #last: SystemSample | undefined;

  constructor(private readonly options: SystemSamplerOptions) {
    const { registry } = options;
    registry.gauge({
      ...CATALOGUE.systemUptime,
      collect() {
        this.set(process.uptime());
      },
    });
  }

  /** The newest sample; undefined before the first is done. */
  get last(): SystemSample | undefined {
    return this.#last;
  }

  async start(): Promise<void> {
    if (this.#timer !== undefined) return;
    running += 1;
    this.#timer = setInterval(() => void this.sample(), this.options.intervalMs).unref();
    await this.sample();
  }

  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#sampling;
    running -= 1;
    // pidusage keeps a timer of its own for as long as it remembers a process.
    if (running === 0) pidusage.clear();
  }

  /** Takes a sample now; joins the one under way. Never rejects. */
  sample(): Promise<void> {
    this.#sampling ??= this.#take()
      .catch((error: unknown) => this.options.onError(error))
      .finally(() => {
        this.#sampling = undefined;
      });
    return this.#sampling;
  }

  async #take(): Promise<void> {
    const [{ cpu, memory }, virtualSizeBytes] = await Promise.all([pidusage(process.pid), readVirtualSizeBytes()]);
    const memoryBytes: Record<string, number> = { rss: memory };
    if (virtualSizeBytes !== undefined) memoryBytes['vms'] = virtualSizeBytes;
    if (this.options.trackMemory) Object.assign(memoryBytes, this.#trackedMemory(memory));
    this.#last = { memoryBytes, cpuPercent: cpu };
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
    const memory = registry.gauge(CATALOGUE.systemMemory);
    for (const [type, bytes] of Object.entries(memoryBytes)) memory.set({ type }, bytes);
    registry.gauge(CATALOGUE.systemCpu).set(cpuPercent);
  }
}
