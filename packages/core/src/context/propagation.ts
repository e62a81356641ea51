/** The headers by which a call to another service passes the context on. */
import { activeSpan, openContext, traceHeaders } from './context-storage.js';
import type { SpanIds } from './open-context.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import type { TraceParent } from './trace-parent.js';

const SAMPLED = 1;

/**
 * Returns `x-request-id`, `traceparent` and `tracestate` of the running code, as far as there are any. Without tracing, the trace context that the
 * request brought is passed on unchanged. A tracing library that keeps the context can send other headers instead.
 */
export function contextHeaders(): Readonly<Record<string, string>> {
  const open = openContext();
  const headers: Record<string, string> = {};
  if (open !== undefined && open.task === undefined) headers[REQUEST_ID_HEADER] = open.requestId;
  const traced = traceHeaders();
  if (traced !== undefined) return Object.assign(headers, traced);
  const span = activeSpan();
  if (span !== undefined) addSpan(headers, span, open?.traceparent);
  else if (open?.traceparent !== undefined) addReceived(headers, open.traceparent);
  return headers;
}

function addSpan(
  headers: Record<string, string>,
  { traceId, spanId, isSampled, tracestate }: SpanIds,
  received: TraceParent | undefined,
): void {
  headers['traceparent'] = `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
  const state = tracestate ?? (received?.traceId === traceId ? received.tracestate : undefined);
  if (state !== undefined) headers['tracestate'] = state;
}

function addReceived(headers: Record<string, string>, { traceId, spanId, flags, tracestate }: TraceParent): void {
  // Written as version 00, which defines only the first two flags.
  headers['traceparent'] = `00-${traceId}-${spanId}-${(flags & (SAMPLED | 2)).toString(16).padStart(2, '0')}`;
  if (tracestate !== undefined) headers['tracestate'] = tracestate;
}
