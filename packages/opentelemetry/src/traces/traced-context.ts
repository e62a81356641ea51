/** A context of OpenTelemetry in which a span and a request are cheap to set: the API's own copies a map and makes three functions for each value. */
import { type Context, createContextKey, type Span, trace } from '@opentelemetry/api';
import type { OpenContext } from '@tsukimi/core';

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
