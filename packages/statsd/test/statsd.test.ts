/** StatsD in applications. */
import { Controller, Get, OnStop, Service } from '@tsukimi/core';
import { InstrumentationProvider } from '@tsukimi/instrumentation';
import { StatsdClient, statsd } from '@tsukimi/statsd';
import { expect, test } from 'vitest';
import { instrumentedApplication, listen, start, startFailure } from '../../instrumentation/test/support/start.js';
import { PacketListener } from './support/packet-listener.js';

@Service()
class Shop {
  constructor(
    private readonly instrumentation: InstrumentationProvider,
    private readonly client: StatsdClient,
  ) {}

  sell(): string {
    this.instrumentation.recordMetric('sales_total', 2);
    this.client.timing('sale', 7);
    return 'sold';
  }

  @OnStop()
  close(): void {
    this.sell();
  }
}

@Controller('/sales')
class SalesController {
  constructor(private readonly shop: Shop) {}
  @Get('/')
  async sell(): Promise<string> {
    return this.shop.sell();
  }
}

const App = instrumentedApplication([Shop, SalesController], { extensions: [statsd] });

test('everything that was recorded arrives, the last request and what stop hooks record among it', async () => {
  await using listener = await PacketListener.open();
  const settings = { port: listener.port, interval_ms: 60_000, mode: 'dogstatsd', tags: { env: 'test' }, prefix: 'shop', quantiles: [0.9] };
  const { app, port } = await listen(App, { configuration: { statsd: settings } });
  for (let request = 0; request < 3; request += 1) await (await fetch(`http://127.0.0.1:${port}/sales`)).text();
  await app.close();
  await listener.until(/^shop\.exporter\.pushes:1\|c/);
  const { lines } = listener;
  // The first push may come between two requests.
  const sum = (beginning: string, end: string) =>
    lines
      .filter((line) => line.startsWith(beginning) && line.endsWith(end))
      .reduce((total, line) => total + Number(line.slice(beginning.length, -end.length)), 0);
  expect(sum('shop.sales:', '|c|#env:test')).toBe(8);
  const ofSales = '#env:test,method:GET,path:/sales';
  expect(sum('shop.http.requests:', `|c|${ofSales},status:200`)).toBe(3);
  expect(sum('shop.http.request.duration.seconds.count:', `|c|${ofSales}`)).toBe(3);
  expect(lines.filter((line) => line === 'shop.sale:7|ms|#env:test')).toHaveLength(4);
  expect(
    lines.some((line) => /^shop\.http\.request\.duration\.seconds\.p90:0\.\d+\|g\|#env:test,method:GET,path:\/sales$/.test(line)),
  ).toBe(true);
});

test('a host that can not be resolved is one warning', async () => {
  const { app, warnings } = await start(App, { configuration: { statsd: { host: 'nobody.invalid', flush_timeout_ms: 100 } } });
  const about = () => warnings().filter((warning) => warning.includes('statsd'));
  await expect
    .poll(about)
    .toEqual([
      expect.stringMatching(/^The exporter statsd does not reach udp:\/\/nobody\.invalid:8125: .*(ENOTFOUND|EAI_AGAIN).*nobody\.invalid/),
    ]);
  await app.close();
});

test('a required one whose host can not be resolved fails the start', async () => {
  const configuration = { statsd: { host: 'nobody.invalid', required: true, timeout_ms: 2_000 } };
  expect(await startFailure(App, { configuration })).toMatch(
    /^TSK_ERR_EXPORTER_REQUIRED: The first push of the exporter statsd failed, and statsd\.required is true\. .*nobody\.invalid/,
  );
});

test.each([
  [{ port: 70_000 }, 'statsd.port: 70000 is out of range (configuration option). Allowed: an integer from 1 to 65535.'],
  [{ mode: 'graphite' }, /^statsd\.mode: .* \(configuration option\)\. Allowed: .*plain.*dogstatsd/],
  [
    { host: 'a:1:b' },
    'statsd.host: a text of 5 characters is not allowed (configuration option). Allowed: a host name or an IP address, without a port.',
  ],
  [{ prefix: 'shop.' }, /^statsd\.prefix: .* is not allowed \(configuration option\)\. Allowed: letters, digits/],
  [{ tags: { env: 'x' } }, /^statsd\.tags: .* is not allowed \(configuration option\)\. Allowed: no tags in the mode plain/],
  [{ quantiles: [95] }, /^statsd\.quantiles.*95.* \(configuration option\)\. Allowed: /],
  [{ socket: 'statsd.sock' }, /^statsd\.socket: .* is not allowed \(configuration option\)\. Allowed: the absolute path/],
  [{ max_packet_bytes: 10 }, /^statsd\.max_packet_bytes: 10 .* Allowed: an integer from 64 to 65507/],
])('a wrong option %j fails the start', async (settings, message) => {
  const failure = await startFailure(App, { configuration: { statsd: settings } });
  expect(failure).toMatch(/^TSK_ERR_CONFIGURATION_VALUE: /);
  expect(failure.slice('TSK_ERR_CONFIGURATION_VALUE: '.length)).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  );
});

test.each(['statsd', 'metrics', 'instrumentation'])(
  'if %s is not enabled, nothing is sent, and the client can still be injected',
  async (namespace) => {
    await using listener = await PacketListener.open();
    const { app } = await start(App, {
      configuration: { [namespace]: { enabled: false }, statsd: { port: listener.port, enabled: namespace !== 'statsd' } },
    });
    app.resolve(Shop).sell();
    await app.close();
    // What was sent before arrives first.
    const client = new StatsdClient({ port: listener.port });
    client.timing('last', 1);
    await client.close();
    await listener.until('last:1|ms');
    expect(listener.lines).toEqual(['last:1|ms']);
  },
);
