/** Options of metrics, and the standard variables that stand in for them. */
import { MetricsRegistry } from '@tsukimi/metrics';
import { exportToOtlp, type OtlpMetricsOptions, otlpMetricsExporter } from '@tsukimi/opentelemetry';
import { afterEach, expect, test, vi } from 'vitest';
import { OtlpReceiver } from '../../../../test/support/otlp-receiver.js';
import { metricNamed } from '../support/received-metrics.js';

afterEach(() => vi.unstubAllEnvs());

test.each([
  [{ temporality: 'both' }, 'temporality is a text of 4 characters. Use cumulative or delta.'],
  [{ histograms: 'native' }, 'histograms is a text of 6 characters. Use exponential or classic.'],
  [{ metricsEndpoint: 'collector:4318' }, 'Use a URL with http or https'],
])('%j is refused', (options, message) => {
  expect(() => otlpMetricsExporter(new MetricsRegistry(), options as OtlpMetricsOptions)).toThrow(
    expect.objectContaining({ code: 'TSK_ERR_OPENTELEMETRY_OPTION', message: expect.stringContaining(message) }),
  );
});

test.each([
  ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'sometimes', 'cumulative, delta, lowmemory'],
  ['OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION', 'native', 'base2_exponential_bucket_histogram, explicit_bucket_histogram'],
  ['OTEL_METRIC_EXPORT_INTERVAL', '1 minute', 'a whole number of milliseconds from 1 to 1073741823'],
])('%s=%s is refused', (name, value, allowed) => {
  vi.stubEnv(name, value);
  expect(() => exportToOtlp(new MetricsRegistry())).toThrow(`${name} is a text of ${value.length} characters. Use ${allowed}.`);
});

test('the form is taken from the variables, and an option wins', async () => {
  await using receiver = await OtlpReceiver.open();
  vi.stubEnv('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', `${receiver.url}/v1/metrics`);
  vi.stubEnv('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'LowMemory');
  vi.stubEnv('OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION', 'explicit_bucket_histogram');
  const sent = async (options: OtlpMetricsOptions) => {
    const registry = new MetricsRegistry();
    registry.histogram({ name: 'wait_seconds', help: '' }).observe(1);
    const loop = exportToOtlp(registry, { ...options, timeoutMs: 60_000, flushTimeoutMs: 60_000 });
    await loop.stop();
    const metric = metricNamed(receiver.metrics.at(-1), 'wait_seconds');
    return [metric?.kind, metric?.temporality];
  };
  expect(await sent({})).toEqual(['histogram', 'delta']);
  expect(await sent({ temporality: 'cumulative', histograms: 'exponential' })).toEqual(['exponentialHistogram', 'cumulative']);
});
