/** A server on a Unix datagram socket that keeps every packet as it came. */
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { waitUntil } from '../../../../test/support/wait-until.js';

/** The part of unix-dgram, which has no types, that is used. */
interface UnixDgram {
  createSocket(type: 'unix_dgram', listener: (packet: Buffer) => void): { bind(path: string): void; close(): void };
}

export class UnixListener {
  readonly packets: Buffer[] = [];
  readonly #path: string;
  readonly #socket;

  private constructor(path: string) {
    this.#path = path;
    const { createSocket } = createRequire(createRequire(import.meta.url).resolve('hot-shots'))('unix-dgram') as UnixDgram;
    this.#socket = createSocket('unix_dgram', (packet) => this.packets.push(packet));
    this.#socket.bind(path);
  }

  static open(path: string): UnixListener {
    return new UnixListener(path);
  }

  async until(line: string): Promise<void> {
    await waitUntil(`a line ${line}`, () => this.packets.some((packet) => packet.toString().split('\n').includes(line)), { intervalMs: 2 });
  }

  /** Closes it, and removes the socket, as a server does that ends. */
  close(): void {
    this.#socket.close();
    rmSync(this.#path);
  }
}
