/** Makes a span of each HTTP request and of each run of a task. */
import {
  type Context,
  propagation,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { ContextOutcome, HttpExchange, OpenContext, RequestObserver } from '@tsukimi/core';
import { isOfUnrecordedRoute, type LeftOutRoutes } from '@tsukimi/instrumentation';
import { activeContext } from './active-context.js';
import { addException, markFailed } from './exceptions.js';
import { requestAttributes, spanNameOf } from './http-attributes.js';
import type { SpanSwitch } from './options.js';
import { idsOf } from './span-ids.js';
import { tracedContext, withOpenContext } from './traced-context.js';

export interface RequestSpansOptions {
  readonly tracer: Tracer;
  readonly recordStacks: boolean;
  /** Whether the sampler may look at attributes, so that they have to be there at the start. */
  readonly samplesByAttributes: boolean;
  /** Whether requests have spans. Runs of tasks always have. */
  readonly http: SpanSwitch;
  /** Requests that are left out of traces, with all that they do. */
  readonly leftOut: LeftOutRoutes;
}

export class RequestSpans implements RequestObserver {
  readonly #options: RequestSpansOptions;
  readonly #spans = new WeakMap<OpenContext, Span>();

  constructor(options: RequestSpansOptions) {
    this.#options = options;
  }

  began(open: OpenContext, exchange: HttpExchange | undefined): void {
    if (exchange === undefined) this.#task(open);
    else this.#request(open, exchange.request);
  }

  ended(open: OpenContext, outcome: ContextOutcome): void {
    const span = this.#spans.get(open);
    if (span === undefined) return;
    this.#spans.delete(open);
    if (span.isRecording()) this.#describeEnd(span, outcome);
    span.end();
  }

  #task(open: OpenContext): void {
    const { tracer } = this.#options;
    const within = activeContext();
    const name = open.task ?? 'task';
    this.#enter(open, within, tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes: { 'tsukimi.task': name } }, within));
  }

  #request(open: OpenContext, request: HttpExchange['request']): void {
    const { http, leftOut } = this.#options;
    const active = tracedContext(activeContext());
    const { route, method = '' } = open;
    const isMade = trace.getSpan(active) !== undefined || isMadeByFastifyOtel(request);
    const parent = isMade ? active : propagation.extract(active, request.headers);
    if (isMade && http !== 'on') carry(open, active);
    else if (isOfUnrecordedRoute(request) || leftOut.has(method, route)) carry(open, unsampled(parent));
    else if (http === 'off') carry(open, parent);
    else this.#enter(open, parent, this.#start(parent, request, open));
  }

  #start(parent: Context, request: HttpExchange['request'], { method = '', route }: OpenContext): Span {
    const { tracer, samplesByAttributes } = this.#options;
    const name = spanNameOf(method, route);
    if (samplesByAttributes)
      return tracer.startSpan(name, { kind: SpanKind.SERVER, attributes: requestAttributes(request, route) }, parent);
    // The SDK copies attributes three times if they are there at the start, and a span that is not recorded needs none.
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
    if (span.isRecording()) span.setAttributes(requestAttributes(request, route));
    return span;
  }

  #enter(open: OpenContext, parent: Context, span: Span): void {
    this.#spans.set(open, span);
    open.span = idsOf(span.spanContext());
    carry(open, trace.setSpan(parent, span));
  }

  #describeEnd(span: Span, { statusCode, isAborted, hasFailed, error }: ContextOutcome): void {
    const { recordStacks } = this.#options;
    if (statusCode === undefined) {
      if (hasFailed) markFailed(span, error, { recordStacks });
      return;
    }
    // What was not answered has no status, though Node has one for the answer that it did not send.
    if (!isAborted) span.setAttribute('http.response.status_code', statusCode);
    else span.setAttribute('error.type', ABORTED);
    const isFault = statusCode >= 500 && !isAborted;
    if (isFault) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', String(statusCode));
    }
    if (hasFailed && (isFault || isAborted)) addException(span, error, { recordStacks });
  }
}

/** The `error.type` of a request whose client went away before the last byte. That is no fault of the server, so the span has no status. */
const ABORTED = 'aborted';

function carry(open: OpenContext, within: Context): void {
  open.carried = withOpenContext(within, open);
}

/** `@fastify/otel` decorates requests; its own span is made later than ours would be. */
function isMadeByFastifyOtel(request: object): boolean {
  const read = (request as { readonly opentelemetry?: () => { readonly enabled?: boolean } }).opentelemetry;
  return typeof read === 'function' && Reflect.apply(read, request, [])?.enabled === true;
}

/** A context in which nothing is recorded, so that the calls of a request that is left out do not become traces of their own. */
function unsampled(within: Context): Context {
  const parent = trace.getSpanContext(within);
  const none: SpanContext = { ...(parent ?? NOWHERE), traceFlags: TraceFlags.NONE };
  return trace.setSpanContext(within, none);
}

/** Remote, so that log lines do not have its ids. */
const NOWHERE: SpanContext = {
  traceId: '0'.repeat(31).concat('1'),
  spanId: '0'.repeat(15).concat('1'),
  traceFlags: TraceFlags.NONE,
  isRemote: true,
};
