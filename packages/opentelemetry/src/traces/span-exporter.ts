/** Sends spans by OTLP over HTTP. */
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { BatchRejected, type Exporter, type PushAttempt } from '@tsukimi/metrics';
import { post } from '../delivery/sender.js';
import type { ExportTarget } from '../target.js';
import type { DroppedSpans } from './dropped-spans.js';
import type { SpanQueue } from './span-queue.js';

export const TRACES_EXPORTER = 'opentelemetry-traces';

interface SpanExporterOptions {
  readonly target: ExportTarget;
  readonly queue: SpanQueue;
  readonly dropped: DroppedSpans;
  readonly maxBatchSize: number;
}

const NOTHING = new Uint8Array(0);

/** The spans of one push. What is sent leaves it, so that it is not sent again. */
interface SpanBatch {
  readonly spans: readonly ReadableSpan[];
  next: number;
  rejections: readonly string[];
}

export class SpanExporter implements Exporter<SpanBatch> {
  readonly name = TRACES_EXPORTER;
  readonly target: string;
  readonly secrets: readonly string[];
  readonly #options: SpanExporterOptions;
  /** Whether the receiver has answered the last request. */
  #isKnownUp = false;

  constructor(options: SpanExporterOptions) {
    this.#options = options;
    this.target = options.target.shown;
    this.secrets = options.target.secrets;
  }

  read(): SpanBatch {
    return { spans: this.#options.queue.take(), next: 0, rejections: [] };
  }

  /**
   * Sends as many requests as the spans need. A request that is refused for good does not keep the others from being sent. Without spans, an empty request
   * is sent if nobody knows whether the receiver is there.
   */
  async send(batch: SpanBatch, { signal }: Pick<PushAttempt, 'signal'>): Promise<void> {
    const { maxBatchSize } = this.#options;
    if (batch.spans.length === 0 && !this.#isKnownUp) await this.#post([], signal);
    while (batch.next < batch.spans.length) {
      signal.throwIfAborted();
      const spans = batch.spans.slice(batch.next, batch.next + maxBatchSize);
      const rejection = await this.#post(spans, signal);
      batch.next += spans.length;
      this.#options.queue.release(spans.length);
      if (rejection !== undefined) batch.rejections = [...batch.rejections, rejection];
    }
    const [first] = batch.rejections;
    if (first !== undefined) throw new BatchRejected(first);
  }

  /** @returns why the receiver refused some of the spans; undefined if it took all */
  async #post(spans: ReadableSpan[], signal: AbortSignal): Promise<string | undefined> {
    const { target, dropped } = this.#options;
    const body = ProtobufTraceSerializer.serializeRequest(spans) ?? NOTHING;
    this.#isKnownUp = false;
    try {
      const { rejected: said, message } = await post(target, body, signal);
      this.#isKnownUp = true;
      const rejected = Math.min(said, spans.length);
      if (rejected === 0) return undefined;
      dropped.add('rejected', rejected);
      return `it did not take ${rejected} of ${spans.length} spans (${message === '' ? 'it does not say why' : message})`;
    } catch (error) {
      if (!(error instanceof BatchRejected)) throw error;
      dropped.add('rejected', spans.length);
      return error.message;
    }
  }
}
