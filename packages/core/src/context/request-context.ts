/** What users read of the context of a request or a task run. */
import { activeSpan, openContext } from './context-storage.js';
import type { TraceParent } from './trace-parent.js';

/** The request, or the run of a task, that the running code belongs to. */
export interface RequestContext {
  /** The id of the request: what `x-request-id` brought, or a random UUID. A run of a task has a random UUID of its own. */
  readonly requestId: string;
  /** The template of the route, such as `/users/:id`; undefined for a task, and for a path without a route. */
  readonly route: string | undefined;
  /** The method of the request, such as `GET`; undefined for a task. */
  readonly method: string | undefined;
  /** The name of the task; undefined for a request. */
  readonly task: string | undefined;
  /** The W3C trace context that the request brought; undefined if there was none. */
  readonly traceparent: TraceParent | undefined;
  /** The trace: that of the active span, or without tracing the one that the request brought. */
  readonly traceId: string | undefined;
  /** The active span; undefined without tracing. */
  readonly spanId: string | undefined;
  /** Whether the trace is recorded: as the active span says, or without tracing as the caller said. */
  readonly isSampled: boolean;
}

/**
 * Returns the context of the request, or of the task run, that the running code belongs to; undefined outside of both, and if the context is off.
 *
 * It follows awaits, timers, streams and everything else asynchronous. The result is a frozen copy: read it again for the current span.
 * @example
 * `const { requestId } = currentRequestContext() ?? {};`
 */
export function currentRequestContext(): RequestContext | undefined {
  const open = openContext();
  if (open === undefined) return undefined;
  const { requestId, route, method, task, traceparent } = open;
  const span = activeSpan();
  return Object.freeze({
    requestId,
    route,
    method,
    task,
    traceparent,
    traceId: span?.traceId ?? traceparent?.traceId,
    spanId: span?.spanId,
    isSampled: span?.isSampled ?? traceparent?.isSampled ?? false,
  });
}
