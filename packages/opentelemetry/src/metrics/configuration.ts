/** The keys under `opentelemetry.metrics`. */
import { SchemaType as Type } from '@tsukimi/core/schema-types';

/** What `opentelemetry.metrics` can have. */
export const OtlpMetricsSchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true, shown: true }),
    endpoint: Type.Optional(Type.String()),
  },
  { default: {}, additionalProperties: false },
);
