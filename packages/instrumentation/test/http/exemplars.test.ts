/** The durations of requests have the trace of their request as exemplar, where it is sampled. */
import { Controller, type Extension, Get } from '@tsukimi/core';
import { httpInstrumentation, instrument, traceCalls } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { RecordingTracer } from '../support/recording-tracer.js';
import { instrumentedApplication, start } from '../support/start.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

const traceparent = (flags: string) => ({ traceparent: `00-${TRACE}-${SPAN}-${flags}` });

/** The exemplars in a scrape, each once. */
function exemplarsIn(text: string, metric: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith(`${metric}_bucket`));
  return [...new Set(lines.flatMap((line) => / # (\{.*\}) /.exec(line)?.[1] ?? []))];
}

async function served(options: object) {
  const registry = new MetricsRegistry();
  const server = fastify();
  onTestFinished(() => server.close());
  await server.register(httpInstrumentation, { registry, processMetrics: false, requestContext: true, ...options });
  server.get('/moons', async () => 'moons');
  const exemplars = async () => exemplarsIn(await registry.expose({ format: 'openmetrics' }), 'http_request_duration_seconds');
  return { server, registry, exemplars };
}

test.each([
  ['without labels', {}],
  ['with classes of statuses', { labels: ['status_class'] }],
  ['with labels of the user', { requestLabels: { labelValues: { tenant: ['a'] }, labels: () => ({ tenant: 'a' }) } }],
])('%s, a sampled trace is the exemplar, and one that is not sampled is not', async (_, options) => {
  const { server, exemplars } = await served(options);
  await server.inject({ url: '/moons', headers: traceparent('00') });
  await server.inject({ url: '/moons' });
  expect(await exemplars()).toEqual([]);
  await server.inject({ url: '/moons', headers: traceparent('01') });
  expect(await exemplars()).toEqual([`{trace_id="${TRACE}",span_id="${SPAN}"}`]);
});

test.each(['tsukimi', 'otel'])('with the naming %s, a series that was reset has exemplars again', async (naming) => {
  const { server, registry } = await served({ naming });
  const metric = naming === 'otel' ? 'http_server_request_duration_seconds' : 'http_request_duration_seconds';
  const exemplars = async () => exemplarsIn(await registry.expose({ format: 'openmetrics' }), metric);
  await server.inject({ url: '/moons', headers: traceparent('01') });
  registry.resetMetrics();
  expect(await exemplars()).toEqual([]);
  await server.inject({ url: '/moons', headers: traceparent('01') });
  registry.clear();
  await server.inject({ url: '/moons', headers: traceparent('01') });
  expect(await exemplars()).toEqual([`{trace_id="${TRACE}",span_id="${SPAN}"}`]);
});

test('without the context there are none', async () => {
  const { server, exemplars } = await served({ requestContext: false });
  await server.inject({ url: '/moons', headers: traceparent('01') });
  expect(await exemplars()).toEqual([]);
});

@Controller('/moons')
class Moons {
  @Get('/')
  list() {
    return [];
  }
}

/** A tracer of requests, whose span is the same each time. */
const tracer = (): Extension => ({
  name: 'tracer',
  requestContext: () => ({
    began: (context) => {
      context.span = { traceId: TRACE, spanId: 'aaaaaaaaaaaaaaaa', isSampled: true };
    },
  }),
});

test('in an application with a tracer, it is the span of the request', async () => {
  const { app } = await start(instrumentedApplication([Moons], { extensions: [tracer] }));
  await app.inject({ url: '/moons', headers: traceparent('00') });
  const { body } = await app.inject({ url: '/metrics/prometheus', headers: { accept: 'application/openmetrics-text;version=1.0.0' } });
  expect(exemplarsIn(body, 'http_request_duration_seconds')).toEqual([`{trace_id="${TRACE}",span_id="aaaaaaaaaaaaaaaa"}`]);
});

test('calls past the budget of series have no exemplar of their own, and are counted', async () => {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: 2, onError: () => undefined });
  traceCalls(registry, new RecordingTracer());
  const moons = instrument({ first: () => 1, second: () => 2, third: () => 3 }, { registry, component: 'Moons' });
  expect([moons.first(), moons.second(), moons.third()]).toEqual([1, 2, 3]);
  const text = await registry.expose({ names: ['component_duration_seconds'], format: 'openmetrics' });
  expect(text).not.toContain('method="third"');
});
