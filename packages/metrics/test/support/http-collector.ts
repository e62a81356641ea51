/** The other side of `httpExporter`. */
import type { MetricsDelta } from '@tsukimi/metrics';
import { FaultyReceiver } from '../../../../test/support/faulty-receiver.js';
import { freePort } from '../../../../test/support/free-port.js';

/** What is posted: a batch of one start of an exporter. */
export interface PostedBatch {
  readonly start: string;
  readonly sequence: number;
  readonly delta: MetricsDelta;
}

/** Adds the counters of batches up, each batch once. */
export class HttpCollector extends FaultyReceiver {
  readonly #applied = new Map<string, number>();

  static async open(): Promise<HttpCollector> {
    return new HttpCollector(await freePort(), { taken: 204, refused: 401, full: 507 });
  }

  protected override apply(body: Buffer): void {
    const { start, sequence, delta } = JSON.parse(body.toString()) as PostedBatch;
    if (sequence <= (this.#applied.get(start) ?? 0)) return;
    this.#applied.set(start, sequence);
    for (const { type, name, points } of delta.families)
      if (type === 'counter') for (const { labels, value } of points) this.setTotal(name, labels, this.total(name, labels) + value);
  }
}
