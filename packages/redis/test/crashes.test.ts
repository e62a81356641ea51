/** Redis is killed and restarted under load, and a process is killed: the totals are what was answered, and never more. */
import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type IoRedisClient, shareMetrics } from '@tsukimi/redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ChildProgram, startNodeProgram } from '../../../test/support/child-process.js';
import { RedisServer } from '../../../test/support/redis-server.js';
import { requireBinary } from '../../../test/support/server-binary.js';
import { waitUntil } from '../../../test/support/wait-until.js';

const REDIS = requireBinary('redis-server');
const MEMBER = fileURLToPath(new URL('./support/member.mjs', import.meta.url));
const INTERVAL_MS = 250;
/** Between two requests of one client. */
const PAUSE_MS = 5;

/** Requests to one process, some at a time, until it is told to stop or the process is gone. */
class Load {
  /** When each response was there. */
  readonly answers: number[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #loops: Promise<void>[];
  #isOver = false;

  constructor(port: string) {
    const url = `http://127.0.0.1:${port}/work`;
    this.#loops = [1, 2, 3, 4].map(() => this.#loop(url));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
    this.#agent.destroy();
  }

  async #loop(url: string): Promise<void> {
    while (!this.#isOver && (await this.#request(url))) {
      this.answers.push(Date.now());
      // Some hundred requests a second are enough: more would only keep Redis and the pushes waiting for a processor.
      await pause(PAUSE_MS);
    }
  }

  #request(url: string): Promise<boolean> {
    return new Promise((resolve) => {
      get(url, { agent: this.#agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode === 200));
        response.on('error', () => resolve(false));
      }).on('error', () => resolve(false));
    });
  }
}

describe.skipIf(REDIS.skipReason)('under load', () => {
  test('three processes: Redis is killed twice, one process once, and nothing else is lost or counted twice', async () => {
    await using redis = await RedisServer.start(REDIS.path);
    const members = ['a', 'b', 'c'].map(() => startNodeProgram(MEMBER, { args: [redis.url, 'metrics:', String(INTERVAL_MS)] }));
    onTestFinished(() => Promise.all(members.map((member) => member.stop())).then(() => {}));
    const port = (member: ChildProgram) =>
      waitUntil('it listens', () => /port (\d+)/.exec(member.output.stdout)?.[1], { timeoutMs: 60_000 });
    const ports = await Promise.all(members.map(port));
    const loads = ports.map((port) => new Load(port));
    const total = async () => Number((await redis.ask('GET', 'metrics:endpoint_calls:GET /work')) ?? 0);
    const grows = async () => {
      const before = await total();
      await waitUntil('the total grows', async () => (await total()) > before);
    };
    const crash = async () => {
      await grows();
      await redis.kill();
      const before = loads.map(({ answers }) => answers.length);
      const answersMeanwhile = () => loads.filter(({ answers }, index) => answers.length > (before[index] as number) + 50).length;
      await waitUntil('requests are answered meanwhile', () => answersMeanwhile() >= 2);
      await redis.start();
      await grows();
    };

    await crash();
    const victim = members[2] as (typeof members)[number];
    const pushes = async () => {
      const ids = (await redis.ask('ZRANGE', 'metrics:processes', '0', '-1')) as string[];
      return await Promise.all(ids.map(async (id) => Date.parse(String(await redis.ask('HGET', `metrics:process:${id}`, 'at')))));
    };
    await waitUntil('all have just pushed', async () => {
      const [all, now] = [await pushes(), Date.now()];
      return all.length === 3 && all.every((at) => now - at < 2 * INTERVAL_MS);
    });
    victim.signal('SIGKILL');
    await victim.exited;
    // The others go on.
    const lastPush = Math.min(...(await pushes()));
    await loads[2]?.end();
    await crash();
    for (const load of loads) await load.end();
    for (const member of members.slice(0, 2)) {
      member.signal('SIGTERM');
      await member.exited;
      expect(member.output.stdout).toContain('flushed true');
    }

    const answered = loads.reduce((sum, { answers }) => sum + answers.length, 0);
    // The clock of the answer is the client's: it has some of them a little before the server has counted them.
    const lost = (loads[2]?.answers ?? []).filter((at) => at > lastPush - 100).length;
    expect(await total()).toBeLessThanOrEqual(answered);
    expect(await total()).toBeGreaterThanOrEqual(answered - lost);
    expect(await redis.ask('HGET', 'metrics:counter:http_requests_total', 'method=GET&path=/work&status=200')).toBe(String(await total()));
  }, 120_000);
});

/** A registry with a counter, shared by what the test says. */
function counting(options: Parameters<typeof shareMetrics>[1]) {
  const lines: string[] = [];
  const registry = new MetricsRegistry();
  const counter = registry.counter({ name: 'words_total', help: 'Words.' });
  const log = (_: object, message: string) => void lines.push(message);
  const shared = shareMetrics(registry, {
    intervalMs: 1_000_000,
    timeoutMs: 10_000,
    flushTimeoutMs: 10_000,
    logger: { info: log, warn: log },
    ...options,
  });
  onTestFinished(async () => void (await shared.stop({ timeoutMs: 0 })));
  return { counter, shared, lines };
}

const words = async (redis: RedisServer) => Number((await redis.ask('HGET', 'metrics:counter:words_total', '')) ?? 0);

describe.skipIf(REDIS.skipReason)('Redis that loses what it had confirmed', () => {
  test('gets it again', async () => {
    await using redis = await RedisServer.start(REDIS.path, { isDurable: false });
    const { counter, shared, lines } = counting({ url: redis.url, retryDelayMs: 10, maxRetryDelayMs: 20 });
    counter.inc(1);
    expect(await shared.flush()).toBe(true);
    await redis.ask('SAVE');
    for (const amount of [2, 4]) {
      counter.inc(amount);
      expect(await shared.flush()).toBe(true);
    }
    await redis.kill();
    await redis.start();
    expect(await words(redis)).toBe(1);
    counter.inc(8);
    await waitUntil('it is reached again', () => shared.flush());
    expect(await words(redis)).toBe(15);
    expect(lines.filter((line) => line.includes('no longer has'))).toEqual([]);
  });
});

describe.skipIf(REDIS.skipReason)('a batch that nobody knows the fate of', () => {
  test('is not counted twice: it is dropped if Redis may have forgotten it', async () => {
    await using redis = await RedisServer.start(REDIS.path);
    let losesAnswers = false;
    const client: IoRedisClient = {
      async call(command, ...args) {
        const reply = await redis.ask(command, ...args);
        if (losesAnswers) throw new Error('the answer was lost');
        return reply;
      },
    };
    const { counter, shared, lines } = counting({ client, sequenceTtlMs: 200 });
    counter.inc(1);
    await shared.flush();
    losesAnswers = true;
    counter.inc(2);
    expect(await shared.flush()).toBe(false);
    await waitUntil('the sequence expires', async () => ((await redis.ask('KEYS', 'metrics:process:*')) as string[]).length === 0);
    losesAnswers = false;
    counter.inc(4);
    await waitUntil('it goes on', () => shared.flush());
    expect(await words(redis)).toBe(7);
    expect(lines.filter((line) => line.includes('dropped a batch'))).toHaveLength(1);
  });
});
