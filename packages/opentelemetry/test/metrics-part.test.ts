/** Metrics by OTLP in applications. */
import { Controller, Get } from '@tsukimi/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { attributesOf, OtlpReceiver } from '../../../test/support/otlp-receiver.js';
import { instrumentedApplication, listen, startFailure } from '../../instrumentation/test/support/start.js';
import { metricsPart } from '../src/metrics-part.js';
import { metricNamed } from './support/received-metrics.js';

@Controller('/sales')
class SalesController {
  @Get('/')
  async sell(): Promise<string> {
    return 'sold';
  }
}

const App = instrumentedApplication([SalesController], { extensions: [metricsPart] });

test('everything that was recorded arrives, the last request among it', async () => {
  await using receiver = await OtlpReceiver.open();
  const configuration = {
    app: { name: 'shop', version: '2.0.0' },
    opentelemetry: { endpoint: receiver.url, env: 'test', metrics: { interval_ms: 60_000, flush_timeout_ms: 20_000 } },
  };
  const { app, port } = await listen(App, { configuration });
  for (let request = 0; request < 3; request += 1) await (await fetch(`http://127.0.0.1:${port}/sales`)).text();
  await app.close();
  const last = receiver.metrics.at(-1);
  expect(attributesOf(last?.resourceMetrics[0]?.resource.attributes ?? [])).toMatchObject({
    'service.name': 'shop',
    'service.version': '2.0.0',
    'deployment.environment.name': 'test',
  });
  expect(metricNamed(last, 'http_requests_total')?.points).toEqual([
    expect.objectContaining({ attributes: { method: 'GET', path: '/sales', status: '200' }, asDouble: 3 }),
  ]);
  expect(metricNamed(last, 'http_request_duration_seconds')).toMatchObject({ kind: 'exponentialHistogram', unit: 's' });
  expect(metricNamed(last, 'component_duration_seconds')?.points).toEqual([
    expect.objectContaining({ attributes: { component: 'SalesController', method: 'sell' }, count: '3' }),
  ]);
});

test.each([
  ['opentelemetry.enabled', { enabled: false }],
  ['opentelemetry.metrics.enabled', { metrics: { enabled: false } }],
])('with %s: false, nothing is sent', async (_, settings) => {
  await using receiver = await OtlpReceiver.open();
  const { app } = await listen(App, { configuration: { opentelemetry: { endpoint: receiver.url, ...settings } } });
  await app.close();
  expect(receiver.attempts).toBe(0);
});

test.each([
  ['OTEL_SDK_DISABLED', 'True'],
  ['OTEL_METRICS_EXPORTER', 'none'],
  ['OTEL_METRICS_EXPORTER', 'prometheus'],
])('with %s=%s, nothing is sent', async (name, value) => {
  vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  await using receiver = await OtlpReceiver.open();
  const { app } = await listen(App, { configuration: { opentelemetry: { endpoint: receiver.url } } });
  await app.close();
  expect(receiver.attempts).toBe(0);
});

test('an exporter that there is not fails the start', async () => {
  vi.stubEnv('OTEL_METRICS_EXPORTER', 'otlp,console');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await startFailure(App, { configuration: {} })).toContain('OTEL_METRICS_EXPORTER is "console". Use otlp, prometheus, none.');
});

test('an application starts without the receiver, unless it is required', async () => {
  await using receiver = await OtlpReceiver.open({ isStarted: false });
  const settings = (metrics: Readonly<Record<string, string | number | boolean>>) => ({
    configuration: { opentelemetry: { endpoint: receiver.url, timeout_ms: 500, metrics } },
  });
  const { app } = await listen(App, settings({ flush_timeout_ms: 100 }));
  await app.close();
  const failure = await startFailure(App, settings({ required: true }));
  expect(failure).toContain('TSK_ERR_EXPORTER_REQUIRED: The first push of the exporter opentelemetry.metrics failed');
  expect(failure).toContain('set opentelemetry.metrics.required to false');
});

test('wrong values fail the start', async () => {
  const failure = (metrics: Readonly<Record<string, string | number | boolean>>) =>
    startFailure(App, { configuration: { opentelemetry: { metrics } } });
  expect(await failure({ temporality: 'both' })).toContain('opentelemetry.metrics.temporality');
  expect(await failure({ intervall_ms: 5 })).toContain('intervall_ms');
  expect(await failure({ endpoint: 'collector' })).toContain('metrics.endpoint');
});
