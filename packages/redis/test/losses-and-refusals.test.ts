/** Redis has lost what it had confirmed for good, or refuses writes: both are logged, with how much is missing, and counting goes on. */
import { type Counter, MetricsRegistry } from '@tsukimi/metrics';
import { type SharedMetrics, shareMetrics } from '@tsukimi/redis';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { RedisServer } from '../../../test/support/redis-server.js';
import { requireBinary } from '../../../test/support/server-binary.js';

const REDIS = requireBinary('redis-server');

interface Line {
  readonly code: unknown;
  readonly message: string;
}

interface Subject {
  readonly words: Counter<'of'>;
  readonly shared: SharedMetrics;
  /** The warnings, without those of the push loop. */
  readonly lines: readonly Line[];
  /** Counts one word, and pushes it. */
  push(): Promise<void>;
}

function counting(redis: RedisServer, prefix: string): Subject {
  const lines: Line[] = [];
  const registry = new MetricsRegistry();
  const words = registry.counter({ name: 'words_total', help: 'Words.', labelNames: ['of'] });
  const shared = shareMetrics(registry, {
    url: redis.url,
    prefix,
    intervalMs: 1_000_000,
    timeoutMs: 10_000,
    flushTimeoutMs: 10_000,
    logger: {
      info: () => {},
      warn: (details, message) => void lines.push({ code: (details as { readonly code?: unknown }).code, message }),
    },
  });
  onTestFinished(() => shared.stop({ timeoutMs: 0 }).then(() => {}));
  const push = async () => {
    words.inc({ of: 'moons' });
    expect(await shared.flush(), shared.error?.message ?? '').toBe(true);
  };
  return { words, shared, lines, push };
}

/** So much later, Redis has written to its disk what it had confirmed. */
function laterOn(): void {
  vi.setSystemTime(Date.now() + 10_000);
}

describe.skipIf(REDIS.skipReason)('one server', async () => {
  const redis = await RedisServer.start(REDIS.path);
  afterAll(() => redis[Symbol.asyncDispose]());

  test('that was emptied has its totals from then on, and each loss is logged with the batches that it has cost', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { shared, lines, push } = counting(redis, 'lost:');
    /** How many batches it has had. */
    const confirmed = async () => {
      const [id] = (await redis.ask('ZRANGE', 'lost:processes', '0', '-1')) as [string];
      return Number(await redis.ask('HGET', `lost:process:${id}`, 'sequence'));
    };
    const lost = (batches: number) => ({
      code: 'TSK_ERR_REDIS_LOST',
      message: `redis://127.0.0.1:${redis.port} no longer has ${batches === 1 ? '1 batch' : `${batches} batches`} that it had confirmed, so the totals of the fleet are lower by what was in them. If Redis was emptied on purpose, nothing needs to be done; otherwise turn on its append-only file.`,
    });
    for (let time = 0; time < 3; time += 1) await push();
    laterOn();
    await push();
    const emptied = await confirmed();
    await redis.ask('FLUSHALL');
    await push();
    expect(await redis.ask('HGET', 'lost:counter:words_total', 'of=moons')).toBe('1');
    expect(lines).toEqual([lost(emptied)]);
    // What was lost once is not lost again.
    laterOn();
    await push();
    await redis.ask('FLUSHALL');
    await push();
    expect(await redis.ask('HGET', 'lost:counter:words_total', 'of=moons')).toBe('1');
    expect(lines).toEqual([lost(emptied), lost(2)]);
    await push();
    expect(await redis.ask('HGET', 'lost:counter:words_total', 'of=moons')).toBe('2');
    expect(lines).toHaveLength(2);
    expect(shared.error).toBeUndefined();
  });

  test('with a key of another program refuses what would be written to it, and takes the rest once', async () => {
    const { lines, words, push } = counting(redis, 'refused:');
    await push();
    await redis.ask('DEL', 'refused:counter:words_total');
    await redis.ask('RPUSH', 'refused:counter:words_total', 'a list');
    words.inc({ of: 'stars' });
    const pushes = async () => Number(await redis.ask('HGET', 'refused:counter:exporter_pushes_total', 'exporter=redis&outcome=success'));
    const before = await pushes();
    await push();
    expect(await pushes()).toBe(before + 1);
    expect(lines).toEqual([
      {
        code: 'TSK_ERR_REDIS_REFUSED',
        message: `redis://127.0.0.1:${redis.port} refused 2 writes of a batch, whose values are missing in the totals: WRONGTYPE Operation against a key holding the wrong kind of value. Another program uses a key under this prefix: choose another prefix, or delete the key.`,
      },
    ]);
    expect(await redis.ask('LRANGE', 'refused:counter:words_total', '0', '-1')).toEqual(['a list']);
    await redis.ask('DEL', 'refused:counter:words_total');
    await push();
    expect(await redis.ask('HGETALL', 'refused:counter:words_total')).toEqual(['of=moons', '1']);
    expect(lines).toHaveLength(1);
  });
});
