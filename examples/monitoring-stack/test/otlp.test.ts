/** What the example sends by OTLP: a request with its query as one trace, and its metrics. */
import { createApplication } from 'tsukimi';
import { expect, it } from 'vitest';
import { treesOf } from '../../../packages/opentelemetry/test/support/span-trees.js';
import { OtlpReceiver } from '../../../test/support/otlp-receiver.js';
import { sharedPostgres } from '../../../test/support/postgres/shared.js';
import { projectPath } from '../../../test/support/project.js';
import { MonitoringStack } from '../src/application.js';
import { RequestLog } from '../src/request-log/request-log.js';

const url = new URL(await sharedPostgres());

/** The application as it is configured, on the database of the tests. */
async function answered(variables: Readonly<Record<string, string>>): Promise<void> {
  const app = await createApplication(MonitoringStack, {
    configuration: projectPath('examples/monitoring-stack/application.yml'),
    environment: {
      TSUKIMI_POSTGRES_HOST: url.hostname,
      TSUKIMI_POSTGRES_PORT: url.port,
      TSUKIMI_POSTGRES_USER: url.username,
      TSUKIMI_POSTGRES_PASSWORD: url.password,
      TSUKIMI_POSTGRES_DATABASE: url.pathname.slice(1),
      TSUKIMI_OPENTELEMETRY_TRACES_FLUSH_TIMEOUT_MS: '20000',
      TSUKIMI_OPENTELEMETRY_METRICS_FLUSH_TIMEOUT_MS: '20000',
      ...variables,
    },
    logger: false,
  });
  // The first request creates the table.
  expect((await app.inject('/green')).statusCode).toBe(200);
  await app.resolve(RequestLog).flush();
  expect((await app.inject('/requests')).statusCode).toBe(200);
  await app.close();
}

it('sends a request with its query as one trace, and the metrics', async () => {
  await using receiver = await OtlpReceiver.open();
  await answered({ TSUKIMI_OPENTELEMETRY_ENABLED: 'true', TSUKIMI_OPENTELEMETRY_ENDPOINT: receiver.url });
  const traceId = receiver.spans.find(({ name }) => name === 'GET /requests')?.traceId;
  const spans = receiver.spans.filter((span) => span.traceId === traceId);
  expect(treesOf(spans)).toEqual([
    [
      'GET /requests',
      [
        'RequestController.counts',
        ['RequestLog.countByRoute', 'RequestLog.flush', ['RequestRepository.countByRoute', 'select countByRoute']],
      ],
      ['RequestLog.record', ['RequestRepository.insert', 'insert insertRequest']],
    ],
  ]);
  expect(spans[0]?.resource).toMatchObject({ 'service.name': 'monitoring-stack', 'service.version': '1.0.0' });
  const names = receiver.metrics.flatMap(({ resourceMetrics }) =>
    resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name }) => name))),
  );
  expect(names).toEqual(expect.arrayContaining(['http_requests_total', 'request_log_entries_total']));
});

it('sends nothing unless it is switched on', async () => {
  await using receiver = await OtlpReceiver.open();
  await answered({ TSUKIMI_OPENTELEMETRY_ENDPOINT: receiver.url });
  expect(receiver.attempts).toBe(0);
});
