/** An other side over HTTP that keeps totals, with the faults that the compatibility kit asks for. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LabelRecord, MetricsDelta } from '@tsukimi/metrics';
import type { Fault, OtherSide } from '@tsukimi/metrics/testing';

/** What is posted: a batch of one start of an exporter. */
export interface PostedBatch {
  readonly start: string;
  readonly sequence: number;
  readonly delta: MetricsDelta;
}

/** Adds the counters of batches up, each batch once. */
export class HttpCollector implements OtherSide {
  readonly #totals = new Map<string, number>();
  readonly #applied = new Map<string, number>();
  readonly #faults = new Set<Fault>();
  readonly #hanging = new Set<ServerResponse>();
  #server: Server | undefined;

  private constructor(readonly port: number) {}

  /** Reserves a port, on which nobody listens yet. */
  static async open(): Promise<HttpCollector> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return new HttpCollector(port);
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

  close(): Promise<void> {
    return this.stop();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      if (this.#faults.has('hang')) {
        this.#hanging.add(response);
        return;
      }
      if (this.#faults.has('refuse')) {
        // As some servers do: the answer repeats what it was asked with.
        response.writeHead(401).end(`no access with ${request.headers.authorization}`);
        return;
      }
      if (this.#faults.has('fill')) {
        response.writeHead(507).end('full');
        return;
      }
      this.#apply(JSON.parse(body) as PostedBatch);
      if (this.#faults.has('lose-answers')) request.socket.destroy();
      else response.writeHead(204).end();
    } catch {
      // The exporter has gone away.
    }
  }

  #apply({ start, sequence, delta }: PostedBatch): void {
    if (sequence <= (this.#applied.get(start) ?? 0)) return;
    this.#applied.set(start, sequence);
    for (const family of delta.families) {
      if (family.type !== 'counter') continue;
      for (const { labels, value } of family.points) {
        const key = keyOf(family.name, labels);
        this.#totals.set(key, (this.#totals.get(key) ?? 0) + value);
      }
    }
  }
}

function keyOf(name: string, labels: LabelRecord): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}
