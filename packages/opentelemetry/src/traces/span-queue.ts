/** Keeps ended spans until they are sent, as many as allowed. */

import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { DroppedSpans } from './dropped-spans.js';

interface SpanQueueOptions {
  readonly maxQueueSize: number;
  readonly maxBatchSize: number;
  readonly dropped: DroppedSpans;
}

/** A processor of spans. What takes them out is `SpanExporter`. */
export class SpanQueue implements SpanProcessor {
  readonly #options: SpanQueueOptions;
  #spans: ReadableSpan[] = [];
  /** Spans that were taken out and not yet confirmed. */
  #taken = 0;
  /** Called when so many spans wait that they fill a batch. */
  onFull: () => void = () => {};
  /** Called by `forceFlush`. */
  onFlush: () => Promise<unknown> = async () => {};

  constructor(options: SpanQueueOptions) {
    this.#options = options;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    const { maxQueueSize, maxBatchSize, dropped } = this.#options;
    if (this.#spans.length + this.#taken >= maxQueueSize) {
      dropped.add('queue_full', 1);
      return;
    }
    this.#spans.push(span);
    if (this.#spans.length % maxBatchSize === 0) this.onFull();
  }

  /** How many spans wait. */
  get length(): number {
    return this.#spans.length;
  }

  /** Takes all spans out. They count until they are released. */
  take(): readonly ReadableSpan[] {
    const spans = this.#spans;
    this.#spans = [];
    this.#taken += spans.length;
    return spans;
  }

  /** Spans that were taken out are no longer kept. */
  release(count: number): void {
    this.#taken -= count;
  }

  /** Spans that will not be sent any more. */
  get unsent(): number {
    return this.#spans.length + this.#taken;
  }

  async forceFlush(): Promise<void> {
    await this.onFlush();
  }

  async shutdown(): Promise<void> {}
}
