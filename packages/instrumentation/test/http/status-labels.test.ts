/** How statuses are shown in labels: `status_class` on durations, and classes in place of codes. */
import { Controller, Get, HttpError } from '@tsukimi/core';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { jsonView, textLines } from '../support/scrape.js';
import { instrumentedApplication, start, startFailure } from '../support/start.js';

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
}

async function linesAfterRequests(app: { inject: FastifyInstance['inject'] }): Promise<string[]> {
  for (const url of ['/moons/1', '/moons/2', '/moons/lost', '/nowhere']) await app.inject({ url });
  return (await textLines(app)).filter((line) => /^http_(requests_total|request_duration_seconds_count)/.test(line)).sort();
}

test('status_class divides the durations of a route, and the counter keeps its codes', async () => {
  const { app } = await start(instrumentedApplication([MoonController]), {
    configuration: { instrumentation: { http: { labels: ['status_class'] } } },
  });
  expect(await linesAfterRequests(app)).toEqual([
    'http_request_duration_seconds_count{method="GET",path="/moons/:night",status_class="2xx"} 2',
    'http_request_duration_seconds_count{method="GET",path="/moons/lost",status_class="4xx"} 1',
    'http_request_duration_seconds_count{method="GET",path="<unmatched>",status_class="4xx"} 1',
    'http_requests_total{method="GET",path="/moons/:night",status="200"} 2',
    'http_requests_total{method="GET",path="/moons/lost",status="404"} 1',
    'http_requests_total{method="GET",path="<unmatched>",status="404"} 1',
  ]);
  const { http } = (await jsonView(app)).instrumentation;
  expect(http.endpoints['GET /moons/:night'].latency.p50_ms).toBeGreaterThan(0);
  expect(http.latency.max_ms).toBeGreaterThan(0);
});

test('group_status_codes counts classes, in the JSON too, where errors stay errors', async () => {
  const { app } = await start(instrumentedApplication([MoonController]), {
    configuration: { instrumentation: { http: { group_status_codes: true } } },
  });
  expect(await linesAfterRequests(app)).toEqual([
    'http_request_duration_seconds_count{method="GET",path="/moons/:night"} 2',
    'http_request_duration_seconds_count{method="GET",path="/moons/lost"} 1',
    'http_request_duration_seconds_count{method="GET",path="<unmatched>"} 1',
    'http_requests_total{method="GET",path="/moons/:night",status="2xx"} 2',
    'http_requests_total{method="GET",path="/moons/lost",status="4xx"} 1',
    'http_requests_total{method="GET",path="<unmatched>",status="4xx"} 1',
  ]);
  const { http } = (await jsonView(app)).instrumentation;
  expect(http.responses_by_status).toEqual({ '2xx': 2, '4xx': 2 });
  expect(http.endpoints['GET /moons/lost']).toMatchObject({ requests: 1, errors: 0, client_errors: 1 });
});

test('the plugin has both, and tells one status of a class from none', async () => {
  const registry = new MetricsRegistry();
  const app = fastify();
  onTestFinished(() => app.close());
  await app.register(httpInstrumentation, { registry, labels: ['status_class'], groupStatusCodes: true, processMetrics: false });
  app.get('/made/:code', (request, reply) => reply.code(Number((request.params as { code: string }).code)).send());
  for (const code of [200, 204, 301, 503]) await app.inject(`/made/${code}`);
  const lines = (await textLines(app)).filter((line) => /^http_(requests_total|request_duration_seconds_count)/.test(line)).sort();
  expect(lines).toEqual(
    ['2xx', '3xx', '5xx']
      .map(
        (name, index) =>
          `http_request_duration_seconds_count{method="GET",path="/made/:code",status_class="${name}"} ${index === 0 ? 2 : 1}`,
      )
      .concat(
        ['2xx', '3xx', '5xx'].map(
          (name, index) => `http_requests_total{method="GET",path="/made/:code",status="${name}"} ${index === 0 ? 2 : 1}`,
        ),
      ),
  );
});

test('OPTIONS * leaves out a method of all routes', async () => {
  const registry = new MetricsRegistry();
  const app = fastify();
  onTestFinished(() => app.close());
  await app.register(httpInstrumentation, { registry, exclude: ['OPTIONS *'], processMetrics: false });
  app.options('/a', async () => 'x');
  app.get('/a', async () => 'x');
  for (const method of ['OPTIONS', 'GET'] as const) await app.inject({ method, url: '/a' });
  expect((await textLines(app)).filter((line) => line.startsWith('http_requests_total'))).toEqual([
    'http_requests_total{method="GET",path="/a",status="200"} 1',
  ]);
});

test.each([
  [{ labels: ['user_id'] }, 'TSK_ERR_INSTRUMENTATION_OPTION: labels: '],
  [{ labels: 'status_class' }, 'TSK_ERR_INSTRUMENTATION_OPTION: labels: '],
  [{ groupStatusCodes: 'yes' }, 'TSK_ERR_INSTRUMENTATION_OPTION: groupStatusCodes: '],
  [{ sizes: 'yes' }, 'TSK_ERR_INSTRUMENTATION_OPTION: sizes: '],
])('the plugin refuses %j', async (options, message) => {
  const app = fastify();
  const failure = app.register(httpInstrumentation, { registry: new MetricsRegistry(), ...(options as object) }).then(
    () => 'it did start',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );
  expect(await failure).toContain(message);
});

test('another label in the configuration stops the start', async () => {
  const configuration = { instrumentation: { http: { labels: ['user_id'] } } };
  expect(await startFailure(instrumentedApplication([MoonController]), { configuration })).toContain(
    'TSK_ERR_CONFIGURATION_VALUE: instrumentation.http.labels',
  );
});
