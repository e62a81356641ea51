/** A receiver of metrics by OTLP. */
import type { LabelRecord } from '@tsukimi/metrics';
import { FaultyReceiver } from '../../../../test/support/faulty-receiver.js';
import { freePort } from '../../../../test/support/free-port.js';
import { decodeMetrics } from '../../../../test/support/otlp-receiver.js';
import { metricsOf, type ReceivedPoint } from './received-metrics.js';

/** Keeps the newest total of each series, or adds up increases: the same interval once, as receivers of them do. */
export class MetricsSide extends FaultyReceiver {
  readonly #intervals = new Set<string>();

  static async open(): Promise<MetricsSide> {
    return new MetricsSide(await freePort(), { taken: 200, refused: 503, full: 429 });
  }

  protected override apply(body: Buffer): void {
    for (const { kind, name, temporality, points } of metricsOf(decodeMetrics(body)))
      if (kind === 'sum') for (const point of points) this.#add(name, point, temporality === 'delta');
  }

  #add(name: string, { attributes, asDouble = 0, startTimeUnixNano, timeUnixNano }: ReceivedPoint, isIncrease: boolean): void {
    const labels = attributes as LabelRecord;
    const interval = JSON.stringify([name, labels, startTimeUnixNano, timeUnixNano]);
    if (!isIncrease) this.setTotal(name, labels, asDouble);
    else if (!this.#intervals.has(interval)) this.setTotal(name, labels, this.total(name, labels) + asDouble);
    this.#intervals.add(interval);
  }
}
