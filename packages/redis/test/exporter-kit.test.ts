/** The exporter passes the compatibility kit, against a real server behind a proxy that can lose answers. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { LabelRecord } from '@tsukimi/metrics';
import { type ExporterUnderTest, exporterSuite, type Fault, type OtherSide } from '@tsukimi/metrics/testing';
import { shareMetrics } from '@tsukimi/redis';
import { describe, test } from 'vitest';
import { RedisServer } from '../../../test/support/redis-server.js';
import { requireBinary } from '../../../test/support/server-binary.js';

const REDIS = requireBinary('redis-server');

class RedisSide implements OtherSide {
  readonly #server: RedisServer;
  readonly #proxy: Server;
  readonly #sockets = new Set<Socket>();
  #losesAnswers = false;
  #hangs = false;

  private constructor(server: RedisServer) {
    this.#server = server;
    this.#proxy = createServer((client) => this.#pass(client));
  }

  static async open(): Promise<RedisSide> {
    const side = new RedisSide(await RedisServer.make(REDIS.path));
    side.#proxy.listen(0, '127.0.0.1');
    await once(side.#proxy, 'listening');
    return side;
  }

  get address(): string {
    return `127.0.0.1:${(this.#proxy.address() as AddressInfo).port}`;
  }

  setPassword(password: string): Promise<void> {
    return this.#server.setPassword(password);
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.kill();
  }

  async set(fault: Fault, isOn: boolean): Promise<void> {
    if (fault === 'hang') this.#hang(isOn);
    if (fault === 'refuse') await this.#server.ask('CONFIG', 'SET', 'min-replicas-to-write', isOn ? '1' : '0');
    if (fault === 'fill') await this.#server.ask('CONFIG', 'SET', 'maxmemory', isOn ? '1' : '0');
    if (fault === 'lose-answers') this.#losesAnswers = isOn;
  }

  async total(name: string, { part }: LabelRecord): Promise<number> {
    return Number((await this.#server.ask('HGET', `metrics:counter:${name}`, `part=${part}`)) ?? 0);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#proxy.close();
    await this.#server[Symbol.asyncDispose]();
  }

  #hang(isOn: boolean): void {
    this.#hangs = isOn;
    if (!isOn) for (const socket of this.#sockets) socket.destroy();
  }

  #pass(client: Socket): void {
    const server = connect(this.#server.port, '127.0.0.1');
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (!this.#hangs) server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (!this.#losesAnswers) client.write(bytes);
    });
  }
}

const subject: ExporterUnderTest<RedisSide> = {
  name: 'redis',
  faults: ['hang', 'refuse', 'fill', 'lose-answers'],
  open: () => RedisSide.open(),
  async start({ registry, otherSide, secret, ...given }) {
    await otherSide.setPassword(secret);
    return shareMetrics(registry, { ...given, url: `redis://:${encodeURIComponent(secret)}@${otherSide.address}` });
  },
};

describe.skipIf(REDIS.skipReason)('the compatibility kit for exporters', () => {
  for (const { name, run, excused } of exporterSuite(subject)) test.skipIf(excused)(name, run, 60_000);
});
