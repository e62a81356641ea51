/** Where Redis is: for commands, and for messages without credentials. */
import { withoutUrlSecrets } from '@tsukimi/metrics';
import { invalidOption, invalidUrl } from '../errors.js';
import type { RedisCommands } from './commands.js';
import { givenClient, type RedisClientLike } from './given-client.js';
import { OwnClient } from './own-client.js';

/** How Redis is reached. */
export interface ConnectionOptions {
  /**
   * The address: `redis://host:6379`, or `rediss://host:6379` for TLS. It may contain user, password and the number of the database, which no message shows.
   * @default 'redis://localhost:6379'
   */
  readonly url?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /**
   * Whether the address is that of a node of a Redis Cluster.
   * @default false
   */
  readonly cluster?: boolean | undefined;
  /** A client of `redis` or `ioredis` that the application has already, instead of an address. It is not closed. */
  readonly client?: RedisClientLike | undefined;
}

export interface RedisTarget {
  readonly commands: RedisCommands;
  /** For messages. */
  readonly shown: string;
  readonly secrets: readonly string[];
}

export const DEFAULT_URL = 'redis://localhost:6379';

/** @throws TSK_ERR_REDIS_OPTION, TSK_ERR_REDIS_CLIENT */
export function redisTarget({ url, username, password, cluster = false, client }: ConnectionOptions): RedisTarget {
  if (client !== undefined) {
    if (url !== undefined) throw invalidOption('client', client, 'either client or url');
    return { commands: givenClient(client), shown: 'Redis', secrets: secretsOfClient(client) };
  }
  if (username !== undefined && typeof username !== 'string') throw invalidOption('username', username, 'a text');
  if (password !== undefined && typeof password !== 'string') throw invalidOption('password', password, 'a text');
  if (typeof cluster !== 'boolean') throw invalidOption('cluster', cluster, 'true or false');
  const address = url ?? DEFAULT_URL;
  if (!isRedisUrl(address)) throw invalidUrl();
  const parsed = new URL(address);
  const secrets = [password, parsed.password, decodeURIComponent(parsed.password)];
  return {
    commands: new OwnClient({ url: address, username, password, isCluster: cluster }),
    shown: `${parsed.protocol}//${parsed.host || 'localhost'}`,
    secrets: secrets.filter((secret) => secret !== undefined && secret !== '') as string[],
  };
}

/** Whether a text is an address of Redis whose parts can be decoded. */
export function isRedisUrl(url: unknown): url is string {
  if (typeof url !== 'string' || !URL.canParse(url)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(url);
  if (!/^rediss?:$/.test(protocol) || !/^\/?\d{0,9}$/.test(pathname) || search !== '' || hash !== '') return false;
  try {
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    return false;
  }
}

/** The passwords of a client that the user gave, as far as its options are known. */
function secretsOfClient(client: RedisClientLike): string[] {
  try {
    const { options } = client as { readonly options?: { readonly password?: unknown; readonly url?: unknown } };
    const inUrl = typeof options?.url === 'string' && URL.canParse(options.url) ? new URL(options.url).password : undefined;
    return [options?.password, inUrl].filter((secret) => typeof secret === 'string' && secret !== '') as string[];
  } catch {
    return [];
  }
}

/** Returns why a command failed, without credentials and without what clients keep in their errors. */
export function shownReason(error: unknown, secrets: readonly string[]): string {
  const { message, code, name } = (error instanceof Error ? error : new Error(String(error))) as NodeJS.ErrnoException;
  const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const text = spellings.reduce((rest, secret) => rest.replaceAll(secret, '***'), withoutUrlSecrets(message));
  return text || String(code ?? name);
}
