/** Makes a span of each component call. */
import { type Attributes, type Context, context, type Span, SpanKind, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import type { SpanIds } from '@tsukimi/core';
import type { CallSpan, CallTracer, SpanOutcome, StartCallSpan, TracedMethod } from '@tsukimi/instrumentation';
import { activeContext } from './active-context.js';
import { markFailed } from './exceptions.js';
import { idsOf } from './span-ids.js';
import { tracedContext } from './traced-context.js';

interface CallSpansOptions {
  readonly tracer: Tracer;
  readonly recordStacks: boolean;
  /** Whether the sampler may look at attributes, so that they have to be there at the start. */
  readonly samplesByAttributes: boolean;
}

export class CallSpans implements CallTracer {
  readonly #options: CallSpansOptions;

  constructor(options: CallSpansOptions) {
    this.#options = options;
  }

  trace({ component, kind, method }: TracedMethod): StartCallSpan {
    const { tracer, samplesByAttributes } = this.#options;
    const name = `${component}.${method}`;
    const attributes: Attributes = { 'code.function.name': name, 'tsukimi.component.kind': kind };
    // The SDK copies attributes three times if they are there at the start.
    const options = { kind: SpanKind.INTERNAL, ...(samplesByAttributes && { attributes }) };
    return () => {
      const active = activeContext();
      const parent = trace.getSpan(active)?.spanContext();
      // A call in a trace that is not recorded costs no more than this.
      if (parent !== undefined && (parent.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
      if (isTracingSuppressed(active)) return undefined;
      const span = tracer.startSpan(name, options, active);
      if (!samplesByAttributes) span.setAttributes(attributes);
      return new StartedCallSpan(span, active, this.#options);
    };
  }
}

/** Members are `private`, not `#`: those would be installed for each call. */
class StartedCallSpan implements CallSpan {
  readonly ids: SpanIds;
  private readonly span: Span;
  private readonly within: Context;
  private readonly options: CallSpansOptions;

  constructor(span: Span, parent: Context, options: CallSpansOptions) {
    this.span = span;
    this.ids = idsOf(span.spanContext());
    this.within = trace.setSpan(tracedContext(parent), span);
    this.options = options;
  }

  run<R>(act: () => R): R {
    return context.with(this.within, act);
  }

  ended({ endedAgoSeconds, hasFailed, error }: SpanOutcome): void {
    const { span } = this;
    if (hasFailed) markFailed(span, error, this.options);
    if (endedAgoSeconds < SHORTEST_DELAY_SECONDS) span.end();
    else span.end(Date.now() - endedAgoSeconds * 1000);
  }
}

/** Shorter delays lie within the time that recording the call takes. */
const SHORTEST_DELAY_SECONDS = 0.001;
