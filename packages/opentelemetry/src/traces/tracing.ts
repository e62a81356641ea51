/** Traces one registry: its calls, and the requests and task runs that it observes. */
import { context, ROOT_CONTEXT, type Span, type Tracer } from '@opentelemetry/api';
import type { ContextOutcome, HttpExchange, OpenContext, RequestObserver } from '@tsukimi/core';
import { followHttpClient, observeClientCalls, traceCalls } from '@tsukimi/instrumentation';
import { type ExporterLogger, type MetricsRegistry, PushLoop } from '@tsukimi/metrics';
import type { ExportTarget } from '../target.js';
import { holdActiveContext } from './active-context.js';
import { CallSpans } from './call-spans.js';
import { ClientSpans } from './client-spans.js';
import { DroppedSpans } from './dropped-spans.js';
import type { TracesSettings } from './options.js';
import { foreignTracer, OwnProvider } from './provider.js';
import { RequestSpans } from './request-spans.js';
import { SpanExporter, TRACES_EXPORTER } from './span-exporter.js';
import { SpanQueue } from './span-queue.js';

/** What tracing is made with. */
export interface TracingParts {
  readonly settings: TracesSettings;
  /** Asked for only if spans are sent from here, and not by a provider of the program. */
  readonly target: () => ExportTarget;
  readonly resource: Readonly<Record<string, string>>;
  /** The hosts that the trace is passed on to. */
  readonly propagateTo?: readonly string[] | undefined;
}

/** How a registry is traced. */
export interface TracedRegistry {
  readonly registry: MetricsRegistry;
  readonly logger?: ExporterLogger | undefined;
}

/** The spans of one application or program, and what sends them. */
export class Tracing implements RequestObserver {
  readonly #parts: TracingParts;
  #requests: RequestSpans | undefined;
  #tracer: Tracer | undefined;
  #sending: Sending | undefined;
  #provider: OwnProvider | undefined;
  #releaseContext: () => void = () => {};
  readonly #observed: { stop(): void }[] = [];

  constructor(parts: TracingParts) {
    this.#parts = parts;
  }

  /**
   * Registers what is needed with OpenTelemetry's API. From now on, spans are made.
   * @throws TSK_ERR_OPENTELEMETRY_OPTION, TSK_ERR_OPENTELEMETRY_PROTOCOL
   */
  open(): void {
    const { settings, resource } = this.#parts;
    const foreign = foreignTracer();
    const target = foreign === undefined ? this.#parts.target() : undefined;
    this.#releaseContext = holdActiveContext(settings.propagators);
    if (target !== undefined) {
      this.#sending = new Sending(target, settings);
      this.#provider = new OwnProvider({ resource, sampler: settings.sampler(), processor: this.#sending.queue });
    }
    const tracer = foreign ?? (this.#provider as OwnProvider).tracer;
    this.#tracer = tracer;
    const { recordStacks, spans, leftOut } = settings;
    this.#requests = new RequestSpans({ tracer, recordStacks, samplesByAttributes: this.isForeign, http: spans.http, leftOut });
  }

  /** Whether a provider of the program makes the spans, and sends them. */
  get isForeign(): boolean {
    return this.#tracer !== undefined && this.#provider === undefined;
  }

  /** Traces the calls of a registry. Call it before anything is instrumented in it. */
  trace({ registry, logger }: TracedRegistry): void {
    const { recordStacks, recordQueries, spans } = this.#parts.settings;
    const tracer = this.#tracer as Tracer;
    traceCalls(registry, new CallSpans({ tracer, recordStacks, samplesByAttributes: this.isForeign }));
    // Beside a provider of the program, instrumentations of its HTTP clients are likely, and those of undici can't be seen.
    const client = spans.client === 'auto' && this.isForeign ? 'off' : spans.client;
    const { database } = spans;
    if (client !== 'off' || database !== 'off')
      this.#observed.push(observeClientCalls(registry, new ClientSpans({ tracer, recordStacks, recordQueries, client, database })));
    const { propagateTo } = this.#parts;
    if (client !== 'off') this.#observed.push(followHttpClient(registry, propagateTo === undefined ? {} : { propagateTo }));
    this.#sending?.prepare({ registry, logger });
  }

  start(): void {
    this.#sending?.start();
  }

  began(open: OpenContext, exchange: HttpExchange | undefined): Span | undefined {
    return this.#requests?.began(open, exchange);
  }

  ended(_open: OpenContext, outcome: ContextOutcome, begun: unknown): void {
    this.#requests?.ended(outcome, begun as Span | undefined);
  }

  async flush(limits?: { readonly timeoutMs?: number | undefined }): Promise<boolean> {
    return (await this.#sending?.flush(limits)) ?? true;
  }

  async stop(limits?: { readonly timeoutMs?: number | undefined }): Promise<boolean> {
    for (const observed of this.#observed) observed.stop();
    const isSent = (await this.#sending?.stop(limits)) ?? true;
    this.#provider?.close();
    this.#releaseContext();
    return isSent;
  }
}

/** Sends the spans of our own provider. */
class Sending {
  readonly queue: SpanQueue;
  readonly #dropped = new DroppedSpans(TRACES_EXPORTER);
  readonly #exporter: SpanExporter;
  readonly #settings: TracesSettings;
  readonly #timeoutMs: number;
  #loop: PushLoop | undefined;
  #isWoken = false;

  constructor(target: ExportTarget, settings: TracesSettings) {
    const { maxQueueSize, maxBatchSize } = settings;
    const dropped = this.#dropped;
    this.queue = new SpanQueue({ maxQueueSize, maxBatchSize, dropped });
    this.#exporter = new SpanExporter({ target, queue: this.queue, dropped, maxBatchSize });
    this.#settings = settings;
    this.#timeoutMs = target.timeoutMs;
  }

  prepare({ registry, logger }: TracedRegistry): void {
    const { intervalMs, flushTimeoutMs } = this.#settings;
    this.#dropped.countIn(registry);
    this.#loop = new PushLoop(this.#exporter, { registry, logger, intervalMs, flushTimeoutMs, timeoutMs: this.#timeoutMs });
    this.queue.onFull = () => this.#wake();
    this.queue.onFlush = () => this.flush();
  }

  start(): void {
    this.#loop?.start();
  }

  async flush(limits?: { readonly timeoutMs?: number | undefined }): Promise<boolean> {
    return (await this.#loop?.flush(limits)) ?? true;
  }

  async stop(limits: { readonly timeoutMs?: number | undefined } = {}): Promise<boolean> {
    const isSent = this.queue.unsent === 0;
    const isConfirmed = (await this.#loop?.stop(isSent ? { timeoutMs: 0 } : limits)) ?? true;
    if (this.queue.unsent > 0) this.#dropped.add('stopped', this.queue.unsent);
    return isSent || isConfirmed;
  }

  /** Sends a full batch before its time, unless the receiver is away. */
  #wake(): void {
    const loop = this.#loop;
    if (loop === undefined || this.#isWoken || loop.error !== undefined) return;
    this.#isWoken = true;
    // Not in the context of the request whose span was the last.
    void context.with(ROOT_CONTEXT, async () => {
      const isSent = await loop.flush({ timeoutMs: this.#timeoutMs });
      this.#isWoken = false;
      if (isSent && this.queue.length >= this.#settings.maxBatchSize) this.#wake();
    });
  }
}
