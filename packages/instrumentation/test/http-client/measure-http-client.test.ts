/** Measuring outgoing requests for plain programs, in one registry and in several. */
import { channel } from 'node:diagnostics_channel';
import { type ClientCall, type EndedClientCall, followHttpClient, measureHttpClient, observeClientCalls } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, onTestFinished, test } from 'vitest';
import { counted } from './support/counted.js';
import { Upstream } from './support/upstream.js';

const CHANNELS = [
  'undici:request:create',
  'undici:request:headers',
  'undici:request:trailers',
  'undici:request:error',
  'http.client.request.created',
  'http.client.request.start',
  'http.client.request.error',
  'http.client.response.finish',
];
const subscribed = (): string[] => CHANNELS.filter((name) => channel(name).hasSubscribers);

test('nothing is subscribed before, and after the last measurement is stopped', () => {
  const before = subscribed();
  const measurements = [1, 2].map(() => measureHttpClient(new MetricsRegistry()));
  expect(subscribed()).toEqual(CHANNELS);
  measurements[0]?.stop();
  measurements[0]?.stop();
  expect(subscribed()).toEqual(CHANNELS);
  measurements[1]?.stop();
  expect(subscribed()).toEqual(before);
});

test('each registry sees the requests of the process once', async () => {
  const upstream = await Upstream.open();
  const one = counted(upstream.authority);
  const other = counted('127.0.0.1', { hosts: ['127.0.0.1'] });
  await (await fetch(`${upstream.origin}/ok`)).text();
  await one.expect({ 'GET 200': 1 });
  await other.expect({ 'GET 200': 1 });
});

test('a registry can be measured again, after its measurement was stopped', async () => {
  const registry = new MetricsRegistry();
  const first = measureHttpClient(registry);
  expect(() => measureHttpClient(registry)).toThrow(expect.objectContaining({ code: 'TSK_ERR_HTTP_CLIENT_MEASURED' }));
  first.stop();
  const second = measureHttpClient(registry);
  first.stop();
  expect(() => measureHttpClient(registry)).toThrow(expect.objectContaining({ code: 'TSK_ERR_HTTP_CLIENT_MEASURED' }));
  second.stop();
});

test('what ends after the measurement was stopped is not counted', async () => {
  const upstream = await Upstream.open();
  const registry = new MetricsRegistry();
  const measurement = measureHttpClient(registry, { hosts: 'any' });
  const answer = await fetch(`${upstream.origin}/later`);
  measurement.stop();
  upstream.finish();
  await answer.text();
  expect(await registry.expose({ names: ['http_client_requests_total'] })).not.toContain(upstream.authority);
});

test.each([
  ['hosts[0]', ['https://api.example.com']],
  ['hosts[1]', ['a', '']],
  ['hosts', 'all'],
  ['hosts', null],
])('refuses a host that is none: %s', (key, hosts) => {
  const refused = expect.objectContaining({ code: 'TSK_ERR_HTTP_CLIENT_HOST', message: expect.stringContaining(`${key}: `) });
  expect(() => measureHttpClient(new MetricsRegistry(), { hosts: hosts as never })).toThrow(refused);
});

test('does not show a host that is refused, which may hold a password', () => {
  expect(() => measureHttpClient(new MetricsRegistry(), { hosts: ['https://user:secret@host'] })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  );
});

test('counts go on after the registry was cleared', async () => {
  const upstream = await Upstream.open();
  const measured = counted(upstream.authority);
  await (await fetch(`${upstream.origin}/ok`)).text();
  await measured.expect({ 'GET 200': 1 });
  measured.registry.clear();
  await (await fetch(`${upstream.origin}/ok`)).text();
  await measured.expect({ 'GET 200': 1 });
});

test('with any host, the number of series has a limit', async () => {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: 3, onError: () => {} });
  const measurement = measureHttpClient(registry, { hosts: 'any' });
  onTestFinished(() => measurement.stop());
  for (let each = 0; each < 10; each += 1) await fetch(`http://h${each}.invalid/`).catch(() => {});
  const lines = async (): Promise<string[]> =>
    (await registry.expose({ names: ['http_client_requests_total'] })).split('\n').filter((line) => line.startsWith('http_client'));
  await expect.poll(async () => (await lines()).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)).toBe(10);
  expect((await lines()).length).toBeLessThanOrEqual(4);
});

test('tells observers of the registry, measured or not', async () => {
  const upstream = await Upstream.open();
  const registry = new MetricsRegistry();
  const seen: (ClientCall | EndedClientCall | number)[] = [];
  const observed = observeClientCalls(registry, {
    began: (call) => {
      seen.push(call);
      return { answered: (statusCode) => void seen.push(statusCode), ended: (end) => void seen.push(end) };
    },
  });
  const follows = [followHttpClient(registry), followHttpClient(registry)];
  follows[0]?.stop();
  await (await fetch(`${upstream.origin}/ok?token=secret`)).text();
  await expect.poll(() => seen.length).toBe(3);
  expect(seen).toMatchObject([
    { kind: 'http', method: 'GET', protocol: 'http', host: '127.0.0.1', port: upstream.port, path: '/ok' },
    200,
    { failure: undefined, error: undefined, statusCode: 200 },
  ]);
  observed.stop();
  await (await fetch(`${upstream.origin}/ok`)).text();
  follows[1]?.stop();
  expect(seen).toHaveLength(3);
});
