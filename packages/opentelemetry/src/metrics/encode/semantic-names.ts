/** The names that metrics and their labels have in OpenTelemetry. */
import { OPENTELEMETRY_NAMES } from '@tsukimi/instrumentation';
import type { MetricFamily } from '@tsukimi/metrics';
import type { AttributeKeys } from './attributes.js';

/** The name of a metric, and the attributes of its labels. */
export interface SemanticName {
  readonly name: string;
  readonly keys: AttributeKeys;
}

const NO_KEYS: AttributeKeys = {};

/** Returns the name of OpenTelemetry's semantic conventions for a metric that follows them; other metrics keep their names. */
export function semanticName({ name, points }: MetricFamily): SemanticName {
  const known = Object.hasOwn(OPENTELEMETRY_NAMES, name) ? OPENTELEMETRY_NAMES[name] : undefined;
  const [first] = points;
  if (known === undefined || first === undefined || !Object.hasOwn(first.labels, known.requires)) return { name, keys: NO_KEYS };
  return { name: known.name, keys: known.attributes };
}
