/** The keys under `opentelemetry.traces`. */
import { SchemaType as Type } from '@tsukimi/core/schema-types';
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import type { Static } from 'typebox';
import { MOST_QUEUED, type TracesOptions } from './options.js';

const LONGEST_MS = Math.floor(LONGEST_TIMEOUT_MS / 2);

const milliseconds = () => Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_MS, shown: true }));

const spans = () => Type.Union([Type.Literal('auto'), Type.Literal('on'), Type.Literal('off')], { default: 'auto', shown: true });

/** Requests that are left out: checked further by their own rules. */
const RequestExclusionSchema = Type.Object(
  {
    method: Type.Optional(Type.String()),
    path: Type.Optional(Type.String()),
    unmatched: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** What `opentelemetry.traces` can have. */
export const TracesSchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true, shown: true }),
    endpoint: Type.Optional(Type.String()),
    sample_ratio: Type.Optional(Type.Number({ minimum: 0, maximum: 1, shown: true })),
    record_stacks: Type.Boolean({ default: false, shown: true }),
    record_queries: Type.Boolean({ default: false, shown: true }),
    propagators: Type.Optional(
      Type.Array(Type.Union([Type.Literal('tracecontext'), Type.Literal('baggage'), Type.Literal('none')]), { shown: true }),
    ),
    exclude: Type.Array(Type.Union([Type.String(), RequestExclusionSchema]), { default: [], shown: true }),
    spans: Type.Object({ http: spans(), client: spans(), database: spans() }, { default: {}, additionalProperties: false }),
    max_queue_size: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_QUEUED, shown: true })),
    max_batch_size: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_QUEUED, shown: true })),
    interval_ms: milliseconds(),
    flush_timeout_ms: milliseconds(),
  },
  { default: {}, additionalProperties: false },
);

/** Returns the options of the keys. */
export function tracesOptionsOf(settings: Static<typeof TracesSchema>): TracesOptions {
  const { endpoint: tracesEndpoint, sample_ratio: sampleRatio, record_stacks: recordStacks, record_queries: recordQueries } = settings;
  const {
    max_queue_size: maxQueueSize,
    max_batch_size: maxBatchSize,
    interval_ms: intervalMs,
    flush_timeout_ms: flushTimeoutMs,
  } = settings;
  const { propagators, exclude, spans } = settings;
  return {
    tracesEndpoint,
    sampleRatio,
    recordStacks,
    recordQueries,
    propagators,
    exclude,
    spans,
    maxQueueSize,
    maxBatchSize,
    intervalMs,
    flushTimeoutMs,
  };
}
