/** The metrics of an application, sent by OTLP. */
import { AppSchema, type ExtensionFactory } from '@tsukimi/core';
import { type ExporterSettings, exporterExtension } from '@tsukimi/instrumentation';
import type { Static } from 'typebox';
import { OpenTelemetrySchema, optionsOf } from './configuration.js';
import { checkExporters, isOffByVariable } from './exporter-variables.js';
import { OtlpMetricsExporter, settingsOf, targetOf } from './metrics/exporter.js';
import { exportIntervalMs, type OtlpMetricsOptions } from './metrics/options.js';

type Settings = Static<typeof OpenTelemetrySchema>;

/** The part of the extension that sends metrics. It does nothing if metrics are off. */
export const metricsPart: ExtensionFactory = exporterExtension({
  namespace: 'opentelemetry',
  schema: OpenTelemetrySchema,
  keys: { path: 'opentelemetry.metrics', of: keysOf },
  create: ({ settings, registry, application: { configuration, logger } }) => {
    const options = metricsOptions(settings);
    const application = configuration.namespace('app', AppSchema);
    return new OtlpMetricsExporter(registry, { ...settingsOf(options, { application }), target: targetOf(options), logger });
  },
});

function keysOf(settings: Settings): ExporterSettings {
  const { enabled, required, interval_ms, max_retry_delay_ms, flush_timeout_ms, health } = settings.metrics;
  const isEnabled = settings.enabled && enabled && !isOffByVariable('metrics', process.env);
  if (isEnabled) checkExporters('metrics', process.env);
  // What is off is not checked, so that a variable that is meant for something else does not keep an application from starting.
  const timeout_ms = isEnabled ? targetOf(metricsOptions(settings)).timeoutMs : 1;
  return {
    enabled: isEnabled,
    required,
    interval_ms: isEnabled ? exportIntervalMs(interval_ms) : 1,
    timeout_ms,
    max_retry_delay_ms,
    flush_timeout_ms,
    health,
  };
}

function metricsOptions(settings: Settings): OtlpMetricsOptions {
  const { endpoint, temporality, histograms } = settings.metrics;
  return { ...optionsOf(settings), metricsEndpoint: endpoint, temporality, histograms };
}
