/** The ids of OpenTelemetry's spans, as the request context has them. */
import { type SpanContext, TraceFlags } from '@opentelemetry/api';
import type { SpanIds } from '@tsukimi/core';

export function idsOf({ traceId, spanId, traceFlags, traceState }: SpanContext): SpanIds {
  return {
    traceId,
    spanId,
    isSampled: (traceFlags & TraceFlags.SAMPLED) === TraceFlags.SAMPLED,
    tracestate: traceState?.serialize(),
  };
}
