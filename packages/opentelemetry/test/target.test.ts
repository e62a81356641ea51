/** Where a signal is sent to. */
import { expect, test } from 'vitest';
import { exportTarget } from '../src/target.js';

const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return 'nothing was thrown';
};

test.each([
  [{}, {}, 'http://127.0.0.1:4318/v1/traces'],
  [{ endpoint: 'https://otlp.example.org/tenant/' }, {}, 'https://otlp.example.org/tenant/v1/traces'],
  [{ signalEndpoint: 'http://a:1/x', endpoint: 'http://b:2' }, {}, 'http://a:1/x'],
  [{ endpoint: 'http://b:2' }, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:3/y' }, 'http://b:2/v1/traces'],
  [{}, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:3/y', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://d:4' }, 'http://c:3/y'],
  [{}, { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c:3/y', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://d:4/' }, 'http://d:4/v1/traces'],
])('%j and the variables %j: %s', (options, environment, url) => {
  expect(exportTarget('traces', options, environment).url).toBe(url);
});

test('headers are merged, and secret', () => {
  const target = exportTarget(
    'traces',
    { endpoint: 'https://me:pass%20word@otlp.example.org', headers: { 'X-Api-Key': 'mine' } },
    { OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=theirs,tenant=a%20b, broken', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'tenant=c' },
  );
  const pair = Buffer.from('me:pass word').toString('base64');
  expect(target).toEqual({
    url: 'https://otlp.example.org/v1/traces',
    shown: 'https://otlp.example.org/v1/traces',
    headers: { 'x-api-key': 'mine', tenant: 'c', Authorization: `Basic ${pair}` },
    secrets: ['mine', 'c', 'pass word', pair],
    compression: 'none',
    timeoutMs: 10_000,
  });
});

test('limits are those of the options, then of the variables', () => {
  const environment = {
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '700',
  };
  expect(exportTarget('traces', {}, environment)).toMatchObject({ compression: 'gzip', timeoutMs: 500 });
  expect(exportTarget('metrics', {}, environment)).toMatchObject({ timeoutMs: 700 });
  const limits = { OTEL_BSP_EXPORT_TIMEOUT: '400', OTEL_METRIC_EXPORT_TIMEOUT: '30000' };
  expect(exportTarget('traces', {}, { ...environment, ...limits }).timeoutMs).toBe(400);
  expect(exportTarget('metrics', {}, { ...environment, ...limits }).timeoutMs).toBe(700);
  expect(exportTarget('metrics', {}, limits).timeoutMs).toBe(10_000);
  expect(exportTarget('metrics', { compression: 'none', timeoutMs: 9 }, environment)).toMatchObject({ compression: 'none', timeoutMs: 9 });
});

test.each([
  [
    { endpoint: 'localhost:4318' },
    {},
    /^OpenTelemetryError: endpoint is .*\. Use a URL with http or https, such as http:\/\/127\.0\.0\.1:4318\.$/,
  ],
  [{ signalEndpoint: 'grpc://a' }, {}, /^OpenTelemetryError: traces\.endpoint is .*such as http:\/\/127\.0\.0\.1:4318\/v1\/traces\.$/],
  [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'secret@host' }, /^OpenTelemetryError: OTEL_EXPORTER_OTLP_ENDPOINT is (?!.*secret)/],
  [{}, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /^OpenTelemetryError: OTEL_EXPORTER_OTLP_PROTOCOL is .*grpc.*Set it to http\/protobuf/],
  [
    {},
    { OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' },
    /^OpenTelemetryError: OTEL_EXPORTER_OTLP_TIMEOUT is a text of 4 characters\. Use a whole number/,
  ],
  [{}, { OTEL_BSP_EXPORT_TIMEOUT: '0' }, /^OpenTelemetryError: OTEL_BSP_EXPORT_TIMEOUT is "0"\. Use a whole number/],
  [{ timeoutMs: 0 }, {}, /^OpenTelemetryError: timeoutMs is 0\. Use a whole number/],
  [{ compression: 'br' as 'gzip' }, {}, /^OpenTelemetryError: compression is .*\. Use none or gzip\.$/],
  [
    { headers: { 'a b': 'secret' } },
    {},
    /^OpenTelemetryError: The name of a header in headers is a text of 3 characters. Use names without spaces/,
  ],
  [
    { headers: { a: 'secret\n' } },
    {},
    /^OpenTelemetryError: The value of a header in headers is a text of 7 characters. Use .*without line breaks/,
  ],
  [
    {},
    { OTEL_EXPORTER_OTLP_HEADERS: 'a b=secret' },
    /^OpenTelemetryError: The name of a header in OTEL_EXPORTER_OTLP_HEADERS is a text of 3/,
  ],
  [{ headers: 'secret' as never }, {}, /^OpenTelemetryError: headers (?!.*secret)/],
])('%j with %j is refused', (options, environment, message) => {
  expect(failure(() => exportTarget('traces', options, environment))).toMatch(message);
});
