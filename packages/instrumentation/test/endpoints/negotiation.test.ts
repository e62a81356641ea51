/** Which representation the endpoints give: JSON for people, text or OpenMetrics for scrapers, by what they say they accept. */
import { gunzipSync } from 'node:zlib';
import { Controller, Get } from '@tsukimi/core';
import { PROTOBUF_CONTENT_TYPE } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { instrumentedApplication, start } from '../support/start.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const OPENMETRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

test.each<[string, string | undefined]>([
  ['no Accept at all', undefined],
  ['an empty one', ''],
  ['anything', '*/*'],
  ['JSON', 'application/json'],
  ['JSON with a charset', 'application/json; charset=utf-8'],
  ['any application type', 'application/*'],
  ['axios', 'application/json, text/plain, */*'],
  ['Firefox', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/png,image/svg+xml,*/*;q=0.8'],
  [
    'Chrome',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
  ],
  ['JSON before text', 'application/json;q=0.9, text/plain;q=0.8'],
  ['text as the last resort', 'text/plain;q=0.1, application/json'],
  ['no text', 'text/plain;q=0, */*'],
  ['something else altogether', 'image/png'],
  ['not even a type', 'nonsense'],
  ['only commas', ',,,'],
  ['only parameters', ';q=1'],
  ['quality that is no number', 'application/json;q=abc'],
  ['an endless header', `${'a/b,'.repeat(1500)}application/json`],
])('JSON for %s', async (_, accept) => {
  const { app } = await start(instrumentedApplication([]));
  const answer = await app.inject({ url: '/metrics', headers: accept === undefined ? {} : { accept } });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe(JSON_TYPE);
  expect(answer.headers.vary).toBe('accept, accept-encoding');
  expect(answer.json().enabled).toBe(true);
});

test.each([
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['HTML in capitals', 'Text/HTML;level=1, */*', true],
  ['curl', '*/*', false],
  ['a JSON client', 'application/json', false],
  ['a type that only begins alike', 'text/html5', false],
])('indented for people: %s', async (_, accept, indented) => {
  const { app } = await start(instrumentedApplication([]));
  const answer = await app.inject({ url: '/metrics', headers: { accept } });
  expect(answer.headers['content-type']).toBe(JSON_TYPE);
  expect(answer.body).toBe(JSON.stringify(answer.json(), null, indented ? 2 : undefined));
});

test.each<[string, string]>([
  ['text', 'text/plain'],
  ['any text', 'text/*'],
  ['text in another case', 'Text/PLAIN; Version=0.0.4'],
  ['text before JSON', 'text/plain, application/json'],
  ['text above JSON', 'application/json;q=0.5, text/plain;q=0.9'],
  ['text above OpenMetrics', 'application/openmetrics-text;q=0.5, text/plain;q=0.9'],
  ['no OpenMetrics', 'application/openmetrics-text;q=0, text/plain'],
  ['no JSON', 'application/json;q=0, */*'],
  ['OpenMetrics of a version that is not there', 'application/openmetrics-text;version=0.0.1'],
  ['OpenMetrics of a version to come, then text', 'application/openmetrics-text;version=2.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'],
  ['Prometheus 2.5', 'application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'],
  ['Prometheus 3, told to take text 1.0.0 only', 'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.2,*/*;q=0.1'],
  [
    'protobuf of another message',
    'application/vnd.google.protobuf;proto=io.prometheus.write.v2.Request;encoding=delimited, text/plain;q=0.5',
  ],
  [
    'protobuf that is not delimited',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text, text/plain;q=0.5',
  ],
  ['protobuf that says nothing more', 'application/vnd.google.protobuf, text/plain;q=0.5'],
  ['text above protobuf', `text/plain, ${PROTOBUF};q=0.5`],
  ['no protobuf', `${PROTOBUF};q=0, text/plain;q=0.1`],
  ['vmagent', 'text/plain;version=0.0.4;q=1,*/*;q=0.1'],
  ['a parameter in quotes', 'text/plain; version="0.0.4, really"; q=0.9, application/json; q=0.1'],
])('text for %s', async (_, accept) => {
  const { app } = await start(instrumentedApplication([]));
  for (const url of ['/metrics', '/metrics/prometheus']) {
    const answer = await app.inject({ url, headers: { accept } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe(TEXT_TYPE);
    expect(answer.headers.vary).toBe('accept, accept-encoding');
    expect(answer.body).toContain('# TYPE http_requests_total counter\n');
    expect(answer.body).not.toContain('# EOF');
  }
});

test.each<[string, string]>([
  ['OpenMetrics', 'application/openmetrics-text'],
  ['OpenMetrics in another case', 'Application/OpenMetrics-Text; Version="1.0.0"'],
  ['OpenMetrics above text', 'text/plain;q=0.5, application/openmetrics-text;q=0.6'],
  ['OpenMetrics above JSON', 'application/json;q=0.5, application/openmetrics-text'],
  [
    'Prometheus 2.42',
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  ],
  [
    'Prometheus 2.54',
    'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
  ],
  [
    'Prometheus 3',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
  ],
  ['Prometheus 3, told to take OpenMetrics 1.0.0 only', 'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.2,*/*;q=0.1'],
  [
    'a version to come before this one',
    'application/openmetrics-text;version=2.0.0, application/openmetrics-text;version=1.0.0;q=0.9, */*;q=0.1',
  ],
])('OpenMetrics for %s', async (_, accept) => {
  const { app } = await start(instrumentedApplication([]));
  for (const url of ['/metrics', '/metrics/prometheus']) {
    const answer = await app.inject({ url, headers: { accept } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe(OPENMETRICS_TYPE);
    expect(answer.headers.vary).toBe('accept, accept-encoding');
    expect(answer.body).toContain('# TYPE http_requests counter\n');
    expect(answer.body).toMatch(/\n# EOF\n$/);
  }
});

test.each([undefined, '', '*/*', 'application/json', 'image/png', 'nonsense', ',,,', 'text/html,application/xhtml+xml,*/*;q=0.8'])(
  '/metrics/prometheus is text for who names neither: %s',
  async (accept) => {
    const { app } = await start(instrumentedApplication([]));
    const answer = await app.inject({ url: '/metrics/prometheus', headers: accept === undefined ? {} : { accept } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe(TEXT_TYPE);
    expect(answer.headers.vary).toBe('accept, accept-encoding');
    expect(answer.body).toContain('# TYPE http_requests_total counter\n');
  },
);

test('HEAD has the headers and no body', async () => {
  const { app } = await start(instrumentedApplication([]));
  for (const [url, type] of [
    ['/metrics', JSON_TYPE],
    ['/metrics/prometheus', TEXT_TYPE],
  ]) {
    const answer = await app.inject({ method: 'HEAD', url: url as string });
    expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([200, type, '']);
  }
});

test.each<[string, string]>([
  [
    'Prometheus 2.40 with native histograms',
    `${PROTOBUF},application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
  ],
  [
    'Prometheus 3 with native histograms',
    `${PROTOBUF};q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
  ],
  ['Telegraf', `${PROTOBUF};q=0.7,text/plain;version=0.0.4;q=0.3`],
  [
    'parameters in another order, in quotes',
    'application/vnd.google.protobuf; encoding="delimited"; proto="io.prometheus.client.MetricFamily"',
  ],
])('protobuf for %s', async (_, accept) => {
  const { app } = await start(instrumentedApplication([]));
  for (const url of ['/metrics', '/metrics/prometheus']) {
    const answer = await app.inject({ url, headers: { accept } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe(PROTOBUF_CONTENT_TYPE);
    expect(answer.headers.vary).toBe('accept, accept-encoding');
    const one = `${url}?name[]=metrics_scrapes_rejected_total`;
    const [plain, packed] = [
      await app.inject({ url: one, headers: { accept } }),
      await app.inject({ url: one, headers: { accept, 'accept-encoding': 'gzip' } }),
    ];
    // Its length, then its name, which is field 1.
    expect(plain.rawPayload.subarray(2, 34).toString()).toBe('\n\x1emetrics_scrapes_rejected_total');
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.rawPayload).equals(plain.rawPayload)).toBe(true);
  }
});

test('a route of the application at an endpoint’s path stops the start', async () => {
  @Controller('/metrics')
  class MetricsController {
    @Get('/')
    all() {}
  }
  @Controller('/metrics')
  class TextController {
    @Get('/prometheus')
    text() {}
  }
  await expect(start(instrumentedApplication([MetricsController]))).rejects.toThrow(
    'GET /metrics of MetricsController.all was not accepted by Fastify: GET /metrics is a route of the application and the path of the metrics endpoint. Move one of them: metrics.path in application.yml sets the path of the endpoint',
  );
  await expect(start(instrumentedApplication([TextController]))).rejects.toThrow(
    'GET /metrics/prometheus is a route of the application and the path',
  );
  await expect(
    start(instrumentedApplication([MetricsController]), { configuration: { metrics: { path: '/internal/metrics' } } }),
  ).resolves.toBeDefined();
});
