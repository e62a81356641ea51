/** The fields that log lines get from the context: a `mixin` for Pino. */
import { activeSpan, openContext } from './context-storage.js';
import type { SpanIds } from './open-context.js';
import type { TraceParent } from './trace-parent.js';

/** Datadog's unified service tags. */
export interface DatadogTags {
  readonly service?: string | undefined;
  readonly env?: string | undefined;
  readonly version?: string | undefined;
}

/** Pino's `mixin`. */
export type LogMixin = (mergeObject: object, level: number, logger: unknown) => object;

export interface RequestContextMixinOptions {
  /**
   * Whether lines have `dd`, too, by which Datadog joins logs and traces: `trace_id` and `span_id` as decimal numbers, and the given `service`, `env` and
   * `version`. `true` takes those from `DD_SERVICE`, `DD_ENV` and `DD_VERSION`.
   * @default false
   */
  readonly datadog?: boolean | DatadogTags;
  /** A mixin of your own. Its fields override ours of the same name. */
  readonly mixin?: (mergeObject: object, level: number, logger: never) => object;
}

/**
 * Returns a `mixin` for Pino that adds `request_id`, `route`, `task`, `trace_id` and `span_id` to each line that is written during a request or a task run, as
 * far as they are known. Fields of the line itself override them.
 * @example
 * `const logger = pino({ mixin: requestContextMixin() });`
 */
export function requestContextMixin({ datadog = false, mixin }: RequestContextMixinOptions = {}): LogMixin {
  const tags = datadog === true ? tagsOfEnvironment() : datadog;
  const fields = tags === false ? plainFields : () => withDatadog(plainFields(), tags);
  if (mixin === undefined) return fields;
  const own = mixin as LogMixin;
  return (mergeObject, level, logger) => Object.assign(fields(), own(mergeObject, level, logger));
}

type Fields = Record<string, unknown>;

// A new object for each line, because Pino writes into it.
function plainFields(): Fields {
  const fields: Fields = {};
  const open = openContext();
  const span = activeSpan();
  if (open !== undefined) {
    fields['request_id'] = open.requestId;
    if (open.route !== undefined) fields['route'] = open.route;
    if (open.task !== undefined) fields['task'] = open.task;
  }
  addTrace(fields, span, open?.traceparent);
  return fields;
}

function addTrace(fields: Fields, span: SpanIds | undefined, received: TraceParent | undefined): void {
  const traceId = span?.traceId ?? received?.traceId;
  if (traceId !== undefined) fields['trace_id'] = traceId;
  if (span !== undefined) fields['span_id'] = span.spanId;
}

function withDatadog(fields: Fields, tags: DatadogTags): Fields {
  const { trace_id: traceId, span_id: spanId } = fields;
  fields['dd'] = {
    ...tags,
    ...(typeof traceId === 'string' && { trace_id: decimal(traceId.slice(16)) }),
    ...(typeof spanId === 'string' && { span_id: decimal(spanId) }),
  };
  return fields;
}

/** Datadog's ids are unsigned 64-bit numbers in decimal; of a longer trace id, the lower half. */
function decimal(hexadecimal: string): string {
  return BigInt(`0x${hexadecimal}`).toString();
}

/** The tags by Datadog's own variables. */
export function tagsOfEnvironment(environment: Readonly<Record<string, string | undefined>> = process.env): DatadogTags {
  const { DD_SERVICE: service, DD_ENV: env, DD_VERSION: version } = environment;
  return { ...(service && { service }), ...(env && { env }), ...(version && { version }) };
}
