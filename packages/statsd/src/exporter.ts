/** Pushes every metric of a registry to StatsD or DogStatsD. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  DeltaReader,
  type Exporter,
  type ExporterLogger,
  type MetricsRegistry,
  type PushLoop,
  type PushLoopOptions,
  startExporter,
} from '@tsukimi/metrics';
import { Dropped } from './dropped.js';
import { familyLines } from './family-lines.js';
import { checkedOptions, type StatsdOptions, type StatsdSettings } from './options.js';
import { PacketPacker } from './packets.js';
import { SeriesNames } from './series-names.js';
import { shownTarget, Transport } from './transport.js';

/** Options of `statsdExporter`. */
export interface StatsdExporterOptions extends StatsdOptions {
  /**
   * Where series that can't be sent are reported, once.
   * @default a process warning
   */
  readonly logger?: ExporterLogger | undefined;
}

/** Options of `exportToStatsd`: where to send, and how often. */
export type ExportToStatsdOptions = StatsdOptions & Omit<PushLoopOptions, 'registry'>;

/**
 * Sends the metrics of a registry to StatsD at each interval: counters as increases, gauges as values, histograms as `count`, `sum` and quantiles of the
 * interval. Call `stop()` of the returned loop when the process ends.
 *
 * StatsD confirms nothing: a packet counts as sent when the kernel has taken it, and is never sent twice.
 *
 * @throws TSK_ERR_STATSD_OPTION, TSK_ERR_STATSD_UNIX_SOCKET, TSK_ERR_PUSH_OPTION
 * @example
 * const loop = exportToStatsd(registry, { host: 'statsd.internal' });
 */
export function exportToStatsd(registry: MetricsRegistry, options: ExportToStatsdOptions = {}): PushLoop<readonly string[]> {
  return startExporter(statsdExporter(registry, options), { ...options, registry });
}

/**
 * Returns an exporter for a push loop of your own. `exportToStatsd` starts one.
 * @throws TSK_ERR_STATSD_OPTION, TSK_ERR_STATSD_UNIX_SOCKET
 */
export function statsdExporter(registry: MetricsRegistry, options: StatsdExporterOptions = {}): Exporter<readonly string[]> {
  return new StatsdExporter(registry, { settings: checkedOptions(options), logger: options.logger });
}

/** How long lines are written before other work gets its turn. */
const SLICE_MS = 2;

/** The exporter, with options that were checked. A batch is a list of packets. */
export class StatsdExporter implements Exporter<readonly string[]> {
  readonly name = 'statsd';
  readonly target: string;
  readonly #settings: StatsdSettings;
  readonly #reader: DeltaReader;
  readonly #transport: Transport;
  readonly #dropped: Dropped;
  readonly #names: SeriesNames;
  /** Which packets of the current batch were not sent yet. A packet that was sent is never sent again. */
  #progress: { readonly sequence: number; left: readonly string[] } = { sequence: 0, left: [] };

  constructor(registry: MetricsRegistry, { settings, logger }: { settings: StatsdSettings; logger: ExporterLogger | undefined }) {
    this.target = shownTarget(settings.address);
    this.#settings = settings;
    // All gauges each time: the Datadog Agent and others show only what arrived in their interval.
    this.#reader = new DeltaReader(registry, { gauges: 'all' });
    this.#transport = new Transport(settings.address);
    this.#dropped = new Dropped(registry, logger);
    this.#names = new SeriesNames({
      settings,
      labelNames: (metric) => labelNamesOf(registry.getSingleMetric(metric)),
      onTaken: (metric, name) => this.#dropped.nameTaken(metric, name),
    });
  }

  async read(): Promise<readonly string[]> {
    const { families } = await this.#reader.read();
    const { quantiles, maxPacketBytes } = this.#settings;
    const packer = new PacketPacker(maxPacketBytes);
    const options = { names: this.#names, quantiles, onNotFinite: () => this.#dropped.count('not_finite') };
    // The read has used up its turn.
    await nextTurn();
    let startMs = performance.now();
    for (const family of families) {
      for (const lines of familyLines(family, options)) {
        for (const line of lines) if (!packer.add(line)) this.#dropped.tooLong(family.name, maxPacketBytes);
        if (performance.now() - startMs < SLICE_MS) continue;
        await nextTurn();
        startMs = performance.now();
      }
    }
    return packer.take();
  }

  async send(packets: readonly string[], { signal, sequence }: { signal: AbortSignal; sequence: number }): Promise<void> {
    if (this.#progress.sequence !== sequence) this.#progress = { sequence, left: packets };
    const progress = this.#progress;
    try {
      while (progress.left.length > 0) {
        signal.throwIfAborted();
        await this.#sendSome(progress);
      }
    } finally {
      await this.#transport.rest();
    }
  }

  async close(): Promise<void> {
    this.#reader.close();
    await this.#transport.close();
  }

  /** Sends the next packets that are left. @throws the first error of those that are left then */
  async #sendSome(progress: { left: readonly string[] }): Promise<void> {
    const next = progress.left.slice(0, this.#transport.packetsAtOnce);
    const errors = await this.#transport.sendAll(next);
    const unsent: string[] = [];
    let failure: unknown;
    for (const [index, error] of errors.entries()) {
      const packet = next[index] as string;
      // It would be too long for the network the next time, too.
      if ((error as NodeJS.ErrnoException | undefined)?.code === 'EMSGSIZE') this.#dropped.count('not_sent', packet.split('\n').length);
      else if (error !== undefined) {
        unsent.push(packet);
        failure ??= error;
      }
    }
    progress.left = [...unsent, ...progress.left.slice(next.length)];
    if (unsent.length > 0) throw failure;
  }
}

/** Metrics of prom-client have label names too. */
function labelNamesOf(metric: unknown): readonly string[] | undefined {
  const { labelNames } = (metric ?? {}) as { readonly labelNames?: unknown };
  return Array.isArray(labelNames) ? (labelNames as readonly string[]) : undefined;
}
