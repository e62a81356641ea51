/** Sends packets by UDP or to a Unix socket, through hot-shots. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { getSystemErrorName } from 'node:util';
import { type RawClient, rawClient } from './private-api.js';

/** Where packets are sent to. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** The path of a Unix datagram socket, used instead of host and port. */
  readonly socket: string | undefined;
}

/** How long the address of a host is used before it is looked up again. */
const LOOKUP_MS = 60_000;

/** Returns the address for people: `udp://127.0.0.1:8125`. */
export function shownTarget({ host, port, socket }: Address): string {
  if (socket !== undefined) return `unix://${socket}`;
  return `udp://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** A connection-less way to the server. It opens with the first packet. */
export class Transport {
  readonly #to: Address;
  #client: RawClient | undefined;
  #ip = '';
  #resolvedAtMs = Number.NEGATIVE_INFINITY;
  /** What hot-shots reported beside a callback, which says more than the callback's error. */
  #reported: unknown;

  constructor(to: Address) {
    this.#to = to;
  }

  /**
   * How many packets `sendAll` should get. With one for each turn of the event loop, the turns would cost more than the packets; a Unix socket holds a
   * few only, and a full one has to be waited for.
   */
  get packetsAtOnce(): number {
    return this.#to.socket === undefined ? 8 : 1;
  }

  /** Hands a packet over to the kernel. Rejects if that fails: the packet was not sent then. */
  async send(packet: string): Promise<void> {
    const [error] = await this.sendAll([packet]);
    if (error !== undefined) throw error;
  }

  /**
   * Hands packets over to the kernel.
   * @returns why each of them was not sent; undefined for those that were. Rejects if none was, because there is no way to the server.
   */
  async sendAll(packets: readonly string[]): Promise<readonly unknown[]> {
    const client = this.#to.socket === undefined ? await this.#udpClient() : this.#unixClient(this.#to.socket);
    this.#reported = undefined;
    let left = packets.length;
    const failures = new Array<unknown>(packets.length).fill(undefined);
    await new Promise<void>((resolve) => {
      for (const [index, packet] of packets.entries()) {
        client.send(packet, [], (error) => {
          if (error) failures[index] = this.#explained(this.#reported ?? error);
          left -= 1;
          if (left === 0) resolve();
        });
      }
    });
    return failures;
  }

  /** To be called after the last of several packets. An open Unix socket keeps the process alive, and is lost with the server that it leads to. */
  async rest(): Promise<void> {
    if (this.#to.socket !== undefined) await this.close();
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client?.socket) await new Promise<void>((resolve) => client.close(() => resolve()));
  }

  #unixClient(path: string): RawClient {
    this.#client ??= rawClient({ protocol: 'uds', path, errorHandler: this.#onError });
    return this.#client;
  }

  async #udpClient(): Promise<RawClient> {
    const ip = await this.#resolved();
    if (this.#client !== undefined && this.#ip === ip) return this.#client;
    void this.close();
    this.#ip = ip;
    this.#client = rawClient({ protocol: 'udp', host: ip, port: this.#to.port, errorHandler: this.#onError });
    return this.#client;
  }

  /** hot-shots looks a host up for each packet, or takes an IPv6 address for a socket that is IPv4. */
  async #resolved(): Promise<string> {
    const { host } = this.#to;
    if (isIP(host) !== 0) return host;
    if (performance.now() - this.#resolvedAtMs < LOOKUP_MS) return this.#ip;
    try {
      const { address } = await lookup(host, { verbatim: false });
      this.#resolvedAtMs = performance.now();
      return address;
    } catch (error) {
      // An address that worked is better than none.
      if (this.#ip !== '') return this.#ip;
      throw error;
    }
  }

  /** The Unix socket's errors have numbers only, and hot-shots puts its own words before all others. */
  #explained(error: unknown): unknown {
    if (error instanceof Error) error.message = error.message.replace(/^Error sending hot-shots message: (?:Error: )?/, '');
    const { errno } = error as { readonly errno?: unknown };
    const number = typeof errno === 'number' ? errno : Number(/-\d+$/.exec(String(error))?.[0]);
    if (this.#to.socket === undefined || !(number < 0)) return error;
    const code = getSystemErrorName(number);
    return Object.assign(new Error(`${code} at ${this.#to.socket}`), { code });
  }

  readonly #onError = (error: unknown): void => {
    this.#reported = error;
  };
}
