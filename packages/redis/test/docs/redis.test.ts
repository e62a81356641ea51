/** The guide's snippets run against a real Redis, and the pages list what there is. */
import { type Class, createApplication } from '@tsukimi/core';
import { RedisSchema, type SharedMetrics } from '@tsukimi/redis';
import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { projectText } from '../../../../test/support/project.js';
import { RedisServer } from '../../../../test/support/redis-server.js';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { importSnippets } from '../../../../test/support/snippets.js';

const REDIS = requireBinary('redis-server');

describe.skipIf(REDIS.skipReason)('docs/guides/redis.md', async () => {
  const redis = await RedisServer.start(REDIS.path);
  afterAll(() => redis[Symbol.asyncDispose]());
  vi.stubEnv('REDIS_URL', redis.url);
  const page = await importSnippets('docs/guides/redis.md', import.meta.url);
  const readme = await importSnippets('packages/redis/README.md', import.meta.url);
  vi.unstubAllEnvs();
  afterAll(async () => {
    for (const each of [page, readme]) await each.exported<FastifyInstance>('app').close();
    await page.exported<SharedMetrics>('sharedByClient').stop();
    page.exported<Redis>('client').disconnect();
  });

  test('shares a Fastify server, and shows the keys that it says', async () => {
    const app = page.exported<FastifyInstance>('app');
    for (const name of ['Ann', 'Bob', 'Cem']) await app.inject(`/greet/${name}`);
    expect(await page.exported<SharedMetrics>('shared').flush()).toBe(true);
    expect((await app.inject('/metrics?scope=fleet')).json().endpoints['GET /greet/:name']).toMatchObject({ calls: 3, failures: 0 });
    expect(await redis.ask('GET', 'metrics:endpoint_calls:GET /greet/:name')).toBe('3');
    expect(await redis.ask('GET', 'metrics:last_called:GET /greet/:name')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(page.text).toContain('GET \'metrics:endpoint_calls:GET /greet/:name\'\n"3"');
  });

  test('shares an application', async () => {
    const configuration = { redis: { url: redis.url, prefix: 'moons:' } };
    const application = await createApplication(page.exported<Class>('Observatory'), { configuration, logger: false });
    await application.fastify.inject('/moons/Io');
    await application.close();
    expect(await redis.ask('GET', 'moons:endpoint_calls:GET /moons/:name')).toBe('1');
  });

  test('shares by a client', async () => {
    expect(await page.exported<SharedMetrics>('sharedByClient').flush()).toBe(true);
  });

  test('names the rights that are enough', async () => {
    const [, rule = ''] = /`user metrics (on [^`]+)`/.exec(page.text) ?? [];
    const user = await RedisServer.start(REDIS.path);
    try {
      await user.ask('ACL', 'SETUSER', 'metrics', ...rule.split(' '));
      const { shareMetrics } = await import('@tsukimi/redis');
      const { MetricsRegistry } = await import('@tsukimi/metrics');
      const registry = new MetricsRegistry();
      registry.counter({ name: 'words_total', help: 'Words.' }).inc(2);
      registry.histogram({ name: 'lengths', help: 'Lengths.' }).observe(0);
      registry.summary({ name: 'took', help: 'Took.' }).observe(1);
      const shared = shareMetrics(registry, { url: user.url, username: 'metrics', password: 'secret' });
      expect(await shared.flush(), shared.error?.message ?? '').toBe(true);
      expect(await (await shared.fleetRegistry()).expose()).toContain('\nwords_total 2\n');
      expect((await shared.fleetView()).endpoints).toEqual({});
      await shared.stop();
    } finally {
      await user[Symbol.asyncDispose]();
    }
  });
});

describe('docs/reference/redis.md', () => {
  test('has every key of the configuration, with its default', () => {
    const text = projectText('docs/reference/redis.md');
    for (const [key, { default: usual }] of Object.entries(RedisSchema.properties as Record<string, { default?: unknown }>)) {
      expect(text).toContain(`\`redis.${key}\``);
      if (usual !== undefined) expect(text).toMatch(new RegExp(`\\| \`redis\\.${key}\`.*\\| \`${String(usual)}\` \\|`));
    }
  });
});
