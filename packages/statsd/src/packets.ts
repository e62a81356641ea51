/** Joins lines to packets that the network does not split. */

/** Collects lines into packets. */
export class PacketPacker {
  readonly packets: string[] = [];
  readonly #mostBytes: number;
  #lines: string[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /**
   * Adds a line, or several that belong in one packet in their order.
   * @returns false if it is longer than a packet; it is left out then
   */
  add(text: string): boolean {
    const bytes = Buffer.byteLength(text);
    if (bytes > this.#mostBytes) return false;
    if (this.#lines.length > 0 && this.#bytes + 1 + bytes > this.#mostBytes) this.end();
    this.#bytes += bytes + (this.#lines.length > 0 ? 1 : 0);
    this.#lines.push(text);
    return true;
  }

  /** Ends the current packet. */
  end(): void {
    if (this.#lines.length > 0) this.packets.push(this.#lines.join('\n'));
    this.#lines = [];
    this.#bytes = 0;
  }

  /** Ends the current packet, and hands over all packets. */
  take(): string[] {
    this.end();
    return this.packets.splice(0);
  }
}
