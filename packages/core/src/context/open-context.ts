/** The context of a request or a task run while it is open, as the code that fills it sees it. Users read it by `currentRequestContext`. */
import { runIn } from './context-storage.js';
import type { TraceParent } from './trace-parent.js';

/** The ids of a span. */
export interface SpanIds {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** Whether the span is recorded and exported. */
  readonly isSampled: boolean;
  /** What the span passes on as `tracestate`. */
  readonly tracestate?: string | undefined;
}

/** What is known when a request arrives, or a task run begins. */
export interface ContextFacts {
  readonly requestId: string;
  /** The template of the route; undefined for a task, and for a path without a route. */
  readonly route?: string | undefined;
  readonly method?: string | undefined;
  /** The name of the task; undefined for a request. */
  readonly task?: string | undefined;
  readonly traceparent?: TraceParent | undefined;
}

/** The context of one request or one run of a task. */
export class OpenContext {
  readonly requestId: string;
  readonly route: string | undefined;
  readonly method: string | undefined;
  readonly task: string | undefined;
  readonly traceparent: TraceParent | undefined;
  /** The span of the whole request or run. A tracer sets it in `began`. */
  span: SpanIds | undefined = undefined;
  /** What the storage keeps with the context, such as the context of another library. A tracer sets it in `began`. */
  carried: unknown = undefined;

  constructor({ requestId, route, method, task, traceparent }: ContextFacts) {
    this.requestId = requestId;
    this.route = route;
    this.method = method;
    this.task = task;
    this.traceparent = traceparent;
  }

  /** Runs a function, and everything that it starts, in this context. */
  run<R>(act: () => R): R {
    return runIn(this, act);
  }
}
