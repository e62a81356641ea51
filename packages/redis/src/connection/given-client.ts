/** Clients that the user gives: of redis (node-redis) or ioredis, for one server or a cluster. */
import { untilAborted } from '@tsukimi/metrics';
import { notAClient } from '../errors.js';
import type { CommandOptions, RedisCommands } from './commands.js';

/** A client or cluster of `ioredis`. */
export interface IoRedisClient {
  readonly isCluster?: boolean | undefined;
  call(command: string, ...args: string[]): Promise<unknown>;
}

/** A client of `redis`. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  sendCommand(args: readonly string[]): Promise<unknown>;
}

/** A cluster of `redis`. */
export interface NodeRedisCluster {
  readonly isOpen: boolean;
  readonly slots: unknown;
  sendCommand(firstKey: string | undefined, isReadonly: boolean | undefined, args: string[]): Promise<unknown>;
}

/** A client of Redis that the application has already. It stays open, and its errors are the application's to handle. */
export type RedisClientLike = IoRedisClient | NodeRedisClient | NodeRedisCluster;

type Send = (command: readonly string[], options: CommandOptions) => Promise<unknown>;

/** @throws TSK_ERR_REDIS_CLIENT */
export function givenClient(client: unknown): RedisCommands {
  const { isCluster, send } = adapted(client);
  return new GivenClient(isCluster, send);
}

class GivenClient implements RedisCommands {
  readonly isCluster: boolean;
  readonly #send: Send;
  /** A command whose reply nobody waited for. The client may keep it until it is connected again, so there is never more than one. */
  #left: Promise<unknown> | undefined;

  constructor(isCluster: boolean, send: Send) {
    this.isCluster = isCluster;
    this.#send = send;
  }

  async send(command: readonly string[], options: CommandOptions): Promise<unknown> {
    const { signal } = options;
    while (this.#left !== undefined) await untilAborted(this.#left, signal);
    signal.throwIfAborted();
    const reply = this.#send(command, options);
    try {
      return await untilAborted(reply, signal);
    } finally {
      if (signal.aborted) this.#leave(reply);
    }
  }

  close(): void {}

  #leave(reply: Promise<unknown>): void {
    const forget = (): void => {
      if (this.#left === left) this.#left = undefined;
    };
    const left: Promise<unknown> = reply.then(forget, forget);
    this.#left = left;
  }
}

function adapted(client: unknown): { readonly isCluster: boolean; readonly send: Send } {
  const given = (typeof client === 'object' && client !== null ? client : {}) as Partial<
    IoRedisClient & NodeRedisClient & NodeRedisCluster
  >;
  if (typeof given.call === 'function') {
    const ioredis = client as IoRedisClient;
    return { isCluster: ioredis.isCluster === true, send: ([name = '', ...args]) => ioredis.call(name, ...args) };
  }
  if (typeof given.sendCommand !== 'function') throw notAClient(client);
  if ('slots' in given) {
    const cluster = client as NodeRedisCluster;
    return { isCluster: true, send: (command, { key, isReadOnly = false }) => cluster.sendCommand(key, isReadOnly, [...command]) };
  }
  const single = client as NodeRedisClient;
  return { isCluster: false, send: async (command) => await single.sendCommand(command) };
}
