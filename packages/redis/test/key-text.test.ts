/** Any label values arrive unchanged in the totals, and separately. */
import { MetricsRegistry } from '@tsukimi/metrics';
import { shareMetrics } from '@tsukimi/redis';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RedisServer } from '../../../test/support/redis-server.js';
import { requireBinary } from '../../../test/support/server-binary.js';

const REDIS = requireBinary('redis-server');

describe.skipIf(REDIS.skipReason)('label values', () => {
  test('of any text are the same in the totals', async () => {
    await using redis = await RedisServer.start(REDIS.path, { isDurable: false });
    const registry = new MetricsRegistry();
    const shared = shareMetrics(registry, { url: redis.url, intervalMs: 1_000_000, timeoutMs: 10_000, flushTimeoutMs: 10_000 });
    onTestFinished(() => shared.stop({ timeoutMs: 0 }).then(() => {}));
    const odd = fc.constantFrom('{', '}', '%', '%7B', '&', '=', 'a=b&c=d', '\0', '\n', '"', '\\', 'ü', '月', '\ud800', ' ', ':');
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(odd).map((parts) => parts.join('')),
    );
    const texts = fc.sample(fc.tuple(value, value), { numRuns: 300, seed: 42 });
    const words = registry.counter({ name: 'words_total', help: 'Words.', labelNames: ['one', 'two'] });
    const lengths = registry.histogram({ name: 'lengths', help: 'Lengths.', labelNames: ['two', 'one'], buckets: [1] });
    for (const [one, two] of texts) {
      words.inc({ one, two });
      lengths.observe({ one, two }, 2);
    }
    expect(await shared.flush()).toBe(true);
    const lines = async (from: MetricsRegistry) =>
      (await from.expose())
        .split('\n')
        .filter((line) => /^(words|lengths)/.test(line))
        .map((line) => line.replace(/\{(.*)\}/s, (_, labels: string) => `{${(labels.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? []).sort()}}`))
        .sort();
    expect(await lines(await shared.fleetRegistry())).toEqual(await lines(registry));
  });
});
