/** Clients of the user's, and clusters: the totals are the same with each. */
import { createClient, createCluster } from '@redis/client';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type SharedMetricsOptions, shareMetrics } from '@tsukimi/redis';
import { Cluster, Redis } from 'ioredis';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { RedisServer } from '../../../../test/support/redis-server.js';
import { requireBinary } from '../../../../test/support/server-binary.js';

const REDIS = requireBinary('redis-server');

/** Adds 3 twice, and returns what the fleet has then. */
async function addedTwice(options: SharedMetricsOptions): Promise<string[]> {
  const registry = new MetricsRegistry({ onError: () => {} });
  const shared = shareMetrics(registry, { intervalMs: 1_000_000, timeoutMs: 10_000, flushTimeoutMs: 10_000, ...options });
  onTestFinished(() => shared.stop({ timeoutMs: 1_000 }).then(() => {}));
  const words = registry.counter({ name: 'words_total', help: 'Words.', labelNames: ['of'] });
  const lengths = registry.histogram({ name: 'lengths', help: 'Lengths.', buckets: [1, 5] });
  for (let time = 0; time < 2; time += 1) {
    words.inc({ of: '{moon}' }, 3);
    lengths.observe(4);
    expect(await shared.flush(), shared.error?.message ?? '').toBe(true);
  }
  const text = await (await shared.fleetRegistry()).expose();
  return text.split('\n').filter((line) => /^(words|lengths)/.test(line));
}

const EXPECTED = [
  'words_total{of="{moon}"} 6',
  'lengths_bucket{le="1"} 0',
  'lengths_bucket{le="5"} 2',
  'lengths_bucket{le="+Inf"} 2',
  'lengths_sum 8',
  'lengths_count 2',
].sort();

describe.skipIf(REDIS.skipReason)('one server', async () => {
  const redis = await RedisServer.start(REDIS.path, { password: 'p4ss/word' });
  afterAll(() => redis[Symbol.asyncDispose]());
  const at = { url: redis.url, password: 'p4ss/word' };

  test('by its address', async () => {
    expect((await addedTwice({ ...at, prefix: 'a:' })).sort()).toEqual(EXPECTED);
    expect((await addedTwice({ url: `redis://:${encodeURIComponent(at.password)}@127.0.0.1:${redis.port}/3` })).sort()).toEqual(EXPECTED);
  });

  test('by a client of ioredis, with a prefix of its own', async () => {
    const client = new Redis(redis.url, { password: at.password, keyPrefix: 'own:' });
    onTestFinished(() => client.disconnect());
    expect((await addedTwice({ client, prefix: 'b:' })).sort()).toEqual(EXPECTED);
    expect(await redis.ask('HGET', 'own:b:counter:words_total', 'of=%7Bmoon%7D')).toBe('6');
  });

  test.each([2, 3] as const)('by a client of redis that speaks RESP%i', async (RESP) => {
    const client = await createClient({ ...at, RESP }).connect();
    onTestFinished(() => client.destroy());
    expect((await addedTwice({ client, prefix: `c${RESP}:` })).sort()).toEqual(EXPECTED);
    expect(client.isOpen).toBe(true);
  });

  test('a wrong password is in no error', async () => {
    const registry = new MetricsRegistry();
    const shared = shareMetrics(registry, { url: redis.url, password: 'wr0ng', logger: { info: () => {}, warn: () => {} } });
    onTestFinished(() => shared.stop({ timeoutMs: 0 }).then(() => {}));
    expect(await shared.flush()).toBe(false);
    expect(shared.error?.message).toContain('WRONGPASS invalid username-password pair or user is disabled. What is recorded');
    expect(`${shared.error?.message}${shared.error?.stack}`).not.toContain('wr0ng');
    await expect(shared.fleetView()).rejects.toThrow('WRONGPASS');
  });
});

describe.skipIf(REDIS.skipReason)('a cluster', async () => {
  const redis = await RedisServer.start(REDIS.path, { isNode: true });
  afterAll(() => redis[Symbol.asyncDispose]());
  await redis.formCluster();

  test('by the address of a node', async () => {
    expect((await addedTwice({ url: redis.url, cluster: true, prefix: '{a}:' })).sort()).toEqual(EXPECTED);
  });

  test('by a cluster of ioredis', async () => {
    const client = new Cluster([{ host: '127.0.0.1', port: redis.port }]);
    onTestFinished(() => client.disconnect());
    expect((await addedTwice({ client, prefix: '{b}:' })).sort()).toEqual(EXPECTED);
    expect(() => shareMetrics(new MetricsRegistry(), { client })).toThrow('a prefix with a hash tag, such as {metrics}:');
  });

  test('by a cluster of redis', async () => {
    const client = createCluster({ rootNodes: [{ url: redis.url }] });
    await client.connect();
    onTestFinished(() => client.destroy());
    expect((await addedTwice({ client, prefix: '{c}:' })).sort()).toEqual(EXPECTED);
  });
});
