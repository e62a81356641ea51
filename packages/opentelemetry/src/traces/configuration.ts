/** The keys under `opentelemetry.traces`. */
import { SchemaType as Type } from '@tsukimi/core/schema-types';

/** What `opentelemetry.traces` can have. */
export const TracesSchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true, shown: true }),
    endpoint: Type.Optional(Type.String()),
  },
  { default: {}, additionalProperties: false },
);
