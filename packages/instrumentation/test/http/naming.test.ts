/** The names of HTTP metrics: Tsukimi's, OpenTelemetry's, or both. */
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Controller, Get, HttpError } from '@tsukimi/core';
import { defineRequestLabels, httpInstrumentation, type MetricNaming } from '@tsukimi/instrumentation';
import { type HistogramFamily, MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { type FastifyInstance, fastify } from 'fastify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { jsonView, textLines } from '../support/scrape.js';
import { instrumentedApplication, start, startFailure } from '../support/start.js';
import { CERTIFICATE } from './support/certificate.js';
import { RawClient } from './support/raw-client.js';

@Controller('/moons')
class MoonController {
  @Get('/:night')
  moon(): string {
    return 'full';
  }

  @Get('/lost')
  lost(): never {
    throw new HttpError(404, 'no moon');
  }

  @Get('/dark')
  dark(): never {
    throw new Error('no light');
  }
}

const App = instrumentedApplication([MoonController]);
const named = (naming: string) => ({ configuration: { metrics: { naming } } });

async function linesAfterRequests(app: { inject: FastifyInstance['inject'] }): Promise<string[]> {
  for (const url of ['/moons/1', '/moons/2', '/moons/lost', '/moons/dark', '/nowhere']) await app.inject({ url });
  return (await textLines(app)).filter((line) => /^http_(requests_total|(server_)?request_duration_seconds_count)/.test(line)).sort();
}

const OF_TSUKIMI = [
  'http_request_duration_seconds_count{method="GET",path="/moons/:night"} 2',
  'http_request_duration_seconds_count{method="GET",path="/moons/dark"} 1',
  'http_request_duration_seconds_count{method="GET",path="/moons/lost"} 1',
  'http_request_duration_seconds_count{method="GET",path="<unmatched>"} 1',
  'http_requests_total{method="GET",path="/moons/:night",status="200"} 2',
  'http_requests_total{method="GET",path="/moons/dark",status="500"} 1',
  'http_requests_total{method="GET",path="/moons/lost",status="404"} 1',
  'http_requests_total{method="GET",path="<unmatched>",status="404"} 1',
];

const server = (route: string, status: number, error = '') =>
  `http_server_request_duration_seconds_count{http_request_method="GET",${route}http_response_status_code="${status}",url_scheme="http"${error}}`;

/** Attributes that are absent are no labels: the route of what matches none, the type of error of what is none. */
const OF_OPENTELEMETRY = [
  `${server('', 404)} 1`,
  `${server('http_route="/moons/:night",', 200)} 2`,
  `${server('http_route="/moons/dark",', 500, ',error_type="500"')} 1`,
  `${server('http_route="/moons/lost",', 404)} 1`,
];

test.each<[MetricNaming, readonly string[]]>([
  ['tsukimi', OF_TSUKIMI],
  ['otel', OF_OPENTELEMETRY],
  ['both', [...OF_TSUKIMI, ...OF_OPENTELEMETRY]],
])('metrics.naming: %s', async (naming, expected) => {
  const { app } = await start(App, named(naming));
  expect(await linesAfterRequests(app)).toEqual(expected);
  const { http, custom } = (await jsonView(app)).instrumentation;
  expect(http.total_requests).toBe(5);
  expect(http.responses_by_status).toEqual({ 200: 2, 404: 2, 500: 1 });
  expect(http.endpoints['GET /moons/:night']).toMatchObject({ requests: 2, errors: 0 });
  expect(http.endpoints['GET /moons/dark']).toMatchObject({ requests: 1, errors: 1 });
  expect(http.endpoints['GET /moons/:night'].latency.p50_ms).toBeGreaterThan(0);
  expect(custom).toEqual({});
});

test('the buckets are those that OpenTelemetry recommends, and can be chosen', async () => {
  const name = 'http_server_request_duration_seconds';
  const bounds = async (configuration: object) => {
    const { app } = await start(App, { configuration: { metrics: { naming: 'otel', ...configuration } } });
    await app.inject('/moons/1');
    return (await textLines(app)).flatMap((line) => (line.startsWith(`${name}_bucket`) ? [/le="([^"]+)"/.exec(line)?.[1]] : []));
  };
  const recommended = ['0.005', '0.01', '0.025', '0.05', '0.075', '0.1', '0.25', '0.5', '0.75', '1', '2.5', '5', '7.5', '10', '+Inf'];
  expect(await bounds({})).toEqual(recommended);
  expect(await bounds({ histograms: { [name]: { buckets: [1, 2] } } })).toEqual(['1', '2', '+Inf']);
});

test('another value fails the start', async () => {
  expect(await startFailure(App, named('opentelemetry'))).toMatch(/^TSK_ERR_CONFIGURATION_VALUE: metrics\.naming/);
  const app = fastify();
  onTestFinished(() => app.close());
  const registry = new MetricsRegistry();
  const naming = 'opentelemetry' as MetricNaming;
  await expect(async () => await app.register(httpInstrumentation, { registry, naming })).rejects.toThrow('tsukimi, otel or both');
});

test('the plugin has the option, with the labels of the user', async () => {
  const registry = new MetricsRegistry();
  const app = fastify();
  onTestFinished(() => app.close());
  const requestLabels = defineRequestLabels({ labelValues: { tenant: ['a', 'b'] }, labels: () => ({ tenant: 'a' as const }) });
  await app.register(httpInstrumentation, { registry, naming: 'otel', requestLabels, processMetrics: false });
  app.get('/', async () => 'hello');
  await app.inject('/');
  expect((await textLines(app)).filter((line) => /^http_(requests|server).*(total|count)/.test(line))).toEqual([
    'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/",http_response_status_code="200",url_scheme="http",tenant="a"} 1',
  ]);
});

test('the scheme is that of the server', async () => {
  const registry = new MetricsRegistry();
  const app = fastify({ https: CERTIFICATE });
  onTestFinished(() => app.close());
  await app.register(httpInstrumentation, { registry, naming: 'otel', processMetrics: false });
  app.get('/', async () => 'hello');
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  await new Promise<void>((resolve, reject) => {
    httpsRequest({ host: '127.0.0.1', port, rejectUnauthorized: false }, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });
  await app.close();
  expect((await durations(registry))?.points.map(({ labels }) => labels['url_scheme'])).toEqual(['https']);
});

test('a request that was aborted has no status, but a type of error; a malformed one has the method _OTHER', async () => {
  const { app, port, registry } = await listening('otel');
  const hanging = (await RawClient.connect(port)).request('GET', '/hang');
  await app.arrived;
  hanging.socket.destroy();
  await (await RawClient.connect(port)).write('NO SUCH\r\n\r\n').answers(1);
  await vi.waitFor(async () => expect((await durations(registry))?.points.length).toBe(2), { timeout: 20_000, interval: 10 });
  await app.close();
  const labels = (await durations(registry))?.points.map((point) => point.labels);
  expect(labels).toEqual(
    expect.arrayContaining([
      { http_request_method: 'GET', http_route: '/hang', url_scheme: 'http', error_type: 'aborted' },
      { http_request_method: '_OTHER', http_response_status_code: '400', url_scheme: 'http' },
    ]),
  );
});

test('property: with both, the sums are equal', async () => {
  const registry = new MetricsRegistry();
  const app = fastify();
  onTestFinished(() => app.close());
  await app.register(httpInstrumentation, { registry, naming: 'both', processMetrics: false });
  app.get('/made/:code', (request, reply) => reply.code(Number((request.params as { code: string }).code)).send());
  app.post('/made', async () => 'made');
  const url = fc.oneof(
    fc.constantFrom(200, 204, 301, 404, 499, 500, 503).map((code) => ({ method: 'GET' as const, url: `/made/${code}` })),
    fc.constant({ method: 'POST' as const, url: '/made' }),
    fc.webPath().map((path) => ({ method: 'DELETE' as const, url: path || '/' })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(url, { maxLength: 20 }), async (requests) => {
      for (const each of requests) await app.inject(each);
      const [ours, theirs] = [await durations(registry, 'http_request_duration_seconds'), await durations(registry)];
      const count = (family: HistogramFamily | undefined) => (family?.points ?? []).reduce((sum, point) => sum + point.count, 0);
      const seconds = (family: HistogramFamily | undefined) => (family?.points ?? []).reduce((sum, point) => sum + point.sum, 0);
      expect(count(theirs)).toBe(count(ours));
      expect(seconds(theirs)).toBeCloseTo(seconds(ours), 9);
    }),
    { numRuns: 25 },
  );
});

async function durations(registry: MetricsRegistry, name = 'http_server_request_duration_seconds'): Promise<HistogramFamily | undefined> {
  for await (const family of registry.read({ names: [name] })) return family as HistogramFamily;
  return undefined;
}

async function listening(naming: MetricNaming) {
  const registry = new MetricsRegistry();
  const app = fastify();
  await app.register(httpInstrumentation, { registry, naming, processMetrics: false });
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  app.get('/hang', () => {
    arrive();
    return new Promise(() => undefined);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { app: { arrived, close: () => app.close() }, port, registry };
}
