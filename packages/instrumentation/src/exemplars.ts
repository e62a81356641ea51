/** The exemplars of what belongs to a trace. */
import { contextOf } from '@tsukimi/core';
import type { RecordOptions } from '@tsukimi/metrics';
import type { FastifyRequest } from 'fastify';

/** A trace, and the span in it; undefined if only the caller of the application has one. */
interface Trace {
  readonly traceId: string;
  readonly spanId: string;
}

/** Returns the trace of a request if it is sampled: its span, or without tracing what the request brought. */
export function sampledTraceOf(request: FastifyRequest): Trace | undefined {
  const context = contextOf(request);
  const trace = context?.span ?? context?.traceparent;
  return trace?.isSampled === true ? trace : undefined;
}

export function exemplarOfTrace({ traceId, spanId }: Trace): RecordOptions {
  return { exemplar: { trace_id: traceId, span_id: spanId } };
}
