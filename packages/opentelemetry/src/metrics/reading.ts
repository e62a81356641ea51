/** Reads a registry as OTLP's messages, with totals or with increases. */
import { DeltaReader, type MetricFamily, type MetricsRegistry } from '@tsukimi/metrics';
import { FamilyMessages, type ReadTimes } from './encode/family-messages.js';
import type { MetricsForm } from './options.js';
import { StartTimes } from './start-times.js';

/** Reads one registry, again and again. */
export class MetricsReading {
  readonly #registry: MetricsRegistry;
  readonly #deltas: DeltaReader | undefined;
  readonly #messages: FamilyMessages;
  readonly #starts = new StartTimes();
  /** Summaries that have been seen. */
  readonly #summaries = new Set<string>();
  #exemplarsSinceSeconds = 0;

  constructor(registry: MetricsRegistry, { temporality, histograms }: MetricsForm) {
    this.#registry = registry;
    // All gauges each time: receivers show only what arrived in their interval.
    this.#deltas = temporality === 'delta' ? new DeltaReader(registry, { gauges: 'all' }) : undefined;
    const exponentialLimit = (name: string) => (histograms === 'classic' ? undefined : nativeLimit(registry.getSingleMetric(name)));
    this.#messages = new FamilyMessages({ temporality, exponentialLimit });
  }

  /** Returns the messages of all metrics, or of those that have changed. */
  async read(): Promise<readonly Uint8Array[]> {
    this.#starts.next();
    const beganSeconds = Date.now() / 1000;
    const messages = this.#deltas === undefined ? await this.#totals() : await this.#increases(this.#deltas);
    this.#exemplarsSinceSeconds = beganSeconds;
    this.#starts.ended(beganSeconds);
    return messages;
  }

  close(): void {
    this.#deltas?.close();
  }

  async #totals(names?: readonly string[]): Promise<readonly Uint8Array[]> {
    const messages: Uint8Array[] = [];
    const startOf = this.#starts.startOf.bind(this.#starts);
    for await (const family of this.#registry.read(names === undefined ? {} : { names })) {
      const times = { timeSeconds: Date.now() / 1000, exemplarsSinceSeconds: this.#exemplarsSinceSeconds, startOf };
      messages.push(...(await this.#messages.of(family, times)));
    }
    return messages;
  }

  async #increases(deltas: DeltaReader): Promise<readonly Uint8Array[]> {
    const { families, startSeconds, endSeconds } = await deltas.read();
    const messages: Uint8Array[] = [];
    const times: ReadTimes = {
      timeSeconds: endSeconds,
      exemplarsSinceSeconds: this.#exemplarsSinceSeconds,
      startOf: (family, point) => (isIncrease(family) ? startSeconds : this.#starts.startOf(family, point)),
    };
    for (const family of families) {
      if (family.type === 'summary') this.#summaries.add(family.name);
      else messages.push(...(await this.#messages.of(family, times)));
    }
    // A summary has no temporality: receivers take its count and sum for totals.
    if (this.#summaries.size > 0) messages.push(...(await this.#totals([...this.#summaries])));
    return messages;
  }
}

function isIncrease({ type }: MetricFamily): boolean {
  return type === 'counter' || type === 'histogram';
}

/** How many exponential buckets a histogram may have; undefined if it is exposed with its classic ones only. */
function nativeLimit(metric: unknown): number | undefined {
  const { native, maxNativeBuckets } = (metric ?? {}) as { readonly native?: unknown; readonly maxNativeBuckets?: unknown };
  return native === true && typeof maxNativeBuckets === 'number' ? maxNativeBuckets : undefined;
}
