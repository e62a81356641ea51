/** The schema of the namespace `opentelemetry`. */
import { SchemaType as Type } from '@tsukimi/core/schema-types';
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import type { Static } from 'typebox';
import { OtlpMetricsSchema } from './metrics/configuration.js';
import type { OtlpOptions } from './options.js';
import { TracesSchema } from './traces/configuration.js';

/** Schema of the namespace `opentelemetry`: who sends, where to, and what. Keys that are absent are taken from the standard `OTEL_*` variables. */
export const OpenTelemetrySchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true, shown: true }),
    service: Type.Optional(Type.String({ minLength: 1, shown: true })),
    env: Type.Optional(Type.String({ minLength: 1, shown: true })),
    version: Type.Optional(Type.String({ minLength: 1, shown: true })),
    resource: Type.Record(Type.String(), Type.String(), { default: {} }),
    endpoint: Type.Optional(Type.String()),
    headers: Type.Record(Type.String(), Type.String(), { default: {} }),
    compression: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('gzip')], { shown: true })),
    timeout_ms: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_TIMEOUT_MS, shown: true })),
    traces: TracesSchema,
    metrics: OtlpMetricsSchema,
  },
  { additionalProperties: false },
);

/** Returns the options that traces and metrics share. */
export function optionsOf(settings: Static<typeof OpenTelemetrySchema>): OtlpOptions {
  const { service, env, version, resource, endpoint, headers, compression, timeout_ms: timeoutMs } = settings;
  return { service, env, version, resource, endpoint, headers, compression, timeoutMs };
}
