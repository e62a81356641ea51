/** The client that is opened for an address. */
import { setMaxListeners } from 'node:events';
import { createClient, createCluster, ErrorReply } from '@redis/client';
import { untilAborted } from '@tsukimi/metrics';
import type { CommandOptions, RedisCommands } from './commands.js';

/** Where Redis is. */
export interface RedisAddress {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly isCluster: boolean;
}

/** What both kinds of client have. */
interface Connection {
  send(command: readonly string[], options: CommandOptions): Promise<unknown>;
  connect(): Promise<unknown>;
  destroy(): void;
}

/**
 * Connects with the first command, and again with the first one after a failure: when to try again is the push loop's decision. Nothing is queued while
 * there is no connection.
 */
export class OwnClient implements RedisCommands {
  readonly isCluster: boolean;
  readonly #address: RedisAddress;
  #open: { readonly connection: Connection; readonly connected: Promise<unknown> } | undefined;
  #isClosed = false;

  constructor(address: RedisAddress) {
    this.#address = address;
    this.isCluster = address.isCluster;
  }

  async send(command: readonly string[], options: CommandOptions): Promise<unknown> {
    if (this.#isClosed) throw new Error('the connection was closed');
    const open = this.#open ?? this.#connect();
    try {
      await untilAborted(open.connected, options.signal);
      return await untilAborted(open.connection.send(command, options), options.signal);
    } catch (error) {
      // A connection that has not answered in time may never answer.
      if (!(error instanceof ErrorReply)) this.#drop(open.connection);
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#open !== undefined) this.#drop(this.#open.connection);
  }

  #connect() {
    const connection = this.isCluster ? clusterConnection(this.#address) : singleConnection(this.#address);
    const open = { connection, connected: connection.connect() };
    open.connected.catch(() => {});
    this.#open = open;
    return open;
  }

  #drop(connection: Connection): void {
    if (this.#open?.connection === connection) this.#open = undefined;
    try {
      connection.destroy();
    } catch {
      // It was closed already.
    }
  }
}

/** What each connection is opened with. RESP2, which every server knows. */
function settings({ url, username, password }: RedisAddress, signal: AbortSignal) {
  const { username: user, password: secret } = new URL(url);
  const known = { username: username ?? decodeURIComponent(user), password: password ?? decodeURIComponent(secret) };
  return {
    ...(known.username !== '' && { username: known.username }),
    ...(known.password !== '' && { password: known.password }),
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    socket: { reconnectStrategy: false, signal },
  } as const;
}

/** The address alone: the client would prefer the credentials in it. */
function withoutCredentials(url: string): string {
  return url.replace(/^(rediss?:\/\/)[^/]*@/, '$1');
}

/** Ends the sockets of a connection: its client forgets those that are just being opened when it is destroyed, and they would stay open. */
function socketsEnd(): AbortController {
  const end = new AbortController();
  // One for each node of a cluster.
  setMaxListeners(0, end.signal);
  return end;
}

function singleConnection(address: RedisAddress): Connection {
  const end = socketsEnd();
  const client = createClient({ ...settings(address, end.signal), RESP: 2, url: withoutCredentials(address.url) });
  // What fails is told by the command that fails.
  client.on('error', () => {});
  return {
    connect: () => client.connect(),
    send: (command) => client.sendCommand(command),
    destroy: () => destroyed(client, end),
  };
}

function clusterConnection(address: RedisAddress): Connection {
  const end = socketsEnd();
  const defaults = settings(address, end.signal);
  const cluster = createCluster({ RESP: 2, rootNodes: [{ ...defaults, url: withoutCredentials(address.url) }], defaults });
  cluster.on('error', () => {});
  cluster.on('node-error', () => {});
  return {
    connect: () => cluster.connect(),
    send: (command, { key, isReadOnly = false }) => cluster.sendCommand(key, isReadOnly, [...command]),
    destroy: () => destroyed(cluster, end),
  };
}

function destroyed(client: { destroy(): void }, end: AbortController): void {
  try {
    client.destroy();
  } finally {
    end.abort();
  }
}
