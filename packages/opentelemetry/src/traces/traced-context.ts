/** A context of OpenTelemetry in which a span and a request are cheap to set: the API's own copies a map and makes three functions for each value. */
import { type Context, createContextKey, type Span, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import { TraceState } from '@opentelemetry/core';
import type { OpenContext, TraceParent } from '@tsukimi/core';

const OPEN_CONTEXT = createContextKey('tsukimi.context');

/** The key under which the API keeps the active span: it tells nobody, so it is seen in use. */
const ACTIVE_SPAN = keyOfSpans();

/** Values beside these two are kept in a context of the API. */
class TracedContext implements Context {
  constructor(
    private readonly span: unknown,
    private readonly open: unknown,
    private readonly others: Context,
  ) {}

  getValue(key: symbol): unknown {
    if (key === ACTIVE_SPAN) return this.span;
    return key === OPEN_CONTEXT ? this.open : this.others.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === ACTIVE_SPAN) return new TracedContext(value, this.open, this.others);
    if (key === OPEN_CONTEXT) return new TracedContext(this.span, value, this.others);
    return new TracedContext(this.span, this.open, this.others.setValue(key, value));
  }

  deleteValue(key: symbol): Context {
    if (key === ACTIVE_SPAN || key === OPEN_CONTEXT) return this.setValue(key, undefined);
    return new TracedContext(this.span, this.open, this.others.deleteValue(key));
  }
}

/** Returns a context with the same values. */
export function tracedContext(context: Context): Context {
  if (context instanceof TracedContext) return context;
  return new TracedContext(trace.getSpan(context), context.getValue(OPEN_CONTEXT), context);
}

/** Kept beside a span that stands for none: what is passed on instead. */
const PASSED_ON = createContextKey('tsukimi.passed-on');

/** Returns a context in which nothing is recorded, and which passes the same trace on. */
export function unrecordedContext(within: Context, span: SpanContext): Context {
  return trace.setSpanContext(within, { ...span, traceFlags: TraceFlags.NONE }).setValue(PASSED_ON, within);
}

/** Returns what a context passes on to other programs. Where nothing is traced, and in what is left out, that is the trace that the request brought. */
export function passedOnContext(context: Context): Context {
  const span = trace.getSpanContext(context);
  if (span?.isRemote === true) return (context.getValue(PASSED_ON) as Context | undefined) ?? context;
  const received = span === undefined ? openContextIn(context)?.traceparent : undefined;
  return received === undefined ? context : withReceived(context, received);
}

/** Returns a context whose spans are children of the span that a request brought. */
export function withReceived(context: Context, { traceId, spanId, flags, tracestate }: TraceParent): Context {
  const state = tracestate === undefined ? {} : { traceState: new TraceState(tracestate) };
  // The API knows two flags, and writes one digit of them.
  return trace.setSpanContext(context, { traceId, spanId, traceFlags: flags & KNOWN_FLAGS, isRemote: true, ...state });
}

/** The flags "sampled" and "random". */
const KNOWN_FLAGS = 3;

/** Returns the request context that a context has in it. */
export function openContextIn(context: Context): OpenContext | undefined {
  return context.getValue(OPEN_CONTEXT) as OpenContext | undefined;
}

/** Returns a context that has the request context in it. */
export function withOpenContext(within: Context, open: OpenContext): Context {
  return tracedContext(within).setValue(OPEN_CONTEXT, open);
}

function keyOfSpans(): symbol | undefined {
  let found: symbol | undefined;
  const probe: Context = {
    getValue: () => undefined,
    setValue(key) {
      found = key;
      return probe;
    },
    deleteValue: () => probe,
  };
  trace.setSpan(probe, undefined as unknown as Span);
  return found;
}
