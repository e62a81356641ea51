/** A real Redis server of one test: it can be stopped, killed, halted and started again with its data. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { ChildProgram } from './child-process.js';
import { freePort } from './free-port.js';
import { waitUntil } from './wait-until.js';

export interface RedisServerOptions {
  /** Whether it is a node of a Redis Cluster. `@default false` */
  readonly isNode?: boolean;
  /** Whether it keeps its data in an append-only file, written to the disk each second. `@default true` */
  readonly isDurable?: boolean;
  readonly password?: string;
}

export class RedisServer implements AsyncDisposable {
  readonly port: number;
  /** The port for other nodes. The usual one, 10,000 above, may not exist. */
  readonly clusterPort: number;
  readonly #program: string;
  readonly #folder: string;
  readonly #options: RedisServerOptions;
  #password: string | undefined;
  #running: ChildProgram | undefined;

  private constructor(
    { ports, folder, program }: { ports: [number, number]; folder: string; program: string },
    options: RedisServerOptions,
  ) {
    [this.port, this.clusterPort] = ports;
    this.#folder = folder;
    this.#program = program;
    this.#options = options;
    this.#password = options.password;
  }

  /** Makes a server that is not started yet. @param program the path of `redis-server` */
  static async make(program: string, options: RedisServerOptions = {}): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'tsukimi-redis-'));
    return new RedisServer({ ports: [await freePort(), await freePort()], folder, program }, options);
  }

  /** Makes and starts a server. */
  static async start(program: string, options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = await RedisServer.make(program, options);
    await server.start();
    return server;
  }

  /** Without credentials. */
  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { isNode = false, isDurable = true } = this.#options;
    const durable = isDurable ? ['--appendonly', 'yes', '--appendfsync', 'everysec'] : ['--appendonly', 'no'];
    const secret = this.#password === undefined ? [] : ['--requirepass', this.#password];
    const node = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--cluster-port', String(this.clusterPort)];
    const all = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--dir',
      this.#folder,
      '--save',
      '',
      ...durable,
      ...secret,
      ...(isNode ? node : []),
    ];
    this.#running = new ChildProgram(this.#program, { args: all });
    await this.#running.waitForOutput(/Ready to accept connections/);
  }

  /** Asks for a password from now on. */
  async setPassword(password: string): Promise<void> {
    if (this.#running !== undefined) await this.ask('CONFIG', 'SET', 'requirepass', password);
    this.#password = password;
  }

  /** Runs one command, with a connection of its own. */
  async ask(...command: readonly string[]): Promise<unknown> {
    const client = createClient({
      url: this.url,
      RESP: 2,
      socket: { reconnectStrategy: false },
      ...(this.#password !== undefined && { password: this.#password }),
    });
    client.on('error', () => {});
    await client.connect();
    try {
      return await client.sendCommand(command);
    } finally {
      client.destroy();
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#running?.signal(name);
  }

  /** Ends it as a crash would: what it has not written is lost. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#running?.exited;
    this.#running = undefined;
  }

  async stop(): Promise<void> {
    this.signal('SIGCONT');
    await this.#running?.stop();
    this.#running = undefined;
  }

  /** Makes a cluster of this node and others, which must be new. Each has about as many slots as the others. */
  async formCluster(...others: readonly RedisServer[]): Promise<void> {
    const nodes = [this, ...others];
    for (const [index, node] of nodes.entries()) {
      const [first, next] = [index, index + 1].map((each) => Math.floor((16_384 * each) / nodes.length)) as [number, number];
      await node.ask('CLUSTER', 'ADDSLOTSRANGE', String(first), String(next - 1));
    }
    for (const other of others) await this.ask('CLUSTER', 'MEET', '127.0.0.1', String(other.port), String(other.clusterPort));
    const isUp = async (node: RedisServer) => String(await node.ask('CLUSTER', 'INFO')).includes('cluster_state:ok');
    for (const node of nodes) await waitUntil('the cluster is up', () => isUp(node), { timeoutMs: 60_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running !== undefined) await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
