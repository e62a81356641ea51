/** The names and labels of outgoing requests under the conventions of OpenTelemetry. */
import { type MetricNaming, measureHttpClient } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, onTestFinished, test } from 'vitest';
import { Upstream } from './support/upstream.js';

/** Sends requests that end in every way, and returns the counts of all series of them. */
async function countsOf(naming: MetricNaming): Promise<{ readonly port: number; readonly counts: Record<string, number> }> {
  const upstream = await Upstream.open();
  const registry = new MetricsRegistry();
  const measurement = measureHttpClient(registry, { hosts: [upstream.authority], naming });
  onTestFinished(() => measurement.stop());
  for (const path of ['/ok', '/ok', '/404', '/500', '/drop', '/cut'])
    await fetch(`${upstream.origin}${path}`).then(
      (answer) => answer.text().catch(() => ''),
      () => '',
    );
  const read = async () => {
    const counts: Record<string, number> = {};
    for (const line of (await registry.expose()).split('\n')) {
      const [, name = '', labels = '', value] =
        /^(http_client_requests_total|http_client_request_duration_seconds_count)\{(.*)\} (\d+)$/.exec(line) ?? [];
      if (labels.includes('127.0.0.1')) counts[`${name.endsWith('_total') ? 'counter' : 'histogram'} ${labels}`] = Number(value);
    }
    return counts;
  };
  await expect.poll(async () => sum(await read(), 'histogram'), { timeout: 20_000 }).toBe(6);
  return { port: upstream.port, counts: await read() };
}

function sum(counts: Readonly<Record<string, number>>, kind: string): number {
  return Object.entries(counts).reduce((total, [key, value]) => (key.startsWith(kind) ? total + value : total), 0);
}

/** The labels of each way to end, and how often it happened. */
const ENDS = [
  ['http_response_status_code="200"', 2],
  ['http_response_status_code="404",error_type="404"', 1],
  ['http_response_status_code="500",error_type="500"', 1],
  ['error_type="reset"', 1],
  ['http_response_status_code="200",error_type="reset"', 1],
] as const;

test('with otel, one histogram has status and error, and there is no counter', async () => {
  const { port, counts } = await countsOf('otel');
  const expected = ENDS.map(([end, count]) => [
    `histogram http_request_method="GET",server_address="127.0.0.1",server_port="${port}",${end}`,
    count,
  ]);
  expect(counts).toEqual(Object.fromEntries(expected));
});

test('with both, each request is in one series of the histogram, which has the labels of both, and in the counter', async () => {
  const { port, counts } = await countsOf('both');
  const host = `host="127.0.0.1:${port}"`;
  const expected = ENDS.map(([end, count]) => [
    `histogram method="GET",${host},http_request_method="GET",server_address="127.0.0.1",server_port="${port}",${end}`,
    count,
  ]);
  expect(counts).toEqual({
    ...Object.fromEntries(expected),
    [`counter method="GET",${host},status="200"`]: 2,
    [`counter method="GET",${host},status="404"`]: 1,
    [`counter method="GET",${host},status="500"`]: 1,
    [`counter method="GET",${host},status="reset"`]: 2,
  });
});

test('refuses another naming', () => {
  expect(() => measureHttpClient(new MetricsRegistry(), { naming: 'opentelemetry' as never })).toThrow(
    expect.objectContaining({
      code: 'TSK_ERR_HTTP_CLIENT_NAMING',
      message: expect.stringMatching(/^naming: .* Write 'tsukimi', 'otel' or 'both'\.$/),
    }),
  );
});
