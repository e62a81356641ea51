/** Sends single observations of a user: timings and distributions. */
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import { plainDecimal } from './decimal.js';
import { invalidOption } from './errors.js';
import { checkedOptions, type StatsdOptions, type StatsdSettings } from './options.js';
import { PacketPacker } from './packets.js';
import { givenName, namePart } from './plain-name.js';
import { type Tags, tagSection } from './tags.js';
import { Transport } from './transport.js';

/** Options of a `StatsdClient`. */
export interface StatsdClientOptions extends Omit<StatsdOptions, 'quantiles'> {
  /**
   * With false, nothing is sent.
   * @default true
   */
  readonly enabled?: boolean | undefined;
  /**
   * The longest time that an observation waits for others to share a packet with, in milliseconds.
   * @default 1000
   */
  readonly flushIntervalMs?: number | undefined;
}

/** So many packets wait while the network is slow. Further ones are dropped. */
const MOST_WAITING = 100;

/**
 * Sends single observations to StatsD, beside the metrics of a registry: the server computes percentiles from all of them. The framework provides one
 * with the settings of the namespace `statsd`.
 *
 * Recording costs a text for each observation, and never throws. Its timer does not keep the process alive: call `close()` when the process ends.
 *
 * @example
 * const statsd = new StatsdClient({ mode: 'dogstatsd' });
 * statsd.timing('checkout', 120.5, { method: 'card' });
 */
export class StatsdClient {
  readonly #settings: StatsdSettings | undefined;
  readonly #transport: Transport | undefined;
  readonly #packer: PacketPacker;
  readonly #flushIntervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #waiting = 0;
  #dropped = 0;
  #isClosed = false;

  /** @throws TSK_ERR_STATSD_OPTION, TSK_ERR_STATSD_UNIX_SOCKET */
  constructor({ enabled = true, flushIntervalMs = 1_000, ...options }: StatsdClientOptions = {}) {
    if (!Number.isInteger(flushIntervalMs) || flushIntervalMs < 1 || flushIntervalMs > LONGEST_TIMEOUT_MS)
      throw invalidOption('flushIntervalMs', flushIntervalMs, `a whole number of milliseconds from 1 to ${LONGEST_TIMEOUT_MS}`);
    this.#settings = enabled ? checkedOptions(options) : undefined;
    this.#transport = this.#settings && new Transport(this.#settings.address);
    this.#packer = new PacketPacker(this.#settings?.maxPacketBytes ?? 0);
    this.#flushIntervalMs = flushIntervalMs;
  }

  /** How many observations were not sent: invalid, too long, or refused by the network. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Sends one duration, with the type `ms`.
   * @param durationMs milliseconds, as StatsD has it, 0 or more
   */
  timing(name: string, durationMs: number, tags: Tags = {}): void {
    this.#add({ name, value: durationMs, tags, type: 'ms' });
  }

  /**
   * Sends one value, with the type `d` of DogStatsD: percentiles are computed over all hosts. In the mode `plain`, which has no such type, it is sent as
   * a timing, and must not be negative.
   */
  distribution(name: string, value: number, tags: Tags = {}): void {
    this.#add({ name, value, tags, type: this.#settings?.mode === 'dogstatsd' ? 'd' : 'ms' });
  }

  /** Sends what waits. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#packer.end();
    this.#sendPackets();
    await this.#sending;
  }

  /** Sends what waits, and closes the socket. Further observations are ignored. Never rejects. */
  async close(): Promise<void> {
    await this.flush();
    this.#isClosed = true;
    await this.#transport?.close();
  }

  #add({ name, value, tags, type }: { name: string; value: number; tags: Tags; type: 'ms' | 'd' }): void {
    const settings = this.#settings;
    if (settings === undefined || this.#isClosed) return;
    try {
      const isValid = Number.isFinite(value) && (type === 'd' || value >= 0);
      if (!isValid || !this.#packer.add(lineOf(settings, { name, value, tags, type }))) this.#dropped += 1;
    } catch {
      // Recording never throws, whatever it is given.
      this.#dropped += 1;
    }
    this.#sendPackets();
    this.#timer ??= setTimeout(() => void this.flush(), this.#flushIntervalMs).unref();
  }

  #sendPackets(): void {
    for (const packet of this.#packer.packets.splice(0)) {
      if (this.#waiting >= MOST_WAITING) this.#dropped += linesOf(packet);
      else this.#send(packet);
    }
  }

  #send(packet: string): void {
    this.#waiting += 1;
    this.#sending = this.#sending.then(async () => {
      try {
        await this.#transport?.send(packet);
      } catch {
        this.#dropped += linesOf(packet);
      }
      this.#waiting -= 1;
      if (this.#waiting === 0) await this.#transport?.rest();
    });
  }
}

interface Observation {
  readonly name: string;
  readonly value: number;
  readonly tags: Tags;
  readonly type: 'ms' | 'd';
}

function lineOf({ mode, prefix, tags: globalTags }: StatsdSettings, { name, value, tags, type }: Observation): string {
  const head = prefix + givenName(name);
  const own = Object.entries(tags).map(([key, text]) => [key, String(text)] as const);
  if (mode === 'dogstatsd') {
    const section = tagSection({ ...globalTags, ...Object.fromEntries(own) });
    return `${head}:${plainDecimal(value)}|${type}${section}`;
  }
  // In the order of the keys, so that all places in the code give one name.
  const parts = own.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, text]) => `.${namePart(key, text)}`);
  return `${head}${parts.join('')}:${plainDecimal(value)}|${type}`;
}

function linesOf(packet: string): number {
  return packet.split('\n').length;
}
