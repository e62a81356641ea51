/** The plugin on a server of one's own: endpoints, options, what is wrong with them, and two servers side by side. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { httpInstrumentation, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { jsonView, linesOf, metricNames, textLines } from '../support/scrape.js';
import { describeError } from '../support/start.js';

type Options = Partial<Parameters<typeof httpInstrumentation>[1]>;

async function serve(
  options: Options = {},
  routes: (server: FastifyInstance) => void = () => {},
): Promise<{ server: FastifyInstance; registry: MetricsRegistry }> {
  const { registry = new MetricsRegistry() } = options;
  const server = fastify();
  onTestFinished(() => server.close());
  await server.register(httpInstrumentation, { ...options, registry });
  routes(server);
  await server.ready();
  return { server, registry };
}

async function failure(options: unknown): Promise<string> {
  const server = fastify();
  onTestFinished(() => server.close());
  try {
    await server.register(httpInstrumentation, options as never);
    await server.ready();
  } catch (error) {
    return describeError(error);
  }
  throw new Error('it did not fail');
}

describe('the endpoints', () => {
  test('show requests, measured objects, the process and custom metrics', async () => {
    const { server, registry } = await serve({}, (app) => app.get('/cars/:id', async () => ({})));
    class CarService {
      find() {}
    }
    instrument(new CarService(), { registry }).find();
    registry.recordMetric('cars_sold_total', 2, { model: '360' });
    await server.inject('/cars/1');
    const view = await jsonView(server);
    expect(Object.keys(view)).toEqual(['enabled', 'timestamp', 'instrumentation']);
    expect(Object.keys(view.instrumentation)).toEqual(['system', 'http', 'components', 'custom']);
    expect(view.instrumentation.http.endpoints['GET /cars/:id']).toMatchObject({ requests: 1, errors: 0 });
    expect(view.instrumentation.components.CarService).toMatchObject({ type: 'object', calls: 1 });
    expect(view.instrumentation.custom.cars_sold_total.values).toEqual([{ labels: { model: '360' }, value: 2 }]);
    expect(await linesOf(server, 'http_requests_total')).toEqual(['http_requests_total{method="GET",path="/cars/:id",status="200"} 1']);
    expect(await metricNames(server)).toEqual(expect.arrayContaining(['system_memory_bytes', 'process_cpu_user_seconds_total']));
  });

  test('are at the configured path, below the prefix of their context', async () => {
    const server = fastify();
    onTestFinished(() => server.close());
    const registry = new MetricsRegistry();
    await server.register(async (scope) => scope.register(httpInstrumentation, { registry, path: '/numbers', processMetrics: false }), {
      prefix: '/ops',
    });
    for (const [url, status] of [
      ['/ops/numbers', 200],
      ['/ops/numbers/prometheus', 200],
      ['/numbers', 404],
      ['/metrics', 404],
    ] as const) {
      expect((await server.inject(url)).statusCode, url).toBe(status);
    }
  });

  test('are left out with path null, and requests are counted all the same', async () => {
    const { server, registry } = await serve({ path: null, processMetrics: false }, (app) => app.get('/', async () => ({})));
    await server.inject('/');
    expect((await server.inject('/metrics')).statusCode).toBe(404);
    expect(await registry.expose({ names: ['http_requests_total'] })).toContain(
      'http_requests_total{method="GET",path="/",status="200"} 1\n',
    );
  });

  test('without the process’s metrics', async () => {
    const { server } = await serve({ processMetrics: false });
    expect((await metricNames(server)).filter((name) => /^(process|nodejs|system)_/.test(name))).toEqual([]);
    expect(Object.keys((await jsonView(server)).instrumentation)).toEqual(['http', 'components', 'custom']);
  });

  test('beside metrics of the process that are in the registry already', async () => {
    const registry = new MetricsRegistry();
    registry.counter({ name: 'process_cpu_user_seconds_total', help: 'From somewhere else.' }).inc(42);
    const { server } = await serve({ registry });
    expect(await linesOf(server, 'process_cpu_user_seconds_total')).toEqual(['process_cpu_user_seconds_total 42']);
    expect(await metricNames(server)).toEqual(expect.arrayContaining(['process_start_time_seconds', 'system_memory_bytes']));
  });

  test('allowedIps and trustProxy', async () => {
    const { server } = await serve({ allowedIps: ['10.0.0.0/8', '::1'], trustProxy: ['192.0.2.1'], processMetrics: false });
    const status = async (remoteAddress: string, forwardedFor?: string) =>
      (
        await server.inject({
          url: '/metrics',
          remoteAddress,
          headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
        })
      ).statusCode;
    expect(await Promise.all(['10.1.1.1', '::ffff:10.1.1.1', '::1', '127.0.0.1'].map((address) => status(address)))).toEqual([
      200, 200, 200, 404,
    ]);
    expect(await status('192.0.2.1', '10.0.0.1')).toBe(200);
    expect(await status('192.0.2.2', '10.0.0.1')).toBe(404);
    expect((await server.inject({ url: '/metrics/prometheus', remoteAddress: '::1' })).body).toContain('metrics_access_denied_total 2\n');
  });
});

describe('options that are wrong', () => {
  const registry = new MetricsRegistry();
  const option = (key: string, received: string, allowed: string) =>
    `TSK_ERR_INSTRUMENTATION_OPTION: ${key}: ${received} is not ${allowed} (httpInstrumentation options). Use ${allowed}.`;
  const interval = 'an integer from 100 to 2147483647';
  const list = 'a list of addresses and CIDR ranges';

  test.each<[string, unknown, string]>([
    ['no options', undefined, option('registry', 'undefined', 'a MetricsRegistry')],
    ['no registry', {}, option('registry', 'undefined', 'a MetricsRegistry')],
    ['another registry', { registry: { metrics: () => '' } }, option('registry', 'an object of 1 key', 'a MetricsRegistry')],
    ['processMetrics', { registry, processMetrics: 'no' }, option('processMetrics', '"no"', 'true or false')],
    ['an interval of 0', { registry, sampleIntervalMs: 0 }, option('sampleIntervalMs', '0', interval)],
    ['an interval of NaN', { registry, sampleIntervalMs: Number.NaN }, option('sampleIntervalMs', 'NaN', interval)],
    ['an interval too long', { registry, sampleIntervalMs: 2 ** 31 }, option('sampleIntervalMs', '2147483648', interval)],
    ['an interval in words', { registry, sampleIntervalMs: '5s' }, option('sampleIntervalMs', 'a text of 2 characters', interval)],
    ['no scrape at all', { registry, maxScrapesInFlight: 0 }, option('maxScrapesInFlight', '0', 'an integer from 1 to 1000000')],
    ['half a scrape', { registry, maxScrapesInFlight: 1.5 }, option('maxScrapesInFlight', '1.5', 'an integer from 1 to 1000000')],
    ['no time', { registry, scrapeTimeoutMs: 0 }, option('scrapeTimeoutMs', '0', 'an integer from 1 to 2147483647')],
    ['scrapes in words', { registry, maxScrapesInFlight: '9' }, option('maxScrapesInFlight', '"9"', 'an integer from 1 to 1000000')],
    ['one address for a list', { registry, allowedIps: '10.0.0.1' }, option('allowedIps', '"10.0.0.1"', list)],
    ['a list that is undefined', { registry, allowedIps: undefined }, option('allowedIps', 'undefined', list)],
    ['proxies that are undefined', { registry, allowedIps: ['::1'], trustProxy: undefined }, option('trustProxy', 'undefined', list)],
    [
      'a list of holes',
      { registry, allowedIps: new Array(1) },
      'TSK_ERR_ENDPOINT_ADDRESS: allowedIps[0]: undefined is not an address or CIDR range (httpInstrumentation options). Write an IPv4 or IPv6 address (10.0.0.1, ::1) or a range (10.0.0.0/8, fd00::/8).',
    ],
    ...[
      ['allowed_ips', 'allowedIps'],
      ['allowedIPs', 'allowedIps'],
      ['AllowedIps', 'allowedIps'],
      ['trust_proxy', 'trustProxy'],
      ['trust-proxy', 'trustProxy'],
      ['max_scrapes_in_flight', 'maxScrapesInFlight'],
    ].map(([key = '', meant]): [string, object, string] => [
      `an option that is written ${key}`,
      { registry, prefix: '/ops', [key]: ['::1'] },
      `TSK_ERR_INSTRUMENTATION_OPTION: ${key} is not an option (httpInstrumentation options). Write ${meant}.`,
    ]),
    ['trust in everybody', { registry, trustProxy: true }, option('trustProxy', 'true', list)],
    ...[
      ['0.0.0.0/0', '"0.0.0.0/0"'],
      ['::/0', 'a text of 4 characters'],
      ['::ffff:0:0/96', 'a text of 13 characters'],
    ].map(([range, shown]): [string, object, string] => [
      `trust in everybody by ${range}`,
      { registry, trustProxy: ['127.0.0.1', range] },
      `TSK_ERR_ENDPOINT_ADDRESS: trustProxy[1]: ${shown} has every address (httpInstrumentation options). Name your proxies: if everyone were trusted, any client could write its own address.`,
    ]),
    [
      'a bad range',
      { registry, allowedIps: ['10.0.0/8'] },
      'TSK_ERR_ENDPOINT_ADDRESS: allowedIps[0]: "10.0.0/8" is not an address or CIDR range (httpInstrumentation options). Write it as 10.0.0.0/8.',
    ],
    [
      'an address that is a number',
      { registry, trustProxy: ['::1', 7] },
      'TSK_ERR_ENDPOINT_ADDRESS: trustProxy[1]: 7 is not an address or CIDR range (httpInstrumentation options). Write an IPv4 or IPv6 address (10.0.0.1, ::1) or a range (10.0.0.0/8, fd00::/8).',
    ],
    [
      'a path without a slash',
      { registry, path: 'metrics' },
      'TSK_ERR_ENDPOINT_PATH: path: a text of 7 characters is not a path (httpInstrumentation options). Begin it with a slash, do not end it with one, and use letters, digits and - . _ ~, such as /metrics.',
    ],
  ])('%s', async (_, options, message) => {
    expect(await failure(options)).toBe(message);
  });

  test('a route of the server at the path, before the plugin or after it', async () => {
    const taken = 'GET /metrics is a route of the application and the path of the metrics endpoint. Move one of them';
    const before = fastify();
    before.get('/metrics', async () => 'mine');
    await expect(before.register(httpInstrumentation, { registry, allowedIps: ['10.0.0.1'], processMetrics: false })).rejects.toThrow(
      taken,
    );
    const after = fastify();
    await after.register(httpInstrumentation, { registry, allowedIps: ['10.0.0.1'], processMetrics: false });
    expect(() => after.get('/metrics', async () => 'mine')).toThrow(taken);
    expect(() => after.post('/metrics/prometheus', async () => 'mine')).toThrow('POST /metrics/prometheus is a route of the application');
    await after.close();
  });
});

describe('two servers', () => {
  test('with a registry each share nothing', async () => {
    const one = await serve({ allowedIps: ['127.0.0.1'] }, (app) => app.get('/one', async () => ({})));
    const two = await serve({ path: '/numbers' }, (app) => app.get('/two', async () => ({})));
    await one.server.inject('/one');
    await one.server.inject({ url: '/metrics', remoteAddress: '10.0.0.1' });
    await two.server.inject('/two');
    await two.server.inject('/two');
    const of = async (server: FastifyInstance, path: string) =>
      (await textLines(server, path)).filter((line) => /^(http_requests_total|metrics_access)/.test(line));
    expect(await of(one.server, '/metrics/prometheus')).toEqual([
      'http_requests_total{method="GET",path="/one",status="200"} 1',
      'metrics_access_denied_total 1',
    ]);
    expect(await of(two.server, '/numbers/prometheus')).toEqual([
      'http_requests_total{method="GET",path="/two",status="200"} 2',
      'metrics_access_denied_total 0',
    ]);
    await one.server.close();
    expect((await two.server.inject('/two')).statusCode).toBe(200);
  });

  test('with one registry add up', async () => {
    const registry = new MetricsRegistry();
    const route = (app: FastifyInstance) => app.get('/', async () => ({}));
    const one = await serve({ registry }, route);
    const two = await serve({ registry }, route);
    await one.server.inject('/');
    await two.server.inject('/');
    expect(await linesOf(one.server, 'http_requests_total')).toEqual(['http_requests_total{method="GET",path="/",status="200"} 2']);
  });
});

test('closing waits for a scrape that is under way, and not for its connection', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { server, registry } = await serve({ processMetrics: false });
  const asked = new Promise<void>((resolve) => {
    const collect = async () => {
      resolve();
      await released;
    };
    registry.gauge({ name: 'slow_gauge', help: 'Takes its time.', collect });
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect({ port: Number(new URL(server.listeningOrigin).port), host: '127.0.0.1' }).setEncoding('latin1');
  let answer = '';
  socket.on('data', (text) => {
    answer += text;
  });
  socket.write('GET /metrics/prometheus HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await asked;
  const closing = server.close();
  release();
  await Promise.all([closing, once(socket, 'close')]);
  expect(answer).toContain('\nslow_gauge 0\n');
  expect(answer.endsWith('0\r\n\r\n')).toBe(true);
});
