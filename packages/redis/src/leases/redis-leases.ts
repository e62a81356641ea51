/** Keeps the leases of tasks that run once in a fleet in Redis. */
import { type Extension, type ExtensionFactory, invalidConfigurationValue, type LeaseStore, refuseUnknownKeys } from '@tsukimi/core';
import type { RedisCommands } from '../connection/commands.js';
import type { RedisClientLike } from '../connection/given-client.js';
import { runScript, script } from '../connection/script.js';
import { isRedisUrl, redisTarget } from '../connection/target.js';
import { RedisSchema } from '../redis-extension.js';

export interface RedisLeasesOptions {
  /** A client of `redis` or `ioredis` that the application has already, instead of `redis.url`. It is not closed. */
  readonly client?: RedisClientLike | undefined;
  /**
   * What the keys of leases begin with.
   * @default 'tsukimi:leases:'
   */
  readonly prefix?: string | undefined;
}

// One key for each lease, so that it works in a cluster. It stays when the lease has ended, because it has the highest token so far. Redis's own clock
// counts, so those of the instances do not matter. The time is the lowest token, so that tokens still grow after Redis has lost its data.
const NOW = "local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)\n";

const ACQUIRE = script(`${NOW}local lease = redis.call('HMGET', KEYS[1], 'holder', 'ends', 'token')
local ends = tonumber(lease[2] or '0')
if lease[1] and lease[1] ~= ARGV[1] and ends > now then return {0, ends - now} end
local token = math.max(tonumber(lease[3] or '0') + 1, now)
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'ends', string.format('%.0f', now + ARGV[2]), 'token', string.format('%.0f', token))
return {token, 0}`);

const RENEW = script(`${NOW}local lease = redis.call('HMGET', KEYS[1], 'holder', 'ends', 'token')
if lease[1] ~= ARGV[1] or lease[3] ~= ARGV[3] or tonumber(lease[2]) <= now then return 0 end
redis.call('HSET', KEYS[1], 'ends', string.format('%.0f', now + ARGV[2]))
return 1`);

const RELEASE = script(`local lease = redis.call('HMGET', KEYS[1], 'holder', 'token')
if lease[1] == ARGV[1] and lease[2] == ARGV[2] then redis.call('HSET', KEYS[1], 'ends', '0') end
return 1`);

/**
 * Returns an extension that keeps the leases of `@Scheduled({ once: 'fleet' })` in Redis: the one of the namespace `redis`, or that of a client.
 *
 * @example
 * // @Application({ extensions: [redisLeases()] })
 */
export function redisLeases(options: RedisLeasesOptions = {}): ExtensionFactory {
  return () => new RedisLeases(options);
}

class RedisLeases implements Extension {
  readonly name = 'redis-leases';
  readonly #options: RedisLeasesOptions;
  #commands: RedisCommands | undefined;

  constructor(options: RedisLeasesOptions) {
    this.#options = options;
  }

  configure({ configuration, useLeaseStore }: Parameters<NonNullable<Extension['configure']>>[0]): void {
    const { client, prefix = 'tsukimi:leases:' } = this.#options;
    refuseUnknownKeys(configuration, { name: 'redis', schema: RedisSchema });
    const { url, username, password, cluster } = configuration.namespace('redis', RedisSchema);
    if (client === undefined && url !== undefined && !isRedisUrl(url)) {
      const allowed = 'an address such as redis://host:6379, or rediss://host:6379 for TLS';
      throw invalidConfigurationValue({ key: 'redis.url', value: url, source: configuration.placeOf('redis.url'), allowed });
    }
    const { commands } = redisTarget(client === undefined ? { url, username, password, cluster } : { client });
    this.#commands = commands;
    useLeaseStore(leaseStore(commands, prefix));
  }

  async stopped(): Promise<void> {
    await this.#commands?.close();
  }
}

function leaseStore(commands: RedisCommands, prefix: string): LeaseStore {
  const keysOf = (name: string): readonly [string] => [`${prefix}${name}`];
  return {
    name: 'Redis',
    async acquire({ name, holder, leaseMs, signal }) {
      const reply = await runScript(commands, ACQUIRE, { keys: keysOf(name), args: [holder, String(leaseMs)], signal });
      const [token, heldForMs] = (reply as readonly unknown[]).map(Number);
      return token ? { token } : { heldForMs: heldForMs ?? leaseMs };
    },
    async renew({ name, holder, leaseMs, token, signal }) {
      const args = [holder, String(leaseMs), String(token)];
      return Number(await runScript(commands, RENEW, { keys: keysOf(name), args, signal })) === 1;
    },
    async release({ name, holder, token, signal }) {
      await runScript(commands, RELEASE, { keys: keysOf(name), args: [holder, String(token)], signal });
    },
  };
}
