/** Redis is away: the application answers as fast as before, and everything that was counted arrives when it is back. */
import { performance } from 'node:perf_hooks';
import type { FleetView } from '@tsukimi/redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RedisServer } from '../../../test/support/redis-server.js';
import { requireBinary } from '../../../test/support/server-binary.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { type Member, startMember } from './support/members.js';

const REDIS = requireBinary('redis-server');
const REQUESTS = 300;

/** The median of the times of requests, one after the other, in milliseconds. */
async function latencyMs(member: Member): Promise<number> {
  const times: number[] = [];
  for (let request = 0; request < REQUESTS; request += 1) {
    const start = performance.now();
    await member.get('/greet/Ann');
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[REQUESTS / 2] as number;
}

/** How many pushes have failed, in whatever way. */
function failedPushes({ registry }: Member): Promise<number> {
  return registry.expose({ names: ['exporter_pushes_total'] }).then((text) => {
    const failed = [...text.matchAll(/^exporter_pushes_total\{.*outcome="(?:failure|timeout)".*\} (\d+)$/gm)];
    return failed.reduce((sum, [, count]) => sum + Number(count), 0);
  });
}

describe.skipIf(REDIS.skipReason)('while Redis is away', () => {
  test('requests take as long as before, and none is lost', async () => {
    const redis = await RedisServer.start(REDIS.path);
    onTestFinished(() => redis[Symbol.asyncDispose]());
    // A minute's pushes in a second: each of them fails in its own time.
    const often = { intervalMs: 20, timeoutMs: 100, retryDelayMs: 10, maxRetryDelayMs: 20, flushTimeoutMs: 10_000 };
    const member = await startMember({ url: redis.url, prefix: 'absent:', ...often });
    await latencyMs(member);
    const present = await latencyMs(member);

    redis.signal('SIGSTOP');
    await waitUntil('a push that gets no answer', async () => (await failedPushes(member)) >= 1);
    const silent = await latencyMs(member);
    redis.signal('SIGCONT');
    await redis.kill();
    const before = await failedPushes(member);
    await waitUntil('pushes that are refused', async () => (await failedPushes(member)) >= before + 20);
    const gone = await latencyMs(member);

    // Half a millisecond and half again are for what else the machine does.
    const atMost = present * 1.5 + 0.5;
    expect({ silent: silent <= atMost, gone: gone <= atMost }, JSON.stringify({ present, silent, gone })).toEqual({
      silent: true,
      gone: true,
    });

    await redis.start();
    expect(await waitUntil('a confirmed push', () => member.shared.flush())).toBe(true);
    // The member gives each of its commands 100 ms. The reader has the usual limits.
    const reader = await startMember({ url: redis.url, prefix: 'absent:' });
    const { endpoints } = (await reader.metrics('/metrics?scope=fleet')) as FleetView;
    expect(endpoints['GET /greet/:name']).toMatchObject({ calls: 4 * REQUESTS, failures: 0 });
  });
});
