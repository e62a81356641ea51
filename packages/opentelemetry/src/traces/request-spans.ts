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
import type { ContextOutcome, HttpExchange, OpenContext } from '@tsukimi/core';
import { isOfUnrecordedRoute, type LeftOutRoutes } from '@tsukimi/instrumentation';
import { activeContext, readsTraceparent } from './active-context.js';
import { addException, markFailed } from './exceptions.js';
import { requestAttributes, spanNameOf } from './http-attributes.js';
import type { SpanSwitch } from './options.js';
import { idsOf } from './span-ids.js';
import { tracedContext, unrecordedContext, withOpenContext, withReceived } from './traced-context.js';

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

export class RequestSpans {
  readonly #options: RequestSpansOptions;

  constructor(options: RequestSpansOptions) {
    this.#options = options;
  }

  /** Returns the span, if one is made. */
  began(open: OpenContext, exchange: HttpExchange | undefined): Span | undefined {
    return exchange === undefined ? this.#task(open) : this.#request(open, exchange.request);
  }

  ended(outcome: ContextOutcome, span: Span | undefined): void {
    if (span === undefined) return;
    if (span.isRecording()) this.#describeEnd(span, outcome);
    span.end();
  }

  #task(open: OpenContext): Span {
    const { tracer } = this.#options;
    const within = activeContext();
    const name = open.task ?? 'task';
    return enter(open, within, tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes: { 'tsukimi.task': name } }, within));
  }

  #request(open: OpenContext, request: HttpExchange['request']): Span | undefined {
    const { http, leftOut } = this.#options;
    const active = tracedContext(activeContext());
    const { route, method = '' } = open;
    const isMade = trace.getSpan(active) !== undefined || isMadeByFastifyOtel(request);
    const parent = isMade ? active : received(active, open, request);
    if (isMade && http !== 'on') return carry(open, active);
    if (isOfUnrecordedRoute(request) || leftOut.has(method, route)) return carry(open, unsampled(parent));
    if (http === 'off') return carry(open, parent);
    return enter(open, parent, this.#start(parent, request, open));
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

function enter(open: OpenContext, parent: Context, span: Span): Span {
  open.span = idsOf(span.spanContext());
  carry(open, trace.setSpan(parent, span));
  return span;
}

function carry(open: OpenContext, within: Context): undefined {
  open.carried = withOpenContext(within, open);
}

/** The context that a request brought. The request context has read `traceparent` already. */
function received(active: Context, { traceparent }: OpenContext, { headers }: HttpExchange['request']): Context {
  const isRead = readsTraceparent();
  const within = isRead && headers['baggage'] === undefined ? active : propagation.extract(active, headers);
  if (!isRead || traceparent === undefined) return within;
  return withReceived(within, traceparent);
}

/** `@fastify/otel` decorates requests; its own span is made later than ours would be. */
function isMadeByFastifyOtel(request: object): boolean {
  const read = (request as { readonly opentelemetry?: () => { readonly enabled?: boolean } }).opentelemetry;
  return typeof read === 'function' && Reflect.apply(read, request, [])?.enabled === true;
}

/** A context in which nothing is recorded, so that the calls of a request that is left out do not become traces of their own. */
function unsampled(within: Context): Context {
  return unrecordedContext(within, trace.getSpanContext(within) ?? NOWHERE);
}

/** Remote, so that log lines do not have its ids. */
const NOWHERE: SpanContext = {
  traceId: '0'.repeat(31).concat('1'),
  spanId: '0'.repeat(15).concat('1'),
  traceFlags: TraceFlags.NONE,
  isRemote: true,
};
