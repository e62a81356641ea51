/** lru-cache: a class full of `#private` state, generators and promises that carry more than a promise does. */
import { LRUCache } from 'lru-cache';
import { expect, test } from 'vitest';
import { bothWays } from './support/both-ways.js';

test('a cache with sizes, time to live and disposal', async () => {
  const counted = await bothWays(async (wire, tell) => {
    let now = 1;
    const cache = wire(
      new LRUCache<string, string>({
        max: 3,
        maxSize: 20,
        ttl: 100,
        ttlResolution: 0,
        sizeCalculation: (value) => value.length,
        dispose: (value, key, reason) => tell('dispose', key, value, reason),
        perf: { now: () => now },
      }),
    );
    for (const [key, value] of Object.entries({ a: 'one', b: 'two', c: 'three', d: 'four' })) cache.set(key, value);
    tell(cache.get('a'), cache.get('b'), cache.has('c'), cache.peek('d'), cache.size, cache.calculatedSize);
    tell(
      [...cache],
      [...cache.keys()],
      [...cache.rvalues()],
      [...cache.entries()],
      cache.dump().map(([key, { value, size }]) => [key, value, size]),
    );
    now += 101;
    tell(cache.get('b'), cache.getRemainingTTL('c'), cache.purgeStale(), cache.size);
    cache.set('e', 'x'.repeat(30));
    tell(cache.has('e'), cache.info('e'), cache.delete('nothing'));
    cache.forEach((value, key) => {
      tell(key, value);
    });
    cache.clear();
    tell(
      cache.pop(),
      cache.find((value) => value === 'one'),
      JSON.stringify(cache),
    );
  });
  expect(counted).toMatchObject({ set: { success: 5 }, get: { success: 3, failure: 0 }, keys: { success: 1 } });
});

test('fetches: shared, stale, failing, aborted', async () => {
  const counted = await bothWays(async (wire, tell) => {
    let fetches = 0;
    const cache = wire(
      new LRUCache<string, { key: string; fetches: number }>({
        max: 10,
        fetchMethod: async (key, _stale, { signal }) => {
          fetches += 1;
          await new Promise((resolve) => setImmediate(resolve));
          if (key === 'bad') throw new RangeError('no such key');
          if (signal.aborted) throw signal.reason;
          return { key, fetches };
        },
      }),
    );
    const both = await Promise.all([cache.fetch('a'), cache.fetch('a')]);
    tell(both, both[0] === both[1], fetches);
    await cache.fetch('bad').catch((error: unknown) => tell(error));
    const controller = new AbortController();
    const aborted = cache.fetch('b', { signal: controller.signal });
    controller.abort(new Error('given up'));
    await aborted.catch((error: unknown) => tell(error));
    tell(await cache.forceFetch('a'), cache.get('a'), cache.memoMethod, [...cache.keys()]);
  });
  expect(counted).toMatchObject({ fetch: { failure: 2 }, forceFetch: { success: 1 } });
});
