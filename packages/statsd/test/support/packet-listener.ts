/** A server that keeps every packet as it came. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { waitUntil } from '../../../../test/support/wait-until.js';

/** Lets the kernel choose a UDP port, and gives it back. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Listens on a UDP port of the loopback. */
export class PacketListener implements AsyncDisposable {
  readonly packets: Buffer[] = [];
  readonly #socket;

  private constructor(type: 'udp4' | 'udp6') {
    this.#socket = createSocket(type).on('message', (packet) => this.packets.push(packet));
    // The packets of a whole push at once.
    this.#socket.once('listening', () => this.#socket.setRecvBufferSize(4 << 20));
  }

  static async open({ address = '127.0.0.1' } = {}): Promise<PacketListener> {
    const listener = new PacketListener(address.includes(':') ? 'udp6' : 'udp4');
    listener.#socket.bind(0, address);
    await once(listener.#socket, 'listening');
    return listener;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** All lines of all packets. */
  get lines(): string[] {
    return this.packets.flatMap((packet) => packet.toString().split('\n'));
  }

  /** Waits for a line that matches, or begins so. */
  async until(line: RegExp | string): Promise<void> {
    const matches = (each: string) => (typeof line === 'string' ? each.startsWith(line) : line.test(each));
    await waitUntil(`a line ${line}`, () => this.lines.some(matches), { intervalMs: 2 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}
