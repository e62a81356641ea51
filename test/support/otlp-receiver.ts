/**
 * A receiver of OTLP over HTTP. It decodes what it gets by protobufjs with the official schema, which the official transformer shipped in its
 * version 0.215 (`otlp-schema`); what sends uses another encoder.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { freePort } from './free-port.js';
import { waitUntil } from './wait-until.js';

/** A message type, as protobufjs makes them. */
interface MessageType {
  decode(bytes: Uint8Array): object;
  encode(message: object): { finish(): Uint8Array };
  toObject(message: object, options: object): object;
}

interface Collector {
  readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: MessageType; readonly ExportTraceServiceResponse: MessageType } };
  readonly metrics: {
    readonly v1: { readonly ExportMetricsServiceRequest: MessageType; readonly ExportMetricsServiceResponse: MessageType };
  };
}

const root = createRequire(import.meta.url)('otlp-schema/build/src/generated/root') as {
  readonly opentelemetry: { readonly proto: { readonly collector: Collector } };
};
const { trace, metrics } = root.opentelemetry.proto.collector;

/** Numbers of 64 bits are texts, bytes are buffers, enumerations are numbers, and what is absent has its default. */
const AS_OBJECTS = { longs: String, bytes: Buffer, enums: Number, defaults: true, arrays: true };

/** The value of an attribute. */
export interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
}

export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

interface OtlpScope {
  readonly name: string;
  readonly version: string;
}

interface OtlpResource {
  readonly attributes: readonly OtlpAttribute[];
}

interface OtlpSpan {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId: Buffer;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly events: readonly { readonly name: string; readonly timeUnixNano: string; readonly attributes: readonly OtlpAttribute[] }[];
  readonly status: { readonly code: number; readonly message: string } | null;
}

/** A request with traces, as decoded. */
export interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly resource: OtlpResource;
    readonly scopeSpans: readonly { readonly scope: OtlpScope; readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** A request with metrics, as decoded; the fields have the names of the schema, in camel case. */
export interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly resource: OtlpResource;
    readonly scopeMetrics: readonly { readonly scope: OtlpScope; readonly metrics: readonly Readonly<Record<string, unknown>>[] }[];
  }[];
}

/** The values of attributes, in the types of JavaScript. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A span as tests want to see it. */
export interface ReceivedSpan {
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer' | 'unspecified';
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly status: 'unset' | 'ok' | 'error';
  readonly statusMessage: string;
  readonly startNanoseconds: bigint;
  readonly endNanoseconds: bigint;
  readonly resource: Attributes;
  readonly scope: string;
}

/** How the receiver answers. `hang` takes the request, and never answers. */
export type Answer =
  | 'hang'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Uint8Array };

/** A request that was answered with success. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUSES = ['unset', 'ok', 'error'] as const;

/** Listens on a port of the loopback for `/v1/traces` and `/v1/metrics`. */
export class OtlpReceiver implements AsyncDisposable {
  /** All spans of all requests that were answered with success. */
  readonly spans: ReceivedSpan[] = [];
  readonly metrics: MetricsRequest[] = [];
  readonly requests: ReceivedRequest[] = [];
  /** How many requests came, answered or not. */
  attempts = 0;
  /** How it answers while this is set; what comes then is not kept. */
  answer: Answer | undefined;
  #server: Server | undefined;

  private constructor(readonly port: number) {}

  /** Opens a receiver; without `isStarted`, only a port, on which nobody listens yet. */
  static async open({ isStarted = true }: { readonly isStarted?: boolean } = {}): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver(await freePort());
    if (isStarted) await receiver.start();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#take(request, response)).listen(this.port, '127.0.0.1');
    this.#server = server;
    await once(server, 'listening');
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** Waits until a number of spans has come. */
  async untilSpans(count: number): Promise<readonly ReceivedSpan[]> {
    await waitUntil(`${count} spans, there are ${this.spans.length}`, () => this.spans.length >= count, { intervalMs: 5 });
    return this.spans;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.attempts += 1;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The exporter has gone away.
    }
    const { answer } = this;
    if (answer === 'hang') return;
    if (answer !== undefined) {
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    }
    const bytes = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    const path = request.url ?? '';
    if (path.endsWith('/v1/traces')) this.spans.push(...spansOf(decoded(trace.v1.ExportTraceServiceRequest, body)));
    else if (path.endsWith('/v1/metrics')) this.metrics.push(decodeMetrics(body));
    else {
      response.writeHead(404).end();
      return;
    }
    this.requests.push({ path, headers: request.headers });
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  }
}

/** Encodes a partial success, as a receiver answers that refused some of a request. */
export function partialSuccess(signal: 'traces' | 'metrics', rejected: number, errorMessage: string): Uint8Array {
  const [type, field] =
    signal === 'traces'
      ? [trace.v1.ExportTraceServiceResponse, 'rejectedSpans']
      : [metrics.v1.ExportMetricsServiceResponse, 'rejectedDataPoints'];
  return type.encode({ partialSuccess: { [field as string]: rejected, errorMessage } }).finish();
}

/** The values of attributes, in the types of JavaScript. */
export function attributesOf(attributes: readonly OtlpAttribute[]): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, anyValue(value)]));
}

/** Decodes the body of a request with metrics. */
export function decodeMetrics(body: Uint8Array): MetricsRequest {
  return decoded(metrics.v1.ExportMetricsServiceRequest, body);
}

function decoded<T>(type: MessageType, body: Uint8Array): T {
  return type.toObject(type.decode(body), AS_OBJECTS) as T;
}

function anyValue(value: OtlpValue): unknown {
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(anyValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}

function spansOf({ resourceSpans }: TraceRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({
        name: span.name,
        kind: KINDS[span.kind] ?? 'unspecified',
        traceId: span.traceId.toString('hex'),
        spanId: span.spanId.toString('hex'),
        parentSpanId: span.parentSpanId.toString('hex'),
        traceState: span.traceState,
        attributes: attributesOf(span.attributes),
        events: span.events.map(({ name, attributes }) => ({ name, attributes: attributesOf(attributes) })),
        status: STATUSES[span.status?.code ?? 0] ?? 'unset',
        statusMessage: span.status?.message ?? '',
        startNanoseconds: BigInt(span.startTimeUnixNano),
        endNanoseconds: BigInt(span.endTimeUnixNano),
        resource: attributesOf(resource.attributes),
        scope: scope.name,
      })),
    ),
  );
}
