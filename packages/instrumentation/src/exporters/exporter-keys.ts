/** The configuration keys that every exporter has. */
import { SchemaType as Type } from '@tsukimi/core/schema-types';
import { LONGEST_TIMEOUT_MS, type PushLoopOptions } from '@tsukimi/metrics';
import type { Static, TObject, TProperties } from 'typebox';

const LONGEST_MS = Math.floor(LONGEST_TIMEOUT_MS / 2);

const milliseconds = (usual: number) => Type.Integer({ minimum: 1, maximum: LONGEST_MS, default: usual, shown: true });

const COMMON_KEYS = {
  enabled: Type.Boolean({ default: true, shown: true }),
  required: Type.Boolean({ default: false, shown: true }),
  interval_ms: milliseconds(10_000),
  timeout_ms: milliseconds(5_000),
  max_retry_delay_ms: milliseconds(60_000),
  flush_timeout_ms: milliseconds(2_000),
  health: Type.Enum(['readiness', 'info', 'off'], { default: 'info', shown: true }),
};

/** The values of the keys that every exporter has. */
export type ExporterSettings = Static<TObject<typeof COMMON_KEYS>>;

/**
 * Returns the schema of an exporter's namespace: its own keys, and those that every exporter has (`enabled`, `required`, `interval_ms`, `timeout_ms`,
 * `max_retry_delay_ms`, `flush_timeout_ms`, `health`).
 * @param keys the exporter's own keys. Annotate those that can't be secrets with `shown: true`, so that errors show their values.
 */
export function exporterSchema<P extends TProperties>(keys: P): TObject<P & typeof COMMON_KEYS> {
  return Type.Object({ ...keys, ...COMMON_KEYS }) as unknown as TObject<P & typeof COMMON_KEYS>;
}

export function loopOptions(settings: ExporterSettings): Omit<PushLoopOptions, 'registry'> {
  const { interval_ms: intervalMs, timeout_ms: timeoutMs, max_retry_delay_ms: maxRetryDelayMs } = settings;
  return { intervalMs, timeoutMs, maxRetryDelayMs, flushTimeoutMs: settings.flush_timeout_ms };
}
