/** The extension: configured by the namespace `redis`, checked at start, and the last request is among the totals. */
import { Application, type ConfigurationValue, Controller, createApplication, Get, Param, Service } from '@tsukimi/core';
import { Instrumented } from '@tsukimi/instrumentation';
import { redisMetrics } from '@tsukimi/redis';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../test/support/free-port.js';
import { RedisServer } from '../../../test/support/redis-server.js';
import { requireBinary } from '../../../test/support/server-binary.js';

const REDIS = requireBinary('redis-server');
const SECRET = 's3cr3t-w0rd';

@Service()
class Moons {
  find(name: string): string {
    return name;
  }
}

@Controller('/moons')
class MoonController {
  constructor(private readonly moons: Moons) {}

  @Get('/:name')
  async view(@Param('name') name: string): Promise<string> {
    return this.moons.find(name);
  }
}

@Instrumented()
@Application({ components: [Moons, MoonController], extensions: [redisMetrics()] })
class Observatory {}

async function start(redis: ConfigurationValue) {
  const lines: string[] = [];
  const application = await createApplication(Observatory, {
    configuration: { redis, server: { port: 0 } },
    environment: {},
    logger: { stream: { write: (line: string) => void lines.push(line) } },
  });
  return { application, lines };
}

const failure = (redis: ConfigurationValue) =>
  start(redis).then(
    () => 'started',
    (error: Error) => error.message,
  );

describe.skipIf(REDIS.skipReason)('with Redis', () => {
  test('everything is shared, the last request too', async () => {
    await using redis = await RedisServer.start(REDIS.path, { password: SECRET });
    const { application, lines } = await start({
      url: redis.url,
      password: SECRET,
      prefix: 'moons:',
      interval_ms: 100_000,
      flush_timeout_ms: 10_000,
    });
    await application.fastify.inject('/moons/Io');
    const view = await application.fastify.inject('/metrics?scope=fleet');
    expect(view.statusCode).toBe(200);
    await application.fastify.inject('/moons/Europa');
    await application.close();
    expect(await redis.ask('GET', 'moons:endpoint_calls:GET /moons/:name')).toBe('2');
    expect(await redis.ask('GET', 'moons:method_calls:Moons.find')).toBe('2');
    expect(lines.join('')).not.toContain(SECRET);
  });
});

describe('without Redis', () => {
  test('an application starts with one warning, which has no credentials', async () => {
    const { application, lines } = await start({ url: `redis://ann:${SECRET}@127.0.0.1:${await freePort()}`, interval_ms: 50 });
    await application.fastify.inject('/moons/Io');
    await application.close();
    const warnings = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 40);
    expect(warnings.map(({ code }) => code).slice(0, 1)).toEqual(['TSK_ERR_PUSH_DOWN']);
    expect(lines.join('')).not.toContain(SECRET);
  });

  test('required: true stops the start', async () => {
    const message = await failure({ url: `redis://ann:${SECRET}@127.0.0.1:${await freePort()}`, required: true });
    expect(message).toContain('redis.required is true');
    expect(message).not.toContain(SECRET);
  });
});

describe('the configuration', () => {
  test.each([
    [{ prefix: 'my metrics' }, 'redis.prefix', 'a prefix of 1 to 100'],
    [{ cluster: true }, 'redis.prefix', 'a prefix with a hash tag, such as {metrics}:'],
    [{ url: `http://ann:${SECRET}@host` }, 'redis.url', 'an address such as redis://host:6379'],
    [{ interval_ms: 0 }, 'redis.interval_ms', ''],
    [{ cluster: 'perhaps' }, 'redis.cluster', ''],
  ])('%j is refused', async (redis, key, allowed) => {
    const message = await failure(redis);
    expect(message).toContain(key);
    expect(message).toContain(allowed);
    expect(message).not.toContain(SECRET);
  });
});
