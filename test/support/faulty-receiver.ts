/** A receiver over HTTP that keeps totals, with the faults that the compatibility kit asks for. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { LabelRecord } from '@tsukimi/metrics';
import type { Fault, OtherSide } from '@tsukimi/metrics/testing';

/** What it answers. */
export interface Statuses {
  readonly taken: number;
  readonly refused: number;
  readonly full: number;
}

export abstract class FaultyReceiver implements OtherSide {
  readonly #totals = new Map<string, number>();
  readonly #faults = new Set<Fault>();
  readonly #hanging = new Set<ServerResponse>();
  readonly #statuses: Statuses;
  #server: Server | undefined;

  /** @param port a free one, on which nobody listens yet */
  constructor(
    readonly port: number,
    statuses: Statuses,
  ) {
    this.#statuses = statuses;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#take(request, response)).listen(this.port, '127.0.0.1');
    this.#server = server;
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  close(): Promise<void> {
    return this.stop();
  }

  set(fault: Fault, isOn: boolean): void {
    if (isOn) this.#faults.add(fault);
    else this.#faults.delete(fault);
    if (fault !== 'hang' || isOn) return;
    for (const response of this.#hanging) response.destroy();
    this.#hanging.clear();
  }

  total(name: string, labels: LabelRecord): number {
    return this.#totals.get(keyOf(name, labels)) ?? 0;
  }

  protected setTotal(name: string, labels: LabelRecord, total: number): void {
    this.#totals.set(keyOf(name, labels), total);
  }

  /** Keeps what was sent. */
  protected abstract apply(body: Buffer): void;

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body: Buffer;
    try {
      body = await buffer(request);
    } catch {
      return; // The exporter has gone away.
    }
    if (this.#faults.has('hang')) this.#hanging.add(response);
    // As some servers do: the answer repeats what it was asked with.
    else if (this.#faults.has('refuse')) response.writeHead(this.#statuses.refused).end(`no access with ${request.headers.authorization}`);
    else if (this.#faults.has('fill')) response.writeHead(this.#statuses.full, { 'retry-after': '0' }).end('full');
    else {
      this.apply(body);
      if (this.#faults.has('lose-answers')) request.socket.destroy();
      else response.writeHead(this.#statuses.taken).end();
    }
  }
}

function keyOf(name: string, labels: LabelRecord): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}
