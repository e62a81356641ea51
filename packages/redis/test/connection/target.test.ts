/** Addresses of Redis: which are allowed, and that no message shows their credentials. */
import { MetricsRegistry } from '@tsukimi/metrics';
import { type SharedMetricsOptions, shareMetrics } from '@tsukimi/redis';
import { expect, test } from 'vitest';

function refusal(options: SharedMetricsOptions): string {
  try {
    void shareMetrics(new MetricsRegistry(), options).stop({ timeoutMs: 0 });
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    return `${code}: ${message}`;
  }
  return 'accepted';
}

test.each([
  'http://host:6379',
  'redis',
  'host:6379',
  '',
  'redis://ann:s3cr%t@host',
  'redis://host/one',
  'redis://host/0?db=1',
  'redis://host#s3cret',
  7,
])('%s is no address', (url) => {
  expect(refusal({ url: url as string })).toBe(
    'TSK_ERR_REDIS_OPTION: url is not an address of Redis. Use redis://host:6379 or rediss://host:6379 (TLS), with special characters of user and password percent-encoded; the value is not repeated here, because it may contain a password.',
  );
});

test.each([{ gaugeTtlMs: 0 }, { sequenceTtlMs: 1.5 }, { gaugeTtlMs: Number.NaN }])('%j is refused', (options) => {
  expect(refusal(options)).toMatch(/^TSK_ERR_REDIS_OPTION: \w+TtlMs is .+\. Use a whole number of milliseconds from 1 to \d+\.$/);
});

test.each([
  [{ password: ['s3cret'] }, 'password is ***. Use a text.'],
  [{ username: { name: 's3cret' } }, 'username is an object of 1 key. Use a text.'],
  [{ cluster: 'yes' }, 'cluster is a text of 3 characters. Use true or false.'],
])('%j is refused without its value', (options, message) => {
  expect(refusal(options as never)).toBe(`TSK_ERR_REDIS_OPTION: ${message}`);
});

test.each([{}, { sendCommand: 7 }, 'redis', null])('%j is no client', (client) => {
  expect(refusal({ client: client as never })).toMatch(/^TSK_ERR_REDIS_CLIENT: client is .+, which is no client of Redis\. Pass/);
});

test('a client and an address exclude each other', () => {
  expect(refusal({ client: { call: async () => null }, url: 'redis://:s3cret@host' })).toMatch(
    /^TSK_ERR_REDIS_OPTION: client is .+\. Use either client or url\.$/,
  );
});
