/** keyv: a class that emits, over a store that is a Map. */
import { Keyv } from 'keyv';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bothWays } from './support/both-ways.js';

test('a store with namespaces, hooks and values that can’t be kept', async () => {
  onTestFinished(() => void vi.useRealTimers());
  const counted = await bothWays(async (wire, tell) => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    const store = new Map<string, unknown>();
    const keyv = wire(new Keyv({ store, namespace: 'ours' }));
    const other = wire(new Keyv({ store, namespace: 'theirs' }));
    keyv.on('error', (error: unknown) => tell(error));
    keyv.hooks.addHandler('postSet', ({ key }: { key: string }) => tell(`set ${key}`));
    tell(await keyv.set('a', { n: 1 }), await keyv.set('b', [1, 2]), await other.set('a', 'theirs'), await keyv.set('gone', 1, 5));
    vi.setSystemTime(10);
    tell(await keyv.get('a'), await keyv.get('b'), await keyv.get('gone'), await keyv.get('nothing'), await other.get('a'));
    tell(await keyv.getMany(['a', 'b', 'nothing']), await keyv.has('a'), await keyv.hasMany(['a', 'x']));
    const seen: unknown[] = [];
    for await (const entry of keyv.iterator?.(undefined) ?? []) seen.push(entry);
    tell(seen.length, [...store.keys()].sort());
    tell(await keyv.delete('a'), await keyv.delete('nothing'), await keyv.get('a'));
    await keyv.clear();
    tell(await keyv.get('b'), await other.get('a'), keyv.namespace, keyv.stats.enabled);
    await keyv.disconnect();
  });
  // The third deletion is keyv's own: of what has expired.
  expect(counted).toMatchObject({ set: { success: 4 }, get: { success: 8, failure: 0 }, getMany: { success: 1 }, delete: { success: 3 } });
});
