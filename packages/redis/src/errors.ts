/** The error class of this package, and its errors. */
import { ApplicationError, describeReceived } from '@tsukimi/core';

/** An error of `@tsukimi/redis`: what happened, what was received, and how to fix it. It never repeats an address with credentials, or a password. */
export class RedisError extends ApplicationError {
  override readonly name: string = 'RedisError';
}

/** Redis ends some of its errors with a full stop. */
const sentence = (text: string): string => `${text.replace(/\.$/, '')}.`;

export const invalidOption = (option: string, value: unknown, allowed: string): RedisError =>
  new RedisError(
    'TSK_ERR_REDIS_OPTION',
    `${option} is ${describeReceived(value, { key: option, isPlain: typeof value !== 'string' && !['username', 'password', 'url'].includes(option) })}. Use ${allowed}.`,
  );

export const invalidUrl = (): RedisError =>
  new RedisError(
    'TSK_ERR_REDIS_OPTION',
    'url is not an address of Redis. Use redis://host:6379 or rediss://host:6379 (TLS), with special characters of user and password percent-encoded; the value is not repeated here, because it may contain a password.',
  );

export const notAClient = (value: unknown): RedisError =>
  new RedisError(
    'TSK_ERR_REDIS_CLIENT',
    `client is ${describeReceived(value)}, which is no client of Redis. Pass a client or cluster of redis (node-redis) or ioredis, or leave it out and set url.`,
  );

export const readFailed = (target: string, why: string): RedisError =>
  new RedisError(
    'TSK_ERR_REDIS_READ',
    `The totals of the fleet can't be read from ${target}: ${sentence(why)} Start Redis, or correct its address, credentials and permissions.`,
  );

export const staleToken = (token: number, seen: string): RedisError =>
  new RedisError(
    'TSK_ERR_REDIS_STALE_TOKEN',
    `The token ${token} is stale: a write with the token ${seen} has come before, so another instance runs the task now. Let the run end.`,
  );

/** Logged, never thrown. */
export const batchesLost = (target: string, batches: number): RedisError =>
  new RedisError(
    'TSK_ERR_REDIS_LOST',
    `${target} no longer has ${batches} batch${batches === 1 ? '' : 'es'} that it had confirmed, so the totals of the fleet are lower by what was in them. If Redis was emptied on purpose, nothing needs to be done; otherwise turn on its append-only file.`,
  );

/** Logged once for each metric, never thrown. */
export const metricLeftOut = (metric: string, why: string): RedisError =>
  new RedisError(
    'TSK_ERR_REDIS_METRIC',
    `${metric} is left out of the metrics of the fleet: ${sentence(why)} Register it with the same type in all processes; if it has another type than before, delete the keys of the old one.`,
  );

/** Logged, never thrown. */
export const writesRefused = (target: string, writes: number, why: string): RedisError =>
  new RedisError(
    'TSK_ERR_REDIS_REFUSED',
    `${target} refused ${writes} write${writes === 1 ? '' : 's'} of a batch, whose values are missing in the totals: ${sentence(why)} Another program uses a key under this prefix: choose another prefix, or delete the key.`,
  );
