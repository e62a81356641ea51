/** A receiver of metrics by OTLP that keeps totals, with the faults that the compatibility kit asks for. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { LabelRecord } from '@tsukimi/metrics';
import type { Fault, OtherSide } from '@tsukimi/metrics/testing';
import { freePort } from '../../../../test/support/free-port.js';
import { decodeMetrics } from '../../../../test/support/otlp-receiver.js';
import { metricsOf, type ReceivedPoint } from './received-metrics.js';

/** Keeps the newest total of each series, or adds up increases: the same interval once, as receivers of them do. */
export class MetricsSide implements OtherSide {
  readonly #totals = new Map<string, number>();
  readonly #intervals = new Set<string>();
  readonly #faults = new Set<Fault>();
  readonly #hanging = new Set<ServerResponse>();
  #server: Server | undefined;

  private constructor(readonly port: number) {}

  static async open(): Promise<MetricsSide> {
    return new MetricsSide(await freePort());
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
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The exporter has gone away.
    }
    if (this.#faults.has('hang')) this.#hanging.add(response);
    // As some servers do: the answer repeats what it was asked with.
    else if (this.#faults.has('refuse')) response.writeHead(503).end(`no access with ${request.headers.authorization}`);
    else if (this.#faults.has('fill')) response.writeHead(429, { 'retry-after': '0' }).end('full');
    else {
      this.#apply(Buffer.concat(chunks));
      if (this.#faults.has('lose-answers')) request.socket.destroy();
      else response.writeHead(200).end();
    }
  }

  #apply(body: Uint8Array): void {
    for (const { kind, name, temporality, points } of metricsOf(decodeMetrics(body))) {
      if (kind !== 'sum') continue;
      for (const point of points) this.#add(keyOf(name, point.attributes as LabelRecord), point, temporality === 'delta');
    }
  }

  #add(key: string, { asDouble = 0, startTimeUnixNano, timeUnixNano }: ReceivedPoint, isIncrease: boolean): void {
    const interval = `${key} ${startTimeUnixNano} ${timeUnixNano}`;
    if (!isIncrease) this.#totals.set(key, asDouble);
    else if (!this.#intervals.has(interval)) this.#totals.set(key, (this.#totals.get(key) ?? 0) + asDouble);
    this.#intervals.add(interval);
  }
}

function keyOf(name: string, labels: LabelRecord): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}
