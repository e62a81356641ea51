/** Libraries that deal with rejections themselves, and let their callers ignore the promise: ioredis, fastq, a cache of promises. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { promise as fastq } from 'fastq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { callsIn } from '../calls/support/calls-in.js';
import { unhandledRejections } from '../support/rejections.js';

const redisServer = requireBinary('redis-server');

describe.skipIf(redisServer.skipReason)('ioredis', () => {
  let server: ChildProcess;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tsukimi-redis-'));
    server = spawn(redisServer.path, ['--port', '0', '--unixsocket', join(folder, 'redis.sock'), '--save', '', '--appendonly', 'no'], {
      cwd: folder,
    });
    for await (const chunk of server.stdout ?? []) if (String(chunk).includes('accept connections')) break;
  });
  afterAll(async () => {
    server.kill();
    await once(server, 'exit');
    await rm(folder, { recursive: true, force: true });
  });

  test('a pipeline and a transaction with commands that fail give what they gave, and the process hears of nothing', async () => {
    const play = async (wire: (redis: Redis) => Redis): Promise<unknown[]> => {
      const redis = wire(new Redis(join(folder, 'redis.sock')));
      const told: unknown[] = [];
      const tell = (value: unknown) =>
        told.push(JSON.parse(JSON.stringify(value, (_key, part) => (part instanceof Error ? part.message : part))));
      const heard = await unhandledRejections(async () => {
        await redis.set('text-key', 'text');
        tell(await redis.pipeline().incr('text-key').get('text-key').exec());
        tell(await redis.multi().set('text-key', 'text').incr('text-key').exec());
        tell(await redis.incr('text-key').catch((error: Error) => error.message));
        redis.pipeline().incr('text-key').exec();
        await redis.ping();
      });
      await redis.quit();
      return [...told, heard];
    };
    const registry = new MetricsRegistry();
    const bare = await play((redis) => redis);
    expect(bare.at(-1)).toEqual([]);
    expect(await play((redis) => instrument(redis, { component: 'Redis', registry }))).toEqual(bare);
    expect((await callsIn(registry))['incr']).toMatchObject({ success: 0, failure: 1 });
  });
});

test('fastq: an ignored push of work that fails', async () => {
  const play = (wire: <T extends object>(object: T) => T) =>
    unhandledRejections(async () => {
      const queue = wire(fastq(async (n: number) => Promise.reject(new Error(`work ${n}`)), 1));
      void queue.push(1);
      await queue.push(2).catch(() => undefined);
      await queue.drained();
    });
  const registry = new MetricsRegistry();
  expect(await play((queue) => queue)).toEqual([]);
  expect(await play((queue) => instrument(queue, { component: 'Queue', registry }))).toEqual([]);
  expect((await callsIn(registry))['push']).toMatchObject({ success: 0, failure: 2 });
});

test('a cached rejection that was handled once is returned as often as anybody asks', async () => {
  const registry = new MetricsRegistry();
  const failed = Promise.reject(new Error('cached'));
  failed.catch(() => undefined);
  const cache = instrument({ get: () => failed }, { component: 'Cache', registry });
  expect(
    await unhandledRejections(async () => {
      for (let n = 0; n < 100; n += 1) expect(cache.get()).toBe(failed);
    }),
  ).toEqual([]);
  expect((await callsIn(registry))['get']).toMatchObject({ success: 0, failure: 100 });
});
