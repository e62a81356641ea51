/** The reference daemon: the npm package statsd, with its console backend. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProgram } from '../../../../test/support/child-process.js';
import { freePort } from '../../../../test/support/free-port.js';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { freeUdpPort } from './packet-listener.js';

const DAEMON = createRequire(import.meta.url).resolve('statsd/stats.js');

/** The daemon logs by a function that Node.js 23 removed. */
const UTIL_LOG = 'data:text/javascript,import util from "node:util"; util.log ??= console.log;';

/** What one flush of the console backend has printed. */
interface Flush {
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  readonly timers: Readonly<Record<string, readonly number[]>>;
}

/** A daemon at a port of its own. Its totals outlive restarts: they are what its console backend has printed. */
export class StatsdDaemon {
  readonly port: number;
  readonly #managementPort: number;
  readonly #folder: string;
  #program: ChildProgram | undefined;
  readonly #flushes: Flush[] = [];
  /** How much of the output is parsed. */
  #parsed = 0;

  private constructor(ports: { readonly port: number; readonly managementPort: number }, folder: string) {
    this.port = ports.port;
    this.#managementPort = ports.managementPort;
    this.#folder = folder;
  }

  /** Not started yet. */
  static async open({ flushMs = 100 } = {}): Promise<StatsdDaemon> {
    const folder = await mkdtemp(join(tmpdir(), 'statsd-'));
    const [port, managementPort] = await Promise.all([freeUdpPort(), freePort()]);
    const configuration = {
      port,
      address: '127.0.0.1',
      mgmt_port: managementPort,
      mgmt_address: '127.0.0.1',
      flushInterval: flushMs,
      deleteIdleStats: true,
      deleteGauges: false,
      backends: ['./backends/console'],
    };
    await writeFile(join(folder, 'config.js'), `(${JSON.stringify(configuration)})`);
    return new StatsdDaemon({ port, managementPort }, folder);
  }

  async start(): Promise<void> {
    this.#parsed = 0;
    // console.log prints no more than two levels of objects and 100 members of arrays otherwise; timers are arrays.
    this.#program = new ChildProgram(process.execPath, { args: ['--import', UTIL_LOG, DAEMON, join(this.#folder, 'config.js')] });
    await waitUntil('the daemon', () => this.#answers());
  }

  /** Ends it without a flush, as kill -9 would. */
  async stop(): Promise<void> {
    const program = this.#program;
    if (program === undefined) return;
    this.#program = undefined;
    program.signal('SIGKILL');
    await program.exited;
    this.#parse(program.output.stdout);
  }

  /** What all flushes of a counter add up to. */
  total(name: string): number {
    if (this.#program !== undefined) this.#parse(this.#program.output.stdout);
    return this.#flushes.reduce((sum, { counters }) => sum + (counters[name] ?? 0), 0);
  }

  /** The value of a gauge at the last flush. */
  gauge(name: string): number | undefined {
    this.total('');
    return this.#flushes.at(-1)?.gauges[name];
  }

  get counterNames(): string[] {
    this.total('');
    return [...new Set(this.#flushes.flatMap(({ counters }) => Object.keys(counters)))];
  }

  /** All values of a timer. */
  timings(name: string): number[] {
    this.total('');
    return this.#flushes.flatMap(({ timers }) => timers[name] ?? []);
  }

  get badLines(): number {
    return this.total('statsd.bad_lines_seen');
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true });
  }

  #parse(output: string): void {
    const blocks = output.slice(this.#parsed).matchAll(/^Flushing stats at .*\n(\{\n[\s\S]*?\n\})\n/gm);
    const begin = this.#parsed;
    for (const match of blocks) {
      this.#parsed = begin + match.index + match[0].length;
      // What util.inspect prints of numbers and plain objects is JavaScript.
      this.#flushes.push(Function(`return (${match[1]})`)() as Flush);
    }
  }

  async #answers(): Promise<boolean> {
    const socket = connect(this.#managementPort, '127.0.0.1').setEncoding('utf8');
    try {
      await once(socket, 'connect');
      socket.write('health\n');
      const [answer] = await once(socket, 'data');
      return String(answer).includes('up');
    } finally {
      socket.destroy();
    }
  }
}
