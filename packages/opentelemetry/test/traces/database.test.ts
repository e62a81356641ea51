/** The spans of queries, down from a request through controller, service and repository, on a real PostgreSQL. */
import { fileURLToPath } from 'node:url';
import {
  Configuration,
  Controller,
  CurrentConfiguration,
  CurrentLogger,
  Get,
  Inject,
  Param,
  Provider,
  Repository,
  Service,
} from '@tsukimi/core';
import { MetricsRegistry } from '@tsukimi/metrics';
import { openTelemetry } from '@tsukimi/opentelemetry';
import { type PoolLogger, PostgresPool, postgresPool } from '@tsukimi/postgres';
import knex, { type Knex } from 'knex';
import { expect, onTestFinished, test } from 'vitest';
import { ChildProgram } from '../../../../test/support/child-process.js';
import { OtlpReceiver } from '../../../../test/support/otlp-receiver.js';
import { sharedPostgres } from '../../../../test/support/postgres/shared.js';
import { instrumentedApplication, listen } from '../../../instrumentation/test/support/start.js';
import { fetchUntraced } from '../support/client-of-tests.js';
import { spanOf, treesOf } from '../support/span-trees.js';

@Configuration()
class Databases {
  @Provider()
  pool(
    @Inject(CurrentConfiguration) configuration: Configuration,
    @Inject(CurrentLogger) logger: PoolLogger,
    registry: MetricsRegistry,
  ): PostgresPool {
    return postgresPool({ configuration, logger, registry });
  }
}

@Repository()
class MoonRepository {
  readonly #knex: Knex;

  constructor(private readonly pool: PostgresPool) {
    // With the version, Knex does not ask for it.
    this.#knex = knex({ client: 'pg', connectionPool: pool, version: '18' } as Knex.Config);
  }

  async phase(id: string): Promise<string> {
    const { rows } = await this.pool.query<{ phase: string }>('/* name: phaseOf */ SELECT $1::text AS phase', [id]);
    return rows[0]?.phase ?? '';
  }

  /** A builder of Knex, which asks when its caller awaits it. */
  later(id: string): Knex.QueryBuilder {
    return this.#knex.select(this.#knex.raw('?::text AS phase', [id]));
  }

  async fail(): Promise<void> {
    await this.pool.query('SELECT 1 / 0');
  }
}

@Service()
class MoonService {
  constructor(private readonly moons: MoonRepository) {}

  async phase(id: string): Promise<string> {
    if (id === 'none') await this.moons.fail();
    return await this.moons.phase(id);
  }

  async later(id: string): Promise<string> {
    const query = this.moons.later(id);
    await this.moons.phase('before');
    const [row] = await query;
    return row.phase;
  }
}

@Controller('/moons')
class MoonController {
  constructor(private readonly service: MoonService) {}

  @Get('/:id')
  async moon(@Param('id') id: string): Promise<string> {
    return await this.service.phase(id);
  }

  @Get('/:id/later')
  async later(@Param('id') id: string): Promise<string> {
    return await this.service.later(id);
  }
}

const App = instrumentedApplication([Databases, MoonRepository, MoonService, MoonController], { extensions: [openTelemetry] });
const url = await sharedPostgres();

async function traced(traces: object = {}) {
  const receiver = await OtlpReceiver.open();
  onTestFinished(() => receiver.stop());
  const opentelemetry = { endpoint: receiver.url, metrics: { enabled: false }, traces: { ...traces } };
  const { app, port } = await listen(App, { configuration: { opentelemetry, postgres: { url, max_connections: 2 } } });
  const get = async (path: string) => await (await fetchUntraced(`http://127.0.0.1:${port}${path}`)).text();
  return { app, receiver, get };
}

const spansOfRequests = ({ spans }: OtlpReceiver) => {
  const traces = new Set(spans.filter(({ kind }) => kind === 'server').map(({ traceId }) => traceId));
  return spans.filter(({ traceId }) => traces.has(traceId));
};

test('a request through controller, service and repository to the database', async () => {
  const { app, receiver, get } = await traced();
  expect(await get('/moons/full')).toBe('full');
  await app.close();
  const spans = spansOfRequests(receiver);
  expect(treesOf(spans)).toEqual([
    ['GET /moons/:id', ['MoonController.moon', ['MoonService.phase', ['MoonRepository.phase', 'select phaseOf']]]],
  ]);
  const query = spanOf(spans, 'select phaseOf');
  expect(query).toMatchObject({ kind: 'client', status: 'unset' });
  expect(query.attributes).toEqual({
    'db.system.name': 'postgresql',
    'db.operation.name': 'select',
    'db.query.summary': 'select phaseOf',
    'db.client.connection.pool.name': 'main',
  });
});

test('a query that is built first has its query under it once it is awaited', async () => {
  const { app, receiver, get } = await traced();
  expect(await get('/moons/full/later')).toBe('full');
  await app.close();
  const spans = spansOfRequests(receiver);
  expect(treesOf(spans)).toEqual([
    [
      'GET /moons/:id/later',
      ['MoonController.later', ['MoonService.later', ['MoonRepository.later', 'select'], ['MoonRepository.phase', 'select phaseOf']]],
    ],
  ]);
});

test('queries that wait for a connection belong to the requests that asked for them', async () => {
  const { app, receiver, get } = await traced({ record_queries: true });
  await Promise.all(Array.from({ length: 30 }, (_, id) => get(`/moons/${id}`)));
  await app.close();
  const tree = ['GET /moons/:id', ['MoonController.moon', ['MoonService.phase', ['MoonRepository.phase', 'select phaseOf']]]];
  expect(treesOf(spansOfRequests(receiver))).toEqual(Array.from({ length: 30 }, () => tree));
});

test('a query that fails', async () => {
  const { app, receiver, get } = await traced({ record_queries: true });
  await get('/moons/none');
  await app.close();
  const query = spanOf(spansOfRequests(receiver), 'select');
  expect(query).toMatchObject({ status: 'error' });
  expect(query.attributes).toMatchObject({ 'error.type': '22012', 'db.response.status_code': '22012', 'db.query.text': 'SELECT 1 / 0' });
  expect(query.events).toEqual([
    { name: 'exception', attributes: { 'exception.type': 'DatabaseError', 'exception.message': 'division by zero' } },
  ]);
});

test.each([
  ['auto', ['pg.query']],
  ['on', ['pg.query', 'select phaseOf']],
  ['off', ['pg.query']],
])('beside @opentelemetry/instrumentation-pg, with spans.database %s', async (spans, queries) => {
  await using receiver = await OtlpReceiver.open();
  const path = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));
  const program = new ChildProgram(process.execPath, {
    args: ['--require', path('pg-instrumentation.cjs'), path('query-program.mjs')],
    environment: { RECEIVER: receiver.url, DATABASE: url, SPANS: spans },
  });
  expect([await program.exited, program.output]).toEqual([
    { code: 0, signal: null },
    { stdout: 'phase 7\n', stderr: '' },
  ]);
  // Theirs has the name of the database.
  const names = receiver.spans.map(({ name }) => name.replace(/^pg\.query:.*/, 'pg.query'));
  expect(names.filter((name) => /query|phaseOf/.test(name))).toEqual(queries);
});
