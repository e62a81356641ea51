/** Options that are not allowed. */
import { MetricsRegistry } from '@tsukimi/metrics';
import { exportToStatsd, StatsdClient, StatsdError, type StatsdOptions, statsdExporter } from '@tsukimi/statsd';
import { describe, expect, test } from 'vitest';
import { checkedOptions } from '../src/options.js';

const WRONG: readonly [Record<string, unknown>, RegExp][] = [
  [{ host: '' }, /^host is "". Use a host name or an IP address, without a port\.$/],
  [{ host: 'statsd.internal:8125:x' }, /^host is/],
  [{ host: 'udp://statsd' }, /^host is/],
  [{ port: 0 }, /^port is 0\. Use a whole number from 1 to 65535\.$/],
  [{ port: 65_536 }, /^port is/],
  [{ port: '8125' }, /^port is/],
  [{ socket: 'relative.sock' }, /^socket is .* Use the absolute path/],
  [{ mode: 'graphite' }, /^mode is .* Use plain or dogstatsd\.$/],
  [{ prefix: 'shop.' }, /^prefix is/],
  [{ prefix: 'a:b' }, /^prefix is/],
  [{ tags: { env: 'test' } }, /^tags is .* Use no tags in the mode plain; set the mode dogstatsd, or use prefix\.$/],
  [{ mode: 'dogstatsd', tags: { 'a:b': 'x' } }, /^tags is .* Use texts by key/],
  [{ mode: 'dogstatsd', tags: { a: 1 } }, /^tags is/],
  [{ mode: 'dogstatsd', tags: ['a:1'] }, /^tags is a list of 1 entry\. Use texts by key/],
  [{ quantiles: [95] }, /^quantiles is .* Use a list of numbers above 0 and at most 1/],
  [{ quantiles: [0] }, /^quantiles is/],
  [{ quantiles: 0.5 }, /^quantiles is/],
  [{ maxPacketBytes: 63 }, /^maxPacketBytes is 63\. Use a whole number of bytes from 64 to 65507\.$/],
];

describe.each(WRONG)('%j', (options, message) => {
  test.each([
    ['exportToStatsd', () => exportToStatsd(new MetricsRegistry(), options as StatsdOptions)],
    ['statsdExporter', () => statsdExporter(new MetricsRegistry(), options as StatsdOptions)],
    ['StatsdClient', () => new StatsdClient(options as StatsdOptions)],
  ])('is refused by %s', (_, create) => {
    expect(create).toThrow(
      expect.objectContaining({ name: 'StatsdError', code: 'TSK_ERR_STATSD_OPTION', message: expect.stringMatching(message) }),
    );
    expect(create).toThrow(StatsdError);
  });
});

test.each([0, -1, 1.5, '5', Number.NaN])('flushIntervalMs: %j is refused', (flushIntervalMs) => {
  expect(() => new StatsdClient({ flushIntervalMs: flushIntervalMs as number })).toThrow(
    /^flushIntervalMs is .+\. Use a whole number of milliseconds from 1 to \d+\.$/,
  );
});

test.each(['localhost', 'statsd', 'statsd.internal', 'statsd.internal.', 'my_host', '10.0.0.1', '::1', 'fe80::1%eth0'])(
  '%s is a host',
  (host) => {
    expect(checkedOptions({ host }).address).toEqual({ host, port: 8125, socket: undefined });
  },
);
