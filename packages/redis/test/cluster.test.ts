/** A slot of a Redis Cluster moves to another node: what is pushed meanwhile is counted once, and nowhere else. */
import { createCluster } from '@redis/client';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type RedisClientLike, shareMetrics } from '@tsukimi/redis';
import { Cluster } from 'ioredis';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { RedisServer } from '../../../test/support/redis-server.js';
import { requireBinary } from '../../../test/support/server-binary.js';
import { waitUntil } from '../../../test/support/wait-until.js';

const REDIS = requireBinary('redis-server');

describe.skipIf(REDIS.skipReason)('a cluster of two nodes', async () => {
  const nodes = [await RedisServer.start(REDIS.path, { isNode: true }), await RedisServer.start(REDIS.path, { isNode: true })] as const;
  afterAll(() => Promise.all(nodes.map((node) => node[Symbol.asyncDispose]())).then(() => {}));
  await nodes[0].formCluster(nodes[1]);

  /** Moves the slot of a prefix. `halfway` runs while one node has half of the keys and the other has the rest. */
  async function move(prefix: string, halfway: () => Promise<void>): Promise<void> {
    const slot = String(await nodes[0].ask('CLUSTER', 'KEYSLOT', prefix));
    const [from, to] = Number(slot) < 8192 ? nodes : [nodes[1], nodes[0]];
    const [idFrom, idTo] = [String(await from.ask('CLUSTER', 'MYID')), String(await to.ask('CLUSTER', 'MYID'))];
    await to.ask('CLUSTER', 'SETSLOT', slot, 'IMPORTING', idFrom);
    await from.ask('CLUSTER', 'SETSLOT', slot, 'MIGRATING', idTo);
    const keysLeft = async () => ((await from.ask('CLUSTER', 'GETKEYSINSLOT', slot, '100')) as string[]).sort();
    const migrate = async (keys: readonly string[]) => {
      for (const key of keys) await from.ask('MIGRATE', '127.0.0.1', String(to.port), key, '0', '5000');
    };
    const keys = await keysLeft();
    expect(keys.length).toBeGreaterThan(5);
    await migrate(keys.slice(0, 4));
    await halfway();
    // A key that was written on both nodes could not move.
    await migrate(await keysLeft());
    for (const node of [to, from]) await node.ask('CLUSTER', 'SETSLOT', slot, 'NODE', idTo);
  }

  const clients: Record<string, () => Promise<{ readonly client?: RedisClientLike; readonly end?: () => void }>> = {
    'its own client': async () => ({}),
    ioredis: async () => {
      const client = new Cluster([{ host: '127.0.0.1', port: nodes[0].port }]);
      return { client, end: () => client.disconnect() };
    },
    redis: async () => {
      const client = createCluster({ rootNodes: [{ url: nodes[0].url }] });
      await client.connect();
      return { client, end: () => client.destroy() };
    },
  };

  test.each(Object.keys(clients))('whose slot moves, with %s', async (name) => {
    const prefix = `{${name}}:`.replaceAll(' ', '-');
    const { client, end } = (await clients[name]?.()) ?? {};
    const registry = new MetricsRegistry();
    const silent = { info: () => {}, warn: () => {} };
    const at = client === undefined ? { url: nodes[0].url, cluster: true } : { client };
    const shared = shareMetrics(registry, {
      ...at,
      prefix,
      intervalMs: 1_000_000,
      timeoutMs: 10_000,
      flushTimeoutMs: 10_000,
      retryDelayMs: 10,
      maxRetryDelayMs: 20,
      logger: silent,
    });
    onTestFinished(() => shared.stop({ timeoutMs: 0 }).then(() => end?.()));
    const words = registry.counter({ name: 'words_total', help: 'Words.' });
    const lengths = registry.histogram({ name: 'lengths', help: 'Lengths.', buckets: [1, 5] });
    const count = () => {
      words.inc();
      lengths.observe(3);
    };
    const total = async () => {
      const text = await (await shared.fleetRegistry()).expose();
      return /^words_total (\d+)$/m.exec(text)?.[1] === /^lengths_count (\d+)$/m.exec(text)?.[1]
        ? /^words_total (\d+)$/m.exec(text)?.[1]
        : text;
    };
    count();
    expect(await shared.flush()).toBe(true);
    await move(prefix, async () => {
      count();
      // It is refused as a whole, and sent again.
      expect(await shared.flush()).toBe(false);
    });
    count();
    await waitUntil('it is confirmed', () => shared.flush());
    expect(await waitUntil('it can be read', total)).toBe('3');
  });
});
