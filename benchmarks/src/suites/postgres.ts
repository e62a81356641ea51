/** What instrumenting adds to a query: against a PostgreSQL that answers at once, in this process, and against a real one. */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { instrumentPool } from '@tsukimi/postgres';
import pg from 'pg';
import { MetricsRegistry } from 'tsukimi';
import { timeAsyncInTurns } from '../support/rounds.js';
import { atMost, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

const TEXT = '/* name: one */ SELECT 1 AS one';

/** Answers each query in the next microtask, with a row, as pg's own connection passes on what a server sends. */
class InstantConnection extends EventEmitter {
  readonly stream = new EventEmitter();
  readonly parsedStatements = {};
  readonly submittedNamedStatements = {};

  connect(): void {
    queueMicrotask(() => this.emit('readyForQuery', { status: 'I' }));
  }

  query(): void {
    queueMicrotask(() => {
      this.emit('rowDescription', { fields: [{ name: 'one', dataTypeID: 23, format: 'text' }] });
      this.emit('dataRow', { fields: ['1'] });
      this.emit('commandComplete', { text: 'SELECT 1' });
      this.emit('readyForQuery', { status: 'I' });
    });
  }

  ref(): void {}

  end(): void {
    this.emit('end');
  }
}

class InstantClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super({ ...config, connection: new InstantConnection() } as pg.ClientConfig);
  }
}

await runSuite(postgres);

async function postgres({ quick }: SuiteOptions): Promise<Row[]> {
  return [...(await instant(quick)), ...(await real(quick))];
}

async function instant(quick: boolean): Promise<Row[]> {
  const pools = pair({ Client: InstantClient as never, max: 1 });
  const rounds = quick ? { rounds: 3, calls: 500 } : { rounds: 15, calls: 50_000 };
  const clients = { bare: await pools.bare.connect(), ours: await pools.ours.connect() };
  const ofClient = await timeAsyncInTurns({ bare: () => clients.bare.query(TEXT), ours: () => clients.ours.query(TEXT) }, rounds);
  clients.bare.release();
  clients.ours.release();
  const ofPool = await timeAsyncInTurns({ bare: () => pools.bare.query(TEXT), ours: () => pools.ours.query(TEXT) }, rounds);
  return [
    atMost('a query of an instrumented client whose server answers at once, against a bare one', 2, {
      value: ofClient.ours / ofClient.bare,
      unit: 'x',
      detail: nanos(ofClient),
    }),
    atMost('the same by `pool.query`, with its wait', 2, { value: ofPool.ours / ofPool.bare, unit: 'x', detail: nanos(ofPool) }),
  ];
}

async function real(quick: boolean): Promise<Row[]> {
  const given = process.env['DATABASE_URL'];
  const server = given ? { url: given, end: async () => {} } : await startServer();
  const pools = pair({ connectionString: server.url, max: 1 });
  // A pool has ended when it has said so to the server, which may close the connection before it has read that.
  for (const pool of Object.values(pools)) pool.on('error', () => {});
  const rounds = quick ? { rounds: 3, calls: 20 } : { rounds: 31, calls: 1_000 };
  const times = await timeAsyncInTurns({ bare: () => pools.bare.query(TEXT), ours: () => pools.ours.query(TEXT) }, rounds);
  await Promise.all([pools.bare.end(), pools.ours.end()]);
  await server.end();
  return [
    atMost('`pool.query` of an instrumented pool on a real PostgreSQL, against a bare one', 1.2, {
      value: times.ours / times.bare,
      unit: 'x',
      detail: nanos(times),
    }),
  ];
}

function pair(config: pg.PoolConfig): { readonly bare: pg.Pool; readonly ours: pg.Pool } {
  return { bare: new pg.Pool(config), ours: instrumentPool(new pg.Pool(config), { name: 'main', registry: new MetricsRegistry() }) };
}

/** The PostgreSQL of the tests, for the time of this suite. */
async function startServer(): Promise<{ readonly url: string; readonly end: () => Promise<unknown> }> {
  const program = fileURLToPath(new URL('../../../test/support/postgres/program.mjs', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^ready (.+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    const end = () => {
      child.stdin.end();
      return exited;
    };
    return { url, end };
  }
  throw new Error('PostgreSQL did not start.');
}
