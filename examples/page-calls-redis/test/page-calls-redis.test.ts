/** The example as its README shows it: two processes on one Redis, and the counts of both. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { projectText } from '../../../test/support/project.js';
import { RedisServer } from '../../../test/support/redis-server.js';
import { requireBinary } from '../../../test/support/server-binary.js';
import { createApp } from '../src/app.js';
import { measure, type PageCalls } from '../src/measure.js';

const REDIS = requireBinary('redis-server');

async function started(redisUrl: string) {
  const app = createApp();
  await measure(app, { redisUrl, intervalMs: 100_000 });
  onTestFinished(() => app.close());
  return app;
}

test('adds integers only, and greets', async () => {
  const app = createApp();
  onTestFinished(() => app.close());
  const answers = await Promise.all(
    ['/greet/Ann', '/add/2/3', '/add/-2/3', '/add/2/x', '/add/1.5/2', '/add/1e3/2', '/add/2'].map(async (url) => {
      const { statusCode, body } = await app.inject(url);
      return [url, statusCode, statusCode === 200 ? body : ''];
    }),
  );
  expect(answers).toEqual([
    ['/greet/Ann', 200, 'Hello, Ann!\n'],
    ['/add/2/3', 200, '5\n'],
    ['/add/-2/3', 200, '1\n'],
    ['/add/2/x', 400, ''],
    ['/add/1.5/2', 400, ''],
    ['/add/1e3/2', 400, ''],
    ['/add/2', 404, ''],
  ]);
});

test('the app knows nothing of being measured', () => {
  expect(projectText('examples/page-calls-redis/src/app.ts')).not.toMatch(/tsukimi|redis|metric/i);
});

describe.skipIf(REDIS.skipReason)('the calls of two processes', () => {
  test('are added up in Redis, and shown by each of them', async () => {
    await using redis = await RedisServer.start(REDIS.path);
    const [one, other] = [await started(redis.url), await started(redis.url)];
    for (const url of ['/greet/Ann', '/greet/Bob', '/add/2/3']) await one.inject(url);
    await other.inject('/greet/Cem');
    await other.inject('/add/2/x');
    await other.close();
    const before = new Date().toISOString();
    const calls = (await one.inject('/calls')).json<PageCalls[]>();
    expect(calls.map(({ endpoint, calls: count }) => [endpoint, count])).toEqual([
      ['GET /add/:x/:y', 2],
      ['GET /greet/:name', 3],
    ]);
    for (const { last_called: last } of calls) expect(last).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(calls.every(({ last_called: last }) => last !== null && last <= before)).toBe(true);
    expect(await redis.ask('GET', 'metrics:endpoint_calls:GET /greet/:name')).toBe('3');
    expect(await redis.ask('GET', 'metrics:last_called:GET /greet/:name')).toBe(calls[1]?.last_called);
  });

  test('can not be read without Redis, and the other pages answer as before', async () => {
    await using redis = await RedisServer.start(REDIS.path);
    const app = await started(redis.url);
    await redis.kill();
    const answer = await app.inject('/calls');
    expect([answer.statusCode, answer.json()]).toEqual([503, { error: 'The calls can not be read at the moment.' }]);
    expect((await app.inject('/greet/Ann')).statusCode).toBe(200);
  });
});
