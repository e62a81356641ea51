/** The keys under `opentelemetry.metrics`. */
import { SchemaType as Type } from '@tsukimi/core/schema-types';
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';

const LONGEST_MS = Math.floor(LONGEST_TIMEOUT_MS / 2);

const milliseconds = { minimum: 1, maximum: LONGEST_MS, shown: true } as const;

/** What `opentelemetry.metrics` can have. */
export const OtlpMetricsSchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true, shown: true }),
    required: Type.Boolean({ default: false, shown: true }),
    endpoint: Type.Optional(Type.String()),
    temporality: Type.Optional(Type.Union([Type.Literal('cumulative'), Type.Literal('delta')], { shown: true })),
    histograms: Type.Optional(Type.Union([Type.Literal('exponential'), Type.Literal('classic')], { shown: true })),
    interval_ms: Type.Optional(Type.Integer(milliseconds)),
    max_retry_delay_ms: Type.Integer({ ...milliseconds, default: 60_000 }),
    flush_timeout_ms: Type.Integer({ ...milliseconds, default: 2_000 }),
    health: Type.Enum(['readiness', 'info', 'off'], { default: 'info', shown: true }),
  },
  { default: {}, additionalProperties: false },
);
