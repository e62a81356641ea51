/** Samples the memory, CPU usage, event loop and uptime of the process. */
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
// Not the globals, because with a test's fake timers, an interval of ours would keep `runAllTimers()` running forever.
import { clearInterval, setInterval } from 'node:timers';
import { type MetricsRegistry, unfaked } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import { readProcessUsage, readVirtualSizeBytes } from './process-usage.js';
import { addMainThreadCpu } from './thread-cpu.js';

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
  /** Share of time that the event loop was busy since the sample before, or since it began; undefined if it has not begun. */
  readonly eventLoopUtilization: number | undefined;
}

/** Takes a sample at start and then at an interval. Its timer does not keep the process alive. */
export class SystemSampler {
  #timer: NodeJS.Timeout | undefined;
  #sampling: Promise<void> | undefined;
  #last: SystemSample | undefined;
  #lastLoop: EventLoopUtilization | undefined;

  constructor(private readonly options: SystemSamplerOptions) {
    this.#exposeUptime();
    addMainThreadCpu(options.registry);
  }

  /** The newest sample; undefined until there is one. */
  get last(): SystemSample | undefined {
    return this.#last;
  }

  async start(): Promise<void> {
    if (this.#timer !== undefined) return;
    this.#timer = unfaked(setInterval, 'setInterval')(() => void this.sample(), this.options.intervalMs).unref();
    await this.sample();
  }

  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    unfaked(clearInterval, 'clearInterval')(this.#timer);
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
    this.#last = { memoryBytes, cpuPercent, eventLoopUtilization: this.#eventLoopUtilization() };
    this.#expose(this.#last);
  }

  #eventLoopUtilization(): number | undefined {
    const now = performance.eventLoopUtilization();
    const { idle, active, utilization } = this.#lastLoop === undefined ? now : performance.eventLoopUtilization(now, this.#lastLoop);
    // Before the loop runs, as while a module awaits at its top, Node says 0 of everything.
    if (idle + active <= 0) return undefined;
    this.#lastLoop = now;
    return utilization;
  }

  #trackedMemory(rss: number): Record<string, number> {
    const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
    const now = { heap_used: heapUsed, heap_total: heapTotal, external, array_buffers: arrayBuffers };
    const before = this.#last?.memoryBytes ?? {};
    const peaks = Object.entries({ rss, ...now }).map(([type, bytes]) => [`${type}_peak`, Math.max(bytes, before[`${type}_peak`] ?? 0)]);
    return { ...now, ...Object.fromEntries(peaks) };
  }

  #expose({ memoryBytes, cpuPercent, eventLoopUtilization }: SystemSample): void {
    const { registry } = this.options;
    this.#exposeUptime();
    const memory = registry.gauge(CATALOGUE.systemMemory);
    for (const [type, bytes] of Object.entries(memoryBytes)) memory.set({ type }, bytes);
    registry.gauge(CATALOGUE.systemCpu).set(cpuPercent);
    if (eventLoopUtilization !== undefined) registry.gauge(CATALOGUE.eventLoopUtilization).set(eventLoopUtilization);
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
