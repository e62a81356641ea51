/** Which names metrics have: Tsukimi's, or those of OpenTelemetry's stable semantic conventions. */

/** `tsukimi`, `otel` for the names that OpenTelemetry's conventions call stable, or `both` of them. */
export type MetricNaming = 'tsukimi' | 'otel' | 'both';

export const METRIC_NAMINGS: readonly MetricNaming[] = ['tsukimi', 'otel', 'both'];

export function hasTsukimiNames(naming: MetricNaming): boolean {
  return naming !== 'otel';
}

export function hasOpenTelemetryNames(naming: MetricNaming): boolean {
  return naming !== 'tsukimi';
}
